// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace mote::features {

/// A grey picture of what changes over time: 0 is the smallest value in it, 255 the largest.
struct Picture {
  std::int32_t width = 0;            ///< steps in time
  std::int32_t height = 0;           ///< columns or frequencies, the first at the bottom
  double low = 0, high = 0;          ///< the values that 0 and 255 stand for
  double seconds = 0;                ///< across the whole width
  std::vector<std::uint8_t> pixels;  ///< [step][height]
};

/// Rows of features, [row][column], as they are before normalisation; each column is scaled by itself if
/// `by_column`, since a mean in g and a count of zero crossings have no common scale.
Picture picture_of_rows(std::span<const std::int16_t> rows, std::int32_t columns, double rows_hz,
                        bool by_column);

/// The power of a signal of one axis over time and frequency in dB: Hann windows of 512 samples, half
/// overlapping, in 64 bands from 0 to half the rate. For people; no model sees it. Empty if the signal is
/// shorter than a window.
Picture spectrogram(std::span<const std::int16_t> counts, double rate_hz);

}  // namespace mote::features
