// SPDX-License-Identifier: Apache-2.0
#pragma once

// Depthwise convolution of int8 along one axis, mostly time, for Cortex-M cores with the DSP extension (M4,
// M7, M33, ...).
//
// Four channels at a time are spread into planes of int16 in scratch memory, padding included; SMLAD then
// multiplies two neighbouring samples at once. What the planes hold is no longer needed in the input: outputs
// go where their inputs were.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/core/flash.h"
#include "mote/core/simd32.h"
#include "mote/kernels/conv_2d_shape.h"
#include "mote/kernels/depthwise_conv_2d.h"
#include "mote/kernels/variant.h"
#include "mote/kernels/weights.h"

namespace mote {
namespace kernels {

/// DepthwiseConv2dReference's result where input, kernel and output are one column or one row, with one
/// output a channel.
///
/// Packed weights: channel by channel, in fours {w0, w2, w1, w3}; missing ones are 0.
struct DepthwiseConv1dDsp {
  static constexpr const char* kName = "cortex_m_dsp_1d";
  static constexpr CodeBytes code_bytes(int32_t /*kind*/) { return {90, 110, 1850}; }
  static constexpr bool available(Isa isa) { return isa == Isa::kCortexMDsp || isa == Isa::kCortexMMve; }

  /// Exact for the reasons of DepthwiseConv2dPlanes. Planes longer than kMostScratch are left to others.
  static constexpr bool supports(Conv2dShape shape, Limits limits) {
    return detail::valid_depthwise<int8_t>(shape) && shape.out_channels == shape.in_channels &&
           (is_column(shape) || is_row(shape)) && dilation(shape) == 1 &&
           int64_t{plane(shape)} * kPlanes * 2 <= kMostScratch && shape.rounding == Rounding::kDouble &&
           limits.max_abs_accumulator < (int64_t{1} << 30) && limits.max_shift <= -1 &&
           limits.min_shift >= -22;
  }
  static constexpr int32_t scratch_bytes(Conv2dShape shape) {
    return kPlanes * plane(shape) * static_cast<int32_t>(sizeof(int16_t));
  }
  static constexpr int32_t packed_bytes(Conv2dShape shape) { return shape.out_channels * quads(shape) * 4; }
  static constexpr int32_t input_ahead_bytes(Conv2dShape shape) { return detail::depthwise_in_place(shape); }
  static constexpr int64_t macs(Conv2dShape shape) { return detail::conv_2d_macs(shape); }

  /// Folds the zero point into the bias and gathers the weights of a channel.
  static void pack(Conv2dShape shape, const int8_t* weights, const int32_t* bias, int8_t* packed_weights,
                   int32_t* packed_bias) {
    const int32_t channels = shape.out_channels, taps = kernel(shape);
    detail::fold_zero_point(weights_by_input(channels, taps), weights, bias, shape.input_zero_point,
                            packed_bias);
    for (int32_t ch = 0; ch < channels; ++ch) {
      for (int32_t first = 0; first < taps; first += 4)
        for (int32_t slot = 0; slot < 4; ++slot) {
          const int32_t tap = first + (slot & 1) * 2 + (slot >> 1);  // slots hold taps 0, 2, 1, 3
          *packed_weights++ = tap < taps ? weights[tap * channels + ch] : int8_t{0};
        }
    }
  }

  MOTE_INLINE static void run(Conv2dShape shape, const WeightTables<int32_t>& tables, const int8_t* in,
                              int8_t* out, void* scratch) {
    const Sizes sizes = {shape.batch,
                         shape.out_channels,
                         shape.in_height * shape.in_width,
                         shape.out_height * shape.out_width,
                         stride(shape),
                         shape.pad_top + shape.pad_left,
                         quads(shape),
                         plane(shape),
                         shape.input_zero_point,
                         shape.output_zero_point,
                         shape.activation_min,
                         shape.activation_max};
    run_all(sizes, tables, in, out, static_cast<int16_t*>(scratch));
  }

 private:
  static constexpr int32_t kPlanes = 4;
  static constexpr int32_t kOutputs = 4;  ///< at a time
  static constexpr int32_t kMostScratch = 2048;

