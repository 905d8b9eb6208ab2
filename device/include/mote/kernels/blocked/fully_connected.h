// SPDX-License-Identifier: Apache-2.0
#pragma once

// Fully connected int8 layer for cores that multiply one pair at a time but have registers for eight sums
// (Cortex-M3, RISC-V).
//
// Eight output channels go together, so that each input is loaded once for all of them, and the weights lie
// in the order in which they are used. What is left goes in fours, then one by one.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/flash.h"
#include "mote/kernels/blocked/output.h"
#include "mote/kernels/fully_connected.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// FullyConnectedReference's result; no scratch.
///
/// Packed weights: blocks of eight channels, of what is left one of four and then of one; in each the
/// channels of the first input, of the second, and so on.
struct FullyConnectedBlocked {
  using Reference = FullyConnectedReference<int8_t, int32_t>;
  static constexpr const char* kName = "blocked";
  static constexpr CodeBytes code_bytes(int32_t /*kind*/) { return {500, 600, 700}; }
  static constexpr bool available(Isa isa) { return isa == Isa::kCortexM3 || isa == Isa::kRiscv32; }

  /// Exact because sums and twice the sums fit int32; the rest is shifted_output()'s argument.
  static constexpr bool supports(FullyConnectedShape shape, Limits limits) {
    return Reference::supports(shape, limits) && shape.rounding == Rounding::kDouble &&
           limits.max_abs_accumulator < (int64_t{1} << 30) && limits.max_shift <= -1 &&
           limits.min_shift >= -22;
  }
  static constexpr int32_t scratch_bytes(FullyConnectedShape) { return 0; }
  static constexpr int32_t packed_bytes(FullyConnectedShape shape) { return Reference::packed_bytes(shape); }
  static constexpr int32_t input_ahead_bytes(FullyConnectedShape shape) {
    return detail::fully_connected_input_ahead(shape, last_block(shape.out_features));
  }
  static constexpr int64_t macs(FullyConnectedShape shape) { return Reference::macs(shape); }

  /// Folds the zero point into the bias and interleaves the channels of a block.
  static void pack(FullyConnectedShape shape, const int8_t* weights, const int32_t* bias,
                   int8_t* packed_weights, int32_t* packed_bias) {
    FullyConnectedPlain<int8_t, int32_t>::pack(shape, weights, bias, packed_weights, packed_bias);
    for (int32_t first = 0, count = 0; first < shape.out_features; first += count) {
      count = block_channels(shape.out_features - first);
      for (int32_t k = 0; k < shape.in_features; ++k)
        for (int32_t ch = first; ch < first + count; ++ch)
          *packed_weights++ = weights[ch * shape.in_features + k];
    }
  }

  MOTE_INLINE static void run(FullyConnectedShape shape, const FullyConnectedTables& tables, const int8_t* in,
                              int8_t* out, void* /*scratch*/) {
    for (int32_t row = 0; row < shape.batch; ++row) {
      Flash<int8_t> weights = tables.weights;
      int32_t ch = 0;
      for (; ch < shape.out_features - 7; ch += 8) run_block<8>(shape, tables, weights, ch, in, out);
      for (; ch < shape.out_features - 3; ch += 4) run_block<4>(shape, tables, weights, ch, in, out);
      for (; ch < shape.out_features; ++ch) run_block<1>(shape, tables, weights, ch, in, out);
      in += shape.in_features;
      out += shape.out_features;
    }
  }

 private:
  /// The channels of a block when so many are left.
  static constexpr int32_t block_channels(int32_t rest) { return rest >= 8 ? 8 : rest >= 4 ? 4 : 1; }
  /// Where the last block begins.
  static constexpr int32_t last_block(int32_t channels) {
    return channels <= 0       ? 0
           : channels % 4 != 0 ? channels - 1
           : channels % 8 != 0 ? channels - 4
                               : channels - 8;
  }

