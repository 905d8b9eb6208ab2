// SPDX-License-Identifier: Apache-2.0
// Writes cases.h of dsp_main.cpp: tables, and what the blocks make of them on the host.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <random>
#include <vector>

#include "dsp_checks.h"

namespace {

using Items = std::vector<std::int16_t>;

Items twiddles_of(std::int32_t length) {
  Items items;
  for (std::int32_t k = 0; k < mote::dsp::fft16_twiddles(length); ++k) {
    const double phase = -2 * std::numbers::pi * k / length;
    items.push_back(static_cast<std::int16_t>(std::floor(0.5 + 32767 * std::cos(phase))));
    items.push_back(static_cast<std::int16_t>(std::floor(0.5 + 32767 * std::sin(phase))));
  }
  return items;
}

void print(const char* name, const Items& items) {
  std::printf("alignas(4) static const int16_t %s[] MOTE_FLASH_DATA = {", name);
  for (const std::int16_t item : items) std::printf("%d, ", item);
  std::printf("};\n");
}

}  // namespace

int main() {
  using namespace dsp_checks;
  std::mt19937 random(1);
  const auto uniform = [&](int least, int most) {
    return static_cast<std::int16_t>(least +
                                     static_cast<int>(random() % static_cast<unsigned>(most - least + 1)));
  };
  Items window, widths, weights, unweights, gains;
  for (std::int32_t n = 0; n < kSamples; ++n)
    window.push_back(n == kSamples / 2 ? std::int16_t{4096} : uniform(0, 4096));
  for (std::int32_t slope = 0; slope <= kChannels; ++slope) {
    widths.push_back(slope == 3 ? std::int16_t{0} : uniform(1, 3));
    for (std::int16_t bin = 0; bin < widths.back(); ++bin) {
      weights.push_back(uniform(0, 4096));
      unweights.push_back(uniform(0, 4096));
    }
  }
  for (std::int32_t index = 0; index < mote::dsp::kPcanGains; ++index)
    gains.push_back(uniform(index % 4 == 2 ? 1000 : -500, index % 4 == 2 ? 20000 : 500));
  const Items twiddles = twiddles_of(kFft), short_twiddles = twiddles_of(kShortFft);
  std::printf("#include \"mote/core/flash.h\"\n");
  print("window", window);
  print("twiddles", twiddles);
  print("short_twiddles", short_twiddles);
  print("widths", widths);
  print("weights", weights);
  print("unweights", unweights);
  print("gains", gains);
  const Tables tables = {window.data(),  twiddles.data(),  short_twiddles.data(), widths.data(),
                         weights.data(), unweights.data(), gains.data()};
  std::printf("static const uint32_t expected[] = {");
  for (const Check& check : kChecks) std::printf("%uu, ", static_cast<unsigned>(check.run(tables)));
  std::printf("};\n");
}
