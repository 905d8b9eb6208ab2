// SPDX-License-Identifier: Apache-2.0
#pragma once

// Geometry that convolution and pooling share: a window that slides along one axis of the input.

#include <stdint.h>

#include "mote/core/config.h"

namespace mote {
namespace kernels {

/// One axis of a sliding window; sizes and steps in input elements, `kernel` in taps.
struct SpatialAxis {
  int32_t in;
  int32_t out;
  int32_t kernel;
  int32_t stride;
  int32_t dilation;
  int32_t pad;  ///< before the first element
};

/// The taps of a window that lie inside the input: first..end-1, none if end <= first.
struct TapRange {
  int32_t origin;  ///< input position of tap 0, which may be outside
  int32_t first;
  int32_t end;
};

/// The taps of output position `out` that lie inside the input.
MOTE_INLINE constexpr TapRange tap_range(SpatialAxis axis, int32_t out) {
  const int32_t origin = out * axis.stride - axis.pad;
  const int32_t first = origin < 0 ? (axis.dilation - 1 - origin) / axis.dilation : 0;
  const int32_t reach = axis.in - origin;
  const int32_t fitting = reach <= 0 ? 0 : (reach + axis.dilation - 1) / axis.dilation;
  return TapRange{origin, first, fitting < axis.kernel ? fitting : axis.kernel};
}

/// The largest of out * out_step - (first input position read for out) * in_step along one axis.
constexpr int64_t largest_lead(SpatialAxis axis, int64_t out_step, int64_t in_step) {
  int64_t largest = 0;
  bool found = false;
  for (int32_t out = 0; out < axis.out; ++out) {
    const TapRange taps = tap_range(axis, out);
    if (taps.end <= taps.first) continue;
    const int64_t lead = out * out_step - (taps.origin + taps.first * axis.dilation) * in_step;
    if (!found || lead > largest) largest = lead;
    found = true;
  }
  return largest;
}

/// How many elements the input must start behind the output's start, so that the output may overlay it.
///
/// For a kernel that computes outputs in memory order and reads a window's elements only for the outputs of
/// that pixel. `reread`: elements of a pixel's output that are written while its window is still needed (all
/// but the last channel for a convolution, none for pooling, which reads one channel at a time).
constexpr int32_t spatial_input_ahead(SpatialAxis rows, SpatialAxis cols, int32_t batch, int32_t in_channels,
                                      int32_t out_channels, int32_t reread) {
  const int64_t in_row = int64_t{cols.in} * in_channels;
  const int64_t out_row = int64_t{cols.out} * out_channels;
  const int64_t growth = (batch - 1) * (rows.out * out_row - rows.in * in_row);
  const int64_t ahead = largest_lead(rows, out_row, in_row) + largest_lead(cols, out_channels, in_channels) +
                        reread + (growth > 0 ? growth : 0);
  return ahead > 0 ? static_cast<int32_t>(ahead) : 0;
}

}  // namespace kernels
}  // namespace mote