  /// Outputs ch..ch + kCount - 1; `weights` [in, out] moves on to the next block.
  template <int32_t kCount>
  MOTE_INLINE static void run_block(const FullyConnectedShape& shape, const FullyConnectedTables& tables,
                                    Flash<int8_t>& weights, int32_t ch, const int8_t* in, int8_t* out) {
    int32_t sums[kCount];
    multiply<kCount>(in, shape.in_features, weights, tables.bias + ch, sums);
    weights = weights + kCount * shape.in_features;
    for (int32_t lane = 0; lane < kCount; ++lane)
      out[ch + lane] = clamped(
          shape, detail::shifted_output(
                     detail::shifted_factor(
                         detail::factor_of(shape.per_channel, tables.multiplier, tables.shift, ch + lane),
                         shape.output_zero_point),
                     sums[lane]));
  }

  MOTE_INLINE static int8_t clamped(const FullyConnectedShape& shape, int8_t value) {
    if (shape.activation_min == -128 && shape.activation_max == 127) return value;
    return static_cast<int8_t>(clamp(int32_t{value}, shape.activation_min, shape.activation_max));
  }

  /// The sums of a block. Not an array: GCC would keep that in memory.
  struct Sums {
    int32_t c0, c1, c2, c3, c4, c5, c6, c7;
  };

  /// `sums` [out]: the products of all inputs with kCount channels, plus their biases.
  template <int32_t kCount>
  MOTE_SHARED static void multiply(const int8_t* in, int32_t count, Flash<int8_t> weights,
                                   Flash<int32_t> bias, int32_t* sums) {
    Sums s = {bias[0], 0, 0, 0, 0, 0, 0, 0};
    if (kCount > 1) s = {bias[0], bias[1], bias[2], bias[3], 0, 0, 0, 0};
    if (kCount > 4) s = {bias[0], bias[1], bias[2], bias[3], bias[4], bias[5], bias[6], bias[7]};
    const int8_t* const end = in + count;
    for (int32_t rest = count & 3; rest > 0; --rest) add_input<kCount>(in, weights, s);
    while (in != end) {
#if defined(__riscv_mul) && __riscv_xlen == 32 && !defined(__riscv_32e) && defined(__OPTIMIZE__)
      if (kCount == 8) {
        add_inputs_riscv(in, weights.data(), s);
        in += 4;
        weights = weights + 32;
        continue;
      }
#endif
      add_input<kCount>(in, weights, s);
      add_input<kCount>(in, weights, s);
      add_input<kCount>(in, weights, s);
      add_input<kCount>(in, weights, s);
    }
    sums[0] = s.c0;
    if (kCount > 1) {
      sums[1 % kCount] = s.c1;
      sums[2 % kCount] = s.c2;
      sums[3 % kCount] = s.c3;
    }
    if (kCount > 4) {
      sums[4 % kCount] = s.c4;
      sums[5 % kCount] = s.c5;
      sums[6 % kCount] = s.c6;
      sums[7 % kCount] = s.c7;
    }
  }

#if defined(__riscv_mul) && __riscv_xlen == 32 && !defined(__riscv_32e) && defined(__OPTIMIZE__)
  /// Four inputs of eight channels. In one piece, for the same reason as below.
  MOTE_INLINE static void add_inputs_riscv(const int8_t* in, const int8_t* weights, Sums& sums) {
    int32_t x, w;
#define MOTE_FULLY_CONNECTED_CHANNEL(sum, offset) \
  "lb %[w], " offset                              \
  "(%[weights])\n\t"                              \
  "mul %[w], %[w], %[x]\n\t"                      \
  "add %[" sum "], %[" sum "], %[w]\n\t"
#define MOTE_FULLY_CONNECTED_INPUT(input, offset)                                                         \
  "lb %[x], " input "(%[in])\n\t" MOTE_FULLY_CONNECTED_CHANNEL("c0", "0+" offset)                         \
      MOTE_FULLY_CONNECTED_CHANNEL("c1", "1+" offset) MOTE_FULLY_CONNECTED_CHANNEL("c2", "2+" offset)     \
          MOTE_FULLY_CONNECTED_CHANNEL("c3", "3+" offset) MOTE_FULLY_CONNECTED_CHANNEL("c4", "4+" offset) \
              MOTE_FULLY_CONNECTED_CHANNEL("c5", "5+" offset)                                             \
                  MOTE_FULLY_CONNECTED_CHANNEL("c6", "6+" offset)                                         \
                      MOTE_FULLY_CONNECTED_CHANNEL("c7", "7+" offset)
    asm(MOTE_FULLY_CONNECTED_INPUT("0", "0") MOTE_FULLY_CONNECTED_INPUT("1", "8")
            MOTE_FULLY_CONNECTED_INPUT("2", "16") MOTE_FULLY_CONNECTED_INPUT("3", "24")
        : [c0] "+r"(sums.c0), [c1] "+r"(sums.c1), [c2] "+r"(sums.c2), [c3] "+r"(sums.c3), [c4] "+r"(sums.c4),
          [c5] "+r"(sums.c5), [c6] "+r"(sums.c6), [c7] "+r"(sums.c7), [x] "=&r"(x), [w] "=&r"(w)
        : [in] "r"(in), [weights] "r"(weights)
        : "memory");
#undef MOTE_FULLY_CONNECTED_INPUT
#undef MOTE_FULLY_CONNECTED_CHANNEL
  }
#endif