  static constexpr bool is_column(const Conv2dShape& shape) {
    return shape.in_width == 1 && shape.out_width == 1 && shape.kernel_width == 1 && shape.pad_left == 0;
  }
  static constexpr bool is_row(const Conv2dShape& shape) {
    return shape.in_height == 1 && shape.out_height == 1 && shape.kernel_height == 1 && shape.pad_top == 0;
  }
  MOTE_INLINE static constexpr int32_t stride(const Conv2dShape& shape) {
    return is_column(shape) ? shape.stride_height : shape.stride_width;
  }
  static constexpr int32_t dilation(const Conv2dShape& shape) {
    return is_column(shape) ? shape.dilation_height : shape.dilation_width;
  }
  MOTE_INLINE static constexpr int32_t kernel(const Conv2dShape& shape) {
    return shape.kernel_height * shape.kernel_width;
  }
  /// Fours of weights of a channel.
  MOTE_INLINE static constexpr int32_t quads(const Conv2dShape& shape) { return (kernel(shape) + 3) / 4; }

  /// Samples of a channel with padding, as many as are read.
  MOTE_INLINE static constexpr int32_t plane(const Conv2dShape& shape) {
    return (shape.out_height * shape.out_width + kOutputs - 1) / kOutputs * kOutputs * stride(shape) +
           4 * quads(shape);
  }

  /// What the code for all shapes needs to know of one.
  struct Sizes {
    int32_t batch, channels, in_length, out_length;
    int32_t stride, pad, quads;
    int32_t plane;  ///< samples
    int32_t input_zero_point, output_zero_point, activation_min, activation_max;
  };

  /// What a channel's outputs have in common.
  struct Channel {
    uint32_t bias;
    int32_t multiplier;
    int32_t rounding;  ///< half of 2^exponent, and the zero point times 2^exponent
    int32_t exponent;
  };

  MOTE_SHARED static void run_all(const Sizes& sizes, const WeightTables<int32_t>& tables, const int8_t* in,
                                  int8_t* out, int16_t* planes) {
    for (int32_t batch = 0; batch < sizes.batch; ++batch) {
      Flash<int8_t> weights = tables.weights;
      for (int32_t first = 0; first < sizes.channels; first += kPlanes) {
        const int32_t count = detail::at_most(kPlanes, sizes.channels - first);
        fill_planes(sizes, in + first, count, planes);
        for (int32_t ch = 0; ch < count; ++ch) {
          const Channel constants = channel(sizes.output_zero_point, tables, first + ch);
          run_channel(sizes, constants, weights, planes + ch * sizes.plane, out + first + ch);
          weights = weights + 4 * sizes.quads;
        }
      }
      in += sizes.in_length * sizes.channels;
      out += sizes.out_length * sizes.channels;
    }
    if (sizes.activation_min == -128 && sizes.activation_max == 127) return;
    for (int32_t rest = sizes.batch * sizes.out_length * sizes.channels; rest > 0; --rest) {
      --out;
      *out = static_cast<int8_t>(clamp(int32_t{*out}, sizes.activation_min, sizes.activation_max));
    }
  }
  MOTE_INLINE static Channel channel(int32_t zero_point, const WeightTables<int32_t>& tables, int32_t ch) {
    const int32_t exponent = -tables.shift[ch];
    return {static_cast<uint32_t>(tables.bias[ch]), tables.multiplier[ch],
            wrapping_shift_left(2 * zero_point + 1, exponent - 1), exponent};
  }

