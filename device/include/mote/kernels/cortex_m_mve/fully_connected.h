// SPDX-License-Identifier: Apache-2.0
#pragma once

// Fully connected int8 layer for Cortex-M cores with vectors (MVE: M55, M85).
//
// VMLADAVA adds 16 products to a sum. Four output channels go together, so that each vector of inputs is
// loaded once for four, and their outputs are computed in one vector.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/flash.h"
#include "mote/core/mve.h"
#include "mote/kernels/cortex_m_mve/output.h"
#include "mote/kernels/fully_connected.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// FullyConnectedReference's result; no scratch.
///
/// Packed weights: blocks of four channels, in each the inputs in sixteens, within those the channels.
/// Missing channels and inputs have weight 0.
struct FullyConnectedMve {
  static constexpr const char* kName = "cortex_m_mve";
  static constexpr CodeBytes code_bytes(int32_t /*kind*/) { return {100, 100, 400}; }
  static constexpr bool available(Isa isa) { return isa == Isa::kCortexMMve; }

  /// Exact because sums fit int32 with the zero point folded into the bias; the rest is mve_can_scale().
  static constexpr bool supports(FullyConnectedShape shape, Limits limits) {
    return valid(shape) && detail::mve_can_scale(limits, shape.rounding);
  }
  static constexpr int32_t scratch_bytes(FullyConnectedShape) { return 0; }
  static constexpr int32_t packed_bytes(FullyConnectedShape shape) {
    return (shape.out_features + 3) / 4 * 4 * ((shape.in_features + 15) / 16 * 16);
  }
  static constexpr int32_t input_ahead_bytes(FullyConnectedShape shape) {
    return detail::fully_connected_input_ahead(shape, detail::before_last_block(shape.out_features, 4));
  }
  static constexpr int64_t macs(FullyConnectedShape shape) {
    return FullyConnectedReference<int8_t, int32_t>::macs(shape);
  }

  /// Folds the zero point into the bias and interleaves the weights.
  static void pack(FullyConnectedShape shape, const int8_t* weights, const int32_t* bias,
                   int8_t* packed_weights, int32_t* packed_bias) {
    detail::fold_zero_point(weights_by_channel(shape.out_features, shape.in_features), weights, bias,
                            shape.input_zero_point, packed_bias);
    detail::mve_pack_rows(shape.out_features, shape.in_features, weights, packed_weights);
  }

  MOTE_INLINE static void run(FullyConnectedShape shape, const FullyConnectedTables& tables, const int8_t* in,
                              int8_t* out, void* /*scratch*/) {
    if (shape.activation_min == shape.output_zero_point)
      run_all<false>(shape, tables, in, out);
    else
      run_all<true>(shape, tables, in, out);
  }

 private:
  template <bool kRounded>
  MOTE_SHARED static void run_all(const FullyConnectedShape& shape, const FullyConnectedTables& tables,
                                  const int8_t* in, int8_t* out) {
    const detail::MveOutputs outputs = {shape.output_zero_point, shape.activation_min, shape.activation_max};
    const int32_t channels = shape.out_features;
    for (int32_t row = 0; row < shape.batch; ++row, in += shape.in_features) {
      const int8_t* weights = mve::address(tables.weights);
      for (int32_t ch = 0; ch < channels; ch += 4) {
        const int32_t count = detail::at_most(4, channels - ch);
        mve::Words sums = products(in, shape.in_features, weights);
        sums = mve::add(sums, mve::load_words(mve::address(tables.bias) + ch, count));
        const mve::Words multiplier = shape.per_channel
                                          ? mve::load_words(mve::address(tables.multiplier) + ch, count)
                                          : mve::all_words(tables.multiplier[0]);
        const mve::Words shift = shape.per_channel
                                     ? mve::load_byte_words(mve::address(tables.shift) + ch, count)
                                     : mve::all_words(tables.shift[0]);
        const mve::Words scaled = detail::mve_scaled<kRounded>(sums, multiplier, shift);
        mve::store_byte_words(out, detail::mve_clamped(outputs, scaled), count);
        out += count;
      }
    }
  }

  /// The sums of four channels; `weights` [in, out] moves on.
  MOTE_INLINE static mve::Words products(const int8_t* in, int32_t count, const int8_t*& weights) {
    int32_t sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
    for (int32_t rest = count / 16; rest > 0; --rest, in += 16, weights += 64) {
      const mve::Bytes x = mve::load_bytes(in);
      sum0 = mve::multiply_add(sum0, x, mve::load_bytes(weights));
      sum1 = mve::multiply_add(sum1, x, mve::load_bytes(weights + 16));
      sum2 = mve::multiply_add(sum2, x, mve::load_bytes(weights + 32));
      sum3 = mve::multiply_add(sum3, x, mve::load_bytes(weights + 48));
    }
    if (count % 16 > 0) {
      const mve::Bytes x = mve::load_bytes(in, count % 16);
      sum0 = mve::multiply_add(sum0, x, mve::load_bytes(weights));
      sum1 = mve::multiply_add(sum1, x, mve::load_bytes(weights + 16));
      sum2 = mve::multiply_add(sum2, x, mve::load_bytes(weights + 32));
      sum3 = mve::multiply_add(sum3, x, mve::load_bytes(weights + 48));
      weights += 64;
    }
    return mve::words(sum0, sum1, sum2, sum3);
  }
};

}  // namespace kernels
}  // namespace mote