  /// One input; `in`, `weights` [in, out] move on.
  template <int32_t kCount>
  MOTE_INLINE static void add_input(const int8_t*& in, Flash<int8_t>& weights, Sums& sums) {
#if defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB >= 2 && defined(__OPTIMIZE__)
    if (kCount == 8) {
      // In one piece: GCC, left alone, goes sum by sum through several inputs and keeps some on the stack.
      const int8_t* address = weights.data();
      int32_t x, w;
#define MOTE_FULLY_CONNECTED_CHANNEL(sum) \
  "ldrsb.w %[w], [%[address]], #1\n\t"    \
  "mla %[" sum "], %[x], %[w], %[" sum "]\n\t"
      asm("ldrsb.w %[x], [%[in]], #1\n\t"  //
          MOTE_FULLY_CONNECTED_CHANNEL("c0") MOTE_FULLY_CONNECTED_CHANNEL("c1")
              MOTE_FULLY_CONNECTED_CHANNEL("c2") MOTE_FULLY_CONNECTED_CHANNEL("c3")
                  MOTE_FULLY_CONNECTED_CHANNEL("c4") MOTE_FULLY_CONNECTED_CHANNEL("c5")
                      MOTE_FULLY_CONNECTED_CHANNEL("c6") MOTE_FULLY_CONNECTED_CHANNEL("c7")
          : [c0] "+r"(sums.c0), [c1] "+r"(sums.c1), [c2] "+r"(sums.c2), [c3] "+r"(sums.c3),
            [c4] "+r"(sums.c4), [c5] "+r"(sums.c5), [c6] "+r"(sums.c6), [c7] "+r"(sums.c7), [in] "+r"(in),
            [address] "+r"(address), [x] "=&r"(x), [w] "=&r"(w)
          :
          : "memory");
#undef MOTE_FULLY_CONNECTED_CHANNEL
      weights = Flash<int8_t>(address);
      return;
    }
#endif
    const int32_t x = *in++;
    sums.c0 += x * weights[0];
    if (kCount > 1) {
      sums.c1 += x * weights[1 % kCount];
      sums.c2 += x * weights[2 % kCount];
      sums.c3 += x * weights[3 % kCount];
    }
    if (kCount > 4) {
      sums.c4 += x * weights[4 % kCount];
      sums.c5 += x * weights[5 % kCount];
      sums.c6 += x * weights[6 % kCount];
      sums.c7 += x * weights[7 % kCount];
    }
    weights = weights + kCount;
  }
};

}  // namespace kernels
}  // namespace mote