  /// `count` channels, four at most, with padding in front and behind.
  MOTE_INLINE static void fill_planes(const Sizes& sizes, const int8_t* in, int32_t count, int16_t* to) {
    const int32_t plane = sizes.plane, step = sizes.channels;
    const uint32_t padding = (static_cast<uint32_t>(sizes.input_zero_point) & 0xFFu) * 0x01010101u;
    const int32_t behind = plane - sizes.pad - sizes.in_length;
    // A sample of fewer channels is read as four, into the next ones, as long as there are some. Samples
    // behind the last one that is read are left out.
    const int32_t samples = behind >= 0 ? sizes.in_length : sizes.in_length + behind;
    const int32_t few = count < kPlanes ? (kPlanes - count + step - 1) / step : 0;
    for (int32_t rest = sizes.pad; rest > 0; --rest, ++to) spread(padding, to, plane);
    int32_t rest = samples;
    for (; rest - few > 1; rest -= 2, in += 2 * step, to += 2)
      spread(simd32::load_word(in), simd32::load_word(in + step), to, plane);
    for (; rest > 0; --rest, in += step, ++to)
      spread(rest > few ? simd32::load_word(in) : simd32::load_bytes(in, count), to, plane);
    for (rest = behind; rest > 0; --rest, ++to) spread(padding, to, plane);
  }
  /// One sample of four channels into their planes.
  MOTE_INLINE static void spread(uint32_t word, int16_t* to, int32_t plane) {
    to[0] = static_cast<int8_t>(word);
    to[plane] = static_cast<int8_t>(word >> 8);
    to[2 * plane] = static_cast<int8_t>(word >> 16);
    to[3 * plane] = static_cast<int8_t>(word >> 24);
  }
  /// Two neighbouring ones.
  MOTE_INLINE static void spread(uint32_t first, uint32_t second, int16_t* to, int32_t plane) {
    const uint32_t first_02 = simd32::sxtb16(first), first_13 = simd32::sxtb16_ror8(first);
    const uint32_t second_02 = simd32::sxtb16(second), second_13 = simd32::sxtb16_ror8(second);
    store_pair(to, simd32::pkhbt(first_02, second_02));
    store_pair(to + plane, simd32::pkhbt(first_13, second_13));
    store_pair(to + 2 * plane, simd32::pkhtb(first_02, second_02));
    store_pair(to + 3 * plane, simd32::pkhtb(first_13, second_13));
  }

  /// All outputs of a channel, four at a time; the last four may be computed together with some before them,
  /// again.
  MOTE_INLINE static void run_channel(const Sizes& sizes, const Channel& channel, Flash<int8_t> weights,
                                      const int16_t* x, int8_t* out) {
    if (sizes.out_length < kOutputs) {
      for (int32_t rest = sizes.out_length; rest > 0; --rest, x += sizes.stride, out += sizes.channels)
        *out = output(channel, sum(sizes.quads, channel, weights, x));
      return;
    }
    const int32_t fours = sizes.out_length / kOutputs, rest = sizes.out_length % kOutputs;
    run_fours(sizes, channel, fours, weights, x, out);
    if (rest == 0) return;
    const int32_t first = sizes.out_length - kOutputs;
    run_fours(sizes, channel, 1, weights, x + first * sizes.stride, out + first * sizes.channels);
  }
  MOTE_INLINE static uint32_t sum(int32_t quads, const Channel& channel, Flash<int8_t> weights,
                                  const int16_t* x) {
    uint32_t sum = channel.bias;
    for (; quads > 0; --quads, x += 4, weights = weights + 4) {
      const uint32_t bytes = simd32::load_word(weights);
      sum = simd32::smlad(pair(x), simd32::sxtb16(bytes), sum);
      sum = simd32::smlad(pair(x + 2), simd32::sxtb16_ror8(bytes), sum);
    }
    return sum;
  }

  /// Four times `fours` outputs.
  MOTE_INLINE static void run_fours(const Sizes& sizes, const Channel& channel, int32_t fours,
                                    Flash<int8_t> weights, const int16_t* x, int8_t* out) {
    const int32_t stride = sizes.stride, step = sizes.channels;
    for (; fours > 0; --fours, x += kOutputs * stride, out += kOutputs * step) {
      uint32_t s0 = channel.bias, s1 = s0, s2 = s0, s3 = s0;
      if (stride == 1)
        add_neighbours(sizes.quads, weights, x, s0, s1, s2, s3);
      else
        add_apart(sizes.quads, stride, weights, x, s0, s1, s2, s3);
      out[0] = output(channel, s0);
      out[step] = output(channel, s1);
      out[2 * step] = output(channel, s2);
      out[3 * step] = output(channel, s3);
    }
  }

