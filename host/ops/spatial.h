// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "ops/attributes.h"

namespace mote::ops {

/// A window that slides along one axis, rows or columns.
struct SpatialAxis {
  std::int32_t in;
  std::int32_t window;
  std::int32_t stride;
  std::int32_t dilation = 1;
};

/// Where the window goes.
struct SpatialExtent {
  std::int32_t out;         ///< positions; below 1 if the window is larger than a valid input
  std::int32_t pad_before;  ///< zeros before the first element; after the last follow as many or one more
};

/// TFLite's rule. All members are at least 1 and at most 2^30 for `in` and `window`, kMaximumStep for the
/// rest.
SpatialExtent place_window(SpatialAxis axis, Padding padding);

}  // namespace mote::ops
