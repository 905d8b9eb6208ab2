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
  // No division where all of the window lies inside, which is almost everywhere.
  if (reach > (axis.kernel - 1) * axis.dilation) return TapRange{origin, first, axis.kernel};
  const int32_t fitting = reach <= 0 ? 0 : (reach + axis.dilation - 1) / axis.dilation;
  return TapRange{origin, first, fitting};
}

/// The input positions that an output position of a sliding window needs.
struct WindowReach {
  SpatialAxis axis;

  constexpr bool any(int32_t out) const {
    const TapRange taps = tap_range(axis, out);
    return taps.end > taps.first;
  }
  constexpr int32_t first(int32_t out) const {
    const TapRange taps = tap_range(axis, out);
    return taps.origin + taps.first * axis.dilation;
  }
};

/// The largest of out * out_step - (first input position read for out) * in_step along one axis; `found` says
/// whether anything is read at all.
template <class Reach>
constexpr int64_t largest_lead(Reach reach, int64_t out_step, int64_t in_step, bool& found) {
  int64_t largest = 0;
  found = false;
  for (int32_t out = 0; out < reach.axis.out; ++out) {
    if (!reach.any(out)) continue;
    const int64_t lead = out * out_step - reach.first(out) * in_step;
    if (!found || lead > largest) largest = lead;
    found = true;
  }
  return largest;
}

/// How many elements the input must start behind the output's start, so that the output may overlay it.
///
/// For a kernel that computes outputs in memory order and reads a window's elements only for the outputs of
/// that pixel. `reread`: elements of a pixel's output that are written while its window is still needed (all
/// but the last channel for a convolution that reads the window anew for each, none for one that copies it
/// first, nor for pooling, which reads one channel at a time).
template <class Reach>
constexpr int32_t reach_input_ahead(Reach rows, Reach cols, int32_t batch, int32_t in_channels,
                                    int32_t out_channels, int32_t reread) {
  const int64_t in_row = int64_t{cols.axis.in} * in_channels;
  const int64_t out_row = int64_t{cols.axis.out} * out_channels;
  const int64_t growth = (batch - 1) * (rows.axis.out * out_row - rows.axis.in * in_row);
  bool any_row = false, any_col = false;
  const int64_t ahead = largest_lead(rows, out_row, in_row, any_row) +
                        largest_lead(cols, out_channels, in_channels, any_col) + reread +
                        (growth > 0 ? growth : 0);
  return ahead > 0 && any_row && any_col && batch > 0 && in_channels > 0 && out_channels > 0
             ? static_cast<int32_t>(ahead)
             : 0;
}

/// The same for a sliding window.
constexpr int32_t spatial_input_ahead(SpatialAxis rows, SpatialAxis cols, int32_t batch, int32_t in_channels,
                                      int32_t out_channels, int32_t reread) {
  return reach_input_ahead(WindowReach{rows}, WindowReach{cols}, batch, in_channels, out_channels, reread);
}

}  // namespace kernels
}  // namespace mote
