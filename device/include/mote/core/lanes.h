// SPDX-License-Identifier: Apache-2.0
#pragma once

// How wide the portable kernels work. Results, packed weights and memory do not depend on it.

#include <stdint.h>

/// Before a loop over a constant number of lanes: GCC is to vectorise it as it stands. Unrolled first, as -O3
/// would have it, it falls apart into scalars.
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 8
#define MOTE_LANES _Pragma("GCC unroll 1")
#else
#define MOTE_LANES
#endif

namespace mote {

/// Neighbouring values that a portable kernel computes at once: two vector registers of int16 where there are
/// such, else as many sums as a small core has registers for.
#if defined(__SSE2__) || defined(__ARM_NEON) || defined(__riscv_vector)
constexpr int32_t kLanes = 16;
#else
constexpr int32_t kLanes = 4;
#endif

/// Whether those are vectors, for which a little more code is worth it.
constexpr bool kLanesAreVectors = kLanes > 4;

}  // namespace mote
