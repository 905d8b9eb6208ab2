// SPDX-License-Identifier: Apache-2.0
#include "ops/spatial.h"

#include <algorithm>

namespace mote::ops {

SpatialExtent place_window(SpatialAxis axis, Padding padding) {
  const std::int64_t reach = std::int64_t{axis.window - 1} * axis.dilation + 1;
  if (padding == Padding::kValid) {
    const std::int64_t room = axis.in - reach;
    return {room < 0 ? 0 : static_cast<std::int32_t>(room / axis.stride + 1), 0};
  }
  const std::int64_t out = (std::int64_t{axis.in} + axis.stride - 1) / axis.stride;
  const std::int64_t missing = std::max<std::int64_t>((out - 1) * axis.stride + reach - axis.in, 0);
  return {static_cast<std::int32_t>(out), static_cast<std::int32_t>(missing / 2)};
}

}  // namespace mote::ops
