// SPDX-License-Identifier: Apache-2.0
#include "features/design/spectrum.h"

#include <fmt/format.h>

#include "core/portable_math.h"
#include "mote/dsp/power_spectrum.h"

namespace mote::features {
namespace {

constexpr double kTwoPi = 6.283185307179586;

/// `value`, -1 ... 1, with 15 fraction bits, as the bits of a halfword.
std::uint32_t q15(double value) {
  const auto rounded = static_cast<std::int32_t>(value * 32768.0 + (value < 0 ? -0.5 : 0.5));
  return static_cast<std::uint16_t>(rounded > 32767 ? 32767 : rounded);
}

/// -e^(-2 pi i index / period) as dsp::RealFft wants it: the imaginary part is that of the positive angle.
std::uint32_t twiddle(std::int32_t index, std::int32_t period) {
  const double angle = kTwoPi * index / period;
  return q15(-portable_cos(angle)) | q15(-portable_sin(angle)) << 16;
}

}  // namespace

Result<std::vector<std::uint32_t>> window_factors(WindowShape shape, WindowPeriod period,
                                                  std::int32_t length) {
  if (length < 2 || length > 2048 || length % 2 != 0)
    return fail(ErrorKind::kInput,
                fmt::format("a window has {} samples, expected an even number from 2 to 2048", length), {},
                "choose a window of an even number of samples at most as long as the transform");
  const double mean = shape == WindowShape::kHann ? 0.5 : 0.54;
  const double samples = period == WindowPeriod::kPeriodic ? length : length - 1;
  std::vector<std::uint32_t> words(static_cast<std::size_t>(length / 2));
  for (std::int32_t index = 0; index < length; ++index) {
    const std::uint32_t factor = q15(mean - (1.0 - mean) * portable_cos(kTwoPi * index / samples));
    words[static_cast<std::size_t>(index / 2)] |= factor << (index % 2 * 16);
  }
  return words;
}

Result<std::vector<std::uint32_t>> fft_twiddles(std::int32_t size) {
  if (!dsp::RealFft{size, {}}.valid())
    return fail(ErrorKind::kInput,
                fmt::format("a transform has size {}, expected a power of two from 16 to 2048", size), {},
                "choose the next larger power of two: a shorter frame is followed by zeros");
  std::vector<std::uint32_t> words;
  for (std::int32_t length = dsp::RealFft::first_radix(size); length < size / 2; length *= 4)
    for (std::int32_t index = 0; index < length; ++index)
      for (std::int32_t power = 1; power <= 3; ++power) words.push_back(twiddle(power * index, 4 * length));
  for (std::int32_t index = 0; index <= size / 4; ++index) words.push_back(twiddle(index, size));
  return words;
}

std::vector<std::uint16_t> square_roots() {
  std::vector<std::uint16_t> roots;
  for (std::int64_t index = 0; index < dsp::ComplexMagnitude::kWords; ++index) {
    const std::int64_t square = (16 + index) << 24;
    std::int64_t root = 0;  // the largest one that is not above the exact root; then to nearest
    while ((root + 1) * (root + 1) <= square) ++root;
    roots.push_back(static_cast<std::uint16_t>(square - root * root > root ? root + 1 : root));
  }
  return roots;
}

}  // namespace mote::features
