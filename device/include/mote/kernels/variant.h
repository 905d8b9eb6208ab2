// SPDX-License-Identifier: Apache-2.0
#pragma once

// What every kernel variant has in common. A variant is one type with these static members; the compiler, the
// planner, the packer, the executor, the tests and the support table ask only the type:
//
// - kName: the variant's name
// - available(isa): whether it is meant for that instruction set
// - supports(shape, limits): whether it equals the reference for every input, given the limits of its tables
// - scratch_bytes: working memory that run() needs, aligned to 4 bytes
// - packed_bytes, pack: size of the packed weights, and how the host packs them (operators with weights)
// - input_ahead_bytes: the output may overlay the input if the input starts at least this far behind the
//   output's start; kInPlace if it may only start where the input does, kDisjoint if the two may never
//   overlap
// - macs: multiply-accumulates of one run, those with padding included
// - run: the kernel
// - kAlignmentBytes, optional: what activations must be aligned to if their type wants less; 4 where absent
// - instance_kind(shape), optional: a number; only layers of one kind share an instance for shapes that
// differ
// - code_bytes(kind), optional: how large the code is, for the choice of what layers share
// - kForSize, optional: true if it is for images that are to be small, and for no others

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/flash.h"

namespace mote {
namespace kernels {

/// The instruction sets that variants are made for.
enum class Isa : uint8_t { kPortable, kCortexM0, kCortexM3, kCortexMDsp, kCortexMMve, kRiscv32, kAvr };

/// input_ahead_bytes of a variant whose output may not overlap its input at all.
constexpr int32_t kDisjoint = -1;

/// input_ahead_bytes of a variant whose output may start where its input starts, but not overlap it in any
/// other way.
constexpr int32_t kInPlace = -2;

/// Code of a kernel on a Cortex-M4 at -O2, about.
struct CodeBytes {
  int32_t folded;  ///< with the shape as a constant
  int32_t shared;  ///< with the shape as an argument
  int32_t common;  ///< in either case, once: what is MOTE_SHARED
};

/// What the compiler found about a layer's tables; a variant's supports() draws its exactness argument from
/// it.
struct Limits {
  int64_t max_abs_accumulator;  ///< bound on |bias| + sum |weight * input| with the zero point folded into
                                ///< the bias
  int32_t min_shift;            ///< smallest of the requantisation shifts
  int32_t max_shift;            ///< largest of the requantisation shifts
  int32_t min_weight;           ///< smallest weight
};

/// Where the weights of an output channel lie in the model's order.
struct WeightLayout {
  int32_t channels;
  int32_t inputs;          ///< weights of a channel
  int32_t channel_stride;  ///< from one channel's weight to the next channel's
  int32_t input_stride;    ///< from one weight of a channel to its next
};

/// [channels][inputs], as fully connected and convolution have them.
constexpr WeightLayout weights_by_channel(int32_t channels, int32_t inputs) {
  return {channels, inputs, inputs, 1};
}

/// [inputs][channels], as depthwise convolution has them.
constexpr WeightLayout weights_by_input(int32_t channels, int32_t inputs) {
  return {channels, inputs, 1, channels};
}

/// The limits of a layer with inputs of type T.
///
/// `bias` [in] [channels] or null; `shift` [in] [shifts], where `shifts` is `channels` or 1. The bound is
/// |bias - zero point * sum w| + 2^7 (int8) or 2^15 (int16) * sum |w|, the largest over channels. It holds
/// for windows that lie in part outside the input too, because a tap outside counts as the zero point.
template <class T = int8_t, class Bias = int32_t>
Limits weight_limits(WeightLayout layout, const int8_t* weights, const Bias* bias, int32_t input_zero_point,
                     const int8_t* shift, int32_t shifts) {
  constexpr int64_t kLargestInput = int64_t{1} << (8 * sizeof(T) - 1);
  Limits limits = {0, 31, -31, 127};
  for (int32_t ch = 0; ch < layout.channels; ++ch) {
    int64_t sum = 0;
    int64_t magnitude = 0;
    for (int32_t input = 0; input < layout.inputs; ++input) {
      const int32_t weight = weights[ch * layout.channel_stride + input * layout.input_stride];
      sum += weight;
      magnitude += weight < 0 ? -weight : weight;
      if (weight < limits.min_weight) limits.min_weight = weight;
    }
    // A bias at the ends of int64 would overflow here; far smaller ones exceed every limit already.
    constexpr int64_t kLargest = int64_t{1} << 61;
    int64_t folded = bias != nullptr ? static_cast<int64_t>(bias[ch]) : 0;
    folded = (folded < -kLargest  ? -kLargest
              : folded > kLargest ? kLargest
                                  : folded) -
             input_zero_point * sum;
    const int64_t bound = (folded < 0 ? -folded : folded) + kLargestInput * magnitude;
    if (bound > limits.max_abs_accumulator) limits.max_abs_accumulator = bound;
  }
  for (int32_t index = 0; index < shifts; ++index) {
    if (shift[index] < limits.min_shift) limits.min_shift = shift[index];
    if (shift[index] > limits.max_shift) limits.max_shift = shift[index];
  }
  return limits;
}

/// weight_limits() of int8 inputs and weights [channels][inputs].
inline Limits weight_limits(int32_t channels, int32_t inputs, const int8_t* weights, const int32_t* bias,
                            int32_t input_zero_point, const int8_t* shift, int32_t shifts) {
  return weight_limits(weights_by_channel(channels, inputs), weights, bias, input_zero_point, shift, shifts);
}

namespace detail {

/// `packed_bias` [out] [channels]: the biases (null: zeros) minus the zero point times the sum of the
/// channel's weights. They fit where max_abs_accumulator fits int32.
inline void fold_zero_point(WeightLayout layout, const int8_t* weights, const int32_t* bias,
                            int32_t input_zero_point, int32_t* packed_bias) {
  for (int32_t ch = 0; ch < layout.channels; ++ch) {
    int64_t folded = bias != nullptr ? bias[ch] : 0;
    for (int32_t input = 0; input < layout.inputs; ++input)
      folded -= int64_t{input_zero_point} * weights[ch * layout.channel_stride + input * layout.input_stride];
    packed_bias[ch] = static_cast<int32_t>(folded);
  }
}

}  // namespace detail

/// Whether every accumulator, and its value shifted left, fits int32: TFLite's own arithmetic is defined only
/// there.
constexpr bool accumulators_fit_int32(Limits limits) {
  return limits.min_shift >= -31 && limits.max_shift <= 30 &&
         limits.max_abs_accumulator < (int64_t{1} << (limits.max_shift > 0 ? 31 - limits.max_shift : 31));
}

/// Whether TFLite's arithmetic is defined for sums of this type: int32_t as above; int64_t, the sums of int16
/// products, as requantize_wide() says.
template <class Sum>
constexpr bool accumulators_fit(Limits limits) {
  return sizeof(Sum) == sizeof(int32_t) ? accumulators_fit_int32(limits)
                                        : limits.min_shift >= -31 && limits.max_shift <= 7 &&
                                              limits.max_abs_accumulator < (int64_t{1} << 47);
}

/// The variants of one operator, best first; each operator has one such list, kernels/<operator>_variants.h.
template <class... Variants>
struct VariantList {
  static constexpr int32_t kCount = static_cast<int32_t>(sizeof...(Variants));

  /// Calls `visit(Variant{})` for each variant, best first.
  template <class Visitor>
  static void for_each(Visitor&& visit) {
    const int order[] = {0, (static_cast<void>(visit(Variants{})), 0)...};
    static_cast<void>(order);
  }

  /// Calls `visit(Variant{})` for the best variant meant for `isa` that supports the shape.
  ///
  /// Returns whether there is one; the reference supports whatever TFLite's own arithmetic is defined for.
  template <class Shape, class Visitor>
  static bool select(Isa isa, const Shape& shape, const Limits& limits, Visitor&& visit) {
    bool found = false;
    for_each([&](auto variant) {
      using Variant = decltype(variant);
      if (found || !Variant::available(isa) || !Variant::supports(shape, limits)) return;
      found = true;
      visit(variant);
    });
    return found;
  }
};

}  // namespace kernels
}  // namespace mote
