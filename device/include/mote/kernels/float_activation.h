// SPDX-License-Identifier: Apache-2.0
#pragma once

// The clamp that float kernels apply to their result; the quantised one is in each int8 shape.

namespace mote {
namespace kernels {

/// Bounds of a float result; none are -infinity and infinity.
struct FloatActivation {
  float activation_min;
  float activation_max;
};

/// The bounds of a layer without activation.
constexpr FloatActivation no_activation() {
  return {-__builtin_inff(), __builtin_inff()};
}

}  // namespace kernels
}  // namespace mote
