// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

#include "core/error.h"

/// Tables of mote/dsp/real_fft.h and power_spectrum.h. All are made with core/portable_math.h: the same bits
/// on every machine.
namespace mote::features {

enum class WindowShape : std::uint8_t { kHann, kHamming };

/// Where a window of n factors has its period: at n, as the analysis of a stream wants it (TensorFlow's and
/// SciPy's default for spectra), or at n - 1, so that the last factor equals the first.
enum class WindowPeriod : std::uint8_t { kPeriodic, kSymmetric };

/// The factors a - (1 - a) cos(2 pi k / period) with 15 fraction bits, at most 2^15 - 1, two in a word, the
/// earlier one low; a = 0.5 (Hann) or 0.54 (Hamming). Error of a factor: 2^-16, or 2^-15 where it is 1.
/// Errors (kInput): `length` is not an even number of 2 ... 2048.
Result<std::vector<std::uint32_t>> window_factors(WindowShape shape, WindowPeriod period,
                                                  std::int32_t length);

/// The factors of dsp::RealFft in its order (dsp::RealFft::twiddle_words() of them). Error of a part: 2^-16.
/// Errors (kInput): `size` is not a power of two from 16 to 2048.
Result<std::vector<std::uint32_t>> fft_twiddles(std::int32_t size);

/// round(2^12 * sqrt(16 + index)), dsp::ComplexMagnitude::kWords of them.
std::vector<std::uint16_t> square_roots();

}  // namespace mote::features