  /// Adds the products of four outputs whose windows begin `stride` samples apart.
  MOTE_INLINE static void add_apart(int32_t quads, int32_t stride, Flash<int8_t> weights, const int16_t* from,
                                    uint32_t& s0, uint32_t& s1, uint32_t& s2, uint32_t& s3) {
    for (; quads > 0; --quads, from += 4, weights = weights + 4) {
      const uint32_t bytes = simd32::load_word(weights);
      const uint32_t w01 = simd32::sxtb16(bytes), w23 = simd32::sxtb16_ror8(bytes);
      s0 = simd32::smlad(pair(from + 2), w23, simd32::smlad(pair(from), w01, s0));
      s1 = simd32::smlad(pair(from + stride + 2), w23, simd32::smlad(pair(from + stride), w01, s1));
      s2 = simd32::smlad(pair(from + 2 * stride + 2), w23, simd32::smlad(pair(from + 2 * stride), w01, s2));
      s3 = simd32::smlad(pair(from + 3 * stride + 2), w23, simd32::smlad(pair(from + 3 * stride), w01, s3));
    }
  }

  /// The same of windows one sample apart, which have most pairs in common.
  MOTE_INLINE static void add_neighbours(int32_t quads, Flash<int8_t> weights, const int16_t* from,
                                         uint32_t& s0, uint32_t& s1, uint32_t& s2, uint32_t& s3) {
#if defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP) && defined(__OPTIMIZE__)
    // In one piece: the compiler, left alone, keeps sums on the stack.
    const int8_t* address = weights.data();
    uint32_t p0, p1, p2, p3, w01, w23;
    asm volatile(
        "ldr %[p0], [%[from]]\n\t"
        "ldr %[p1], [%[from], #2]\n\t"
        "1:\n\t"
        "ldr %[w23], [%[address]], #4\n\t"
        "ldr %[p2], [%[from], #4]\n\t"
        "ldr %[p3], [%[from], #6]\n\t"
        "sxtb16 %[w01], %[w23]\n\t"
        "sxtb16 %[w23], %[w23], ror #8\n\t"
        "smlad %[s0], %[p0], %[w01], %[s0]\n\t"
        "smlad %[s1], %[p1], %[w01], %[s1]\n\t"
        "ldr %[p0], [%[from], #8]!\n\t"
        "ldr %[p1], [%[from], #2]\n\t"
        "smlad %[s2], %[p2], %[w01], %[s2]\n\t"
        "smlad %[s3], %[p3], %[w01], %[s3]\n\t"
        "smlad %[s0], %[p2], %[w23], %[s0]\n\t"
        "smlad %[s1], %[p3], %[w23], %[s1]\n\t"
        "smlad %[s2], %[p0], %[w23], %[s2]\n\t"
        "smlad %[s3], %[p1], %[w23], %[s3]\n\t"
        "subs %[quads], %[quads], #1\n\t"
        "bne 1b"
        : [s0] "+r"(s0), [s1] "+r"(s1), [s2] "+r"(s2), [s3] "+r"(s3), [from] "+r"(from),
          [address] "+r"(address), [quads] "+r"(quads), [p0] "=&r"(p0), [p1] "=&r"(p1), [p2] "=&r"(p2),
          [p3] "=&r"(p3), [w01] "=&r"(w01), [w23] "=&r"(w23)
        :
        : "cc", "memory");
#else
    add_apart(quads, 1, weights, from, s0, s1, s2, s3);
#endif
  }

  MOTE_INLINE static int8_t output(const Channel& channel, uint32_t sum) {
    const int32_t doubled = static_cast<int32_t>(sum << 1);
    const int32_t rounded = simd32::smmlar(doubled, channel.multiplier, channel.rounding) + (doubled >> 31);
    return static_cast<int8_t>(simd32::ssat8(rounded >> channel.exponent));
  }

  /// Two neighbouring samples, aligned to one.
  MOTE_INLINE static uint32_t pair(const int16_t* from) {
#if defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP)
    return simd32::load_word(reinterpret_cast<const int8_t*>(from));
#else
    return simd32::load_halfword_pair(from);
#endif
  }
  MOTE_INLINE static void store_pair(int16_t* to, uint32_t pair) {
#if defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP)
    __builtin_memcpy(to, &pair, sizeof(pair));
#else
    simd32::store_halfword_pair(to, pair);
#endif
  }
};

}  // namespace kernels
}  // namespace mote
