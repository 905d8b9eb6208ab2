// SPDX-License-Identifier: Apache-2.0
// The WAV reader: whatever it accepts is whole and finite; its samples in 16 bits read the same after they
// were written.
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "recordings/recording.h"
#include "recordings/wav.h"

namespace {

using namespace mote;

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto wav = recordings::parse_wav({data, size}, "fuzz.wav");
  if (!wav.has_value()) return 0;
  require(wav->frames > 0 && wav->channels > 0 && wav->rate_hz > 0);
  require(wav->samples.size() == static_cast<std::size_t>(wav->frames * wav->channels));
  std::vector<std::int16_t> counts;
  for (const double sample : wav->samples) {
    require(std::isfinite(sample));
    counts.push_back(recordings::to_count(sample, 32768));
  }
  const auto again = recordings::parse_wav(recordings::to_wav(counts, wav->channels, wav->rate_hz), "again");
  require(again.has_value() && again->frames == wav->frames && again->channels == wav->channels);
  for (std::size_t index = 0; index < counts.size(); ++index)
    require(recordings::to_count(again->samples[index], 32768) == counts[index]);
  return 0;
}
