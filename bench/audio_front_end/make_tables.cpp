// SPDX-License-Identifier: Apache-2.0
// The tables of micro_speech's front end and a second of audio, as C++.
#include <fmt/format.h>

#include <cstdint>
#include <numbers>
#include <span>
#include <string_view>

#include "core/portable_math.h"
#include "features/design/fft16.h"
#include "features/design/mel_amplitude.h"

namespace {

void print(std::string_view name, std::span<const std::int16_t> items) {
  fmt::print("alignas(4) const int16_t {}[] MOTE_FLASH_DATA = {{{}}};\n", name, fmt::join(items, ", "));
}

/// A second at 16 kHz: a tone that climbs from 100 to 7000 Hz, three loud parts and noise under them.
std::vector<std::int16_t> audio() {
  std::vector<std::int16_t> samples;
  std::uint32_t state = 1;
  double phase = 0;
  for (int index = 0; index < 16000; ++index) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    phase += 2 * std::numbers::pi / 16000 * (100 + 6900.0 * index / 16000);
    const double loudness = (index / 2000) % 3 == 1 ? 12000 : 200;
    const double noise = static_cast<double>(static_cast<std::int32_t>(state) >> 16) / 200;
    samples.push_back(static_cast<std::int16_t>(loudness * mote::portable_sin(phase) + noise));
  }
  return samples;
}

}  // namespace

int main() {
  using namespace mote::features;
  const auto bank = mel_bank({});
  const auto gains = pcan_gains({});
  if (!bank || !gains) return 1;
  print("window", hann_window_q12(480));
  print("twiddles", fft16_twiddles(512));
  print("widths", bank->widths);
  print("weights", bank->weights);
  print("unweights", bank->unweights);
  print("gains", gains->gains);
  print("audio", audio());
  fmt::print("constexpr int32_t first_bin = {}, ratio_shift = {};\n", bank->first_bin, gains->ratio_shift);
  const std::uint32_t even = *noise_weight(0.025, 14), odd = *noise_weight(0.06, 14);
  fmt::print("constexpr uint32_t even = {}, odd = {}, kept = {};\n", even, odd, *noise_weight(0.05, 14));
}
