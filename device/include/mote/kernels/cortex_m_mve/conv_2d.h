// SPDX-License-Identifier: Apache-2.0
#pragma once

// Convolution of int8 for Cortex-M cores with vectors (MVE: M55, M85).
//
// The windows of two pixels are copied into scratch memory, in sixteens; VMLADAVA adds 16 products to a sum.
// Two pixels and four output channels go together, which takes all eight registers that can be sums: 14
// instructions for 128 multiply-accumulates. The four outputs of a pixel are computed in one vector.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/flash.h"
#include "mote/core/mve.h"
#include "mote/kernels/conv_2d.h"
#include "mote/kernels/conv_2d_shape.h"
#include "mote/kernels/cortex_m_mve/output.h"
#include "mote/kernels/variant.h"
#include "mote/kernels/weights.h"

namespace mote {
namespace kernels {

/// Conv2dReference's result for one group.
///
/// Packed weights: as those of FullyConnectedMve.
struct Conv2dMve {
  static constexpr const char* kName = "cortex_m_mve";
  static constexpr CodeBytes code_bytes(int32_t /*kind*/) { return {400, 500, 700}; }
  static constexpr bool available(Isa isa) { return isa == Isa::kCortexMMve; }

  /// Exact because sums fit int32 with the zero point folded into the bias, taps outside the input being
  /// the zero point; the rest is mve_can_scale().
  static constexpr bool supports(Conv2dShape shape, Limits limits) {
    return valid(shape) && shape.groups == 1 && shape.in_channels > 0 &&
           detail::mve_can_scale(limits, shape.rounding);
  }
  static constexpr int32_t scratch_bytes(Conv2dShape shape) { return kPixels * window_bytes(shape); }
  static constexpr int32_t packed_bytes(Conv2dShape shape) {
    return (shape.out_channels + 3) / 4 * 4 * window_bytes(shape);
  }
  static constexpr int32_t input_ahead_bytes(Conv2dShape shape) {
    return detail::conv_2d_block_ahead<Conv2dMve>(shape);
  }
  /// The pixels that are read before the first of them is written, when so many are left.
  static constexpr int32_t block_pixels(Conv2dShape, int32_t rest) { return detail::at_most(kPixels, rest); }
  static constexpr int64_t macs(Conv2dShape shape) { return detail::conv_2d_macs(shape); }

  /// Folds the zero point into the bias and interleaves the weights.
  static void pack(Conv2dShape shape, const int8_t* weights, const int32_t* bias, int8_t* packed_weights,
                   int32_t* packed_bias) {
    const int32_t inputs = detail::conv_2d_inputs(shape);
    detail::fold_zero_point(weights_by_channel(shape.out_channels, inputs), weights, bias,
                            shape.input_zero_point, packed_bias);
    detail::mve_pack_rows(shape.out_channels, inputs, weights, packed_weights);
  }

  MOTE_INLINE static void run(Conv2dShape shape, const WeightTables<int32_t>& tables, const int8_t* in,
                              int8_t* out, void* scratch) {
    int8_t* const windows = static_cast<int8_t*>(scratch);
    const int32_t bytes = window_bytes(shape);
    const Outputs outputs = {
        {shape.output_zero_point, shape.activation_min, shape.activation_max}, shape.out_channels, bytes};
    for (int32_t batch = 0; batch < shape.batch; ++batch) {
      int32_t row = 0, col = 0;
      for (int32_t rest = shape.out_height * shape.out_width; rest > 0; rest -= kPixels) {
        const int32_t count = detail::at_most(kPixels, rest);
        for (int32_t pixel = 0; pixel < count; ++pixel) {
          copy_window(shape, in, row, col, windows + pixel * bytes);
          if (++col < shape.out_width) continue;
          col = 0;
          ++row;
        }
        if (shape.activation_min == shape.output_zero_point)
          run_block<false>(outputs, tables, windows, count, out);
        else
          run_block<true>(outputs, tables, windows, count, out);
        out += count * shape.out_channels;
      }
      in += shape.in_height * shape.in_width * shape.in_channels;
    }
  }

 private:
  static constexpr int32_t kPixels = 2;

  /// What the code for all shapes needs to know of one.
  struct Outputs {
    detail::MveOutputs values;
    int32_t channels;
    int32_t window_bytes;
  };

  MOTE_INLINE static constexpr int32_t window_bytes(const Conv2dShape& shape) {
    return (detail::conv_2d_inputs(shape) + 15) / 16 * 16;
  }

  /// The window of one pixel. What is behind it does not matter: its weights are 0.
  MOTE_INLINE static void copy_window(const Conv2dShape& shape, const int8_t* in, int32_t row, int32_t col,
                                      int8_t* to) {
    const int32_t top = row * shape.stride_height - shape.pad_top;
    const int32_t left = col * shape.stride_width - shape.pad_left;
    const int32_t line = shape.kernel_width * shape.in_channels;
    const bool is_inside =
        shape.dilation_width == 1 && left >= 0 && left + shape.kernel_width <= shape.in_width;
    for (int32_t tap_row = 0; tap_row < shape.kernel_height; ++tap_row, to += line) {
      const int32_t in_row = top + tap_row * shape.dilation_height;
      const int8_t* const from = in + in_row * shape.in_width * shape.in_channels;
      if (in_row < 0 || in_row >= shape.in_height)
        fill_bytes(shape.input_zero_point, line, to);
      else if (is_inside)
        copy_bytes(from + left * shape.in_channels, line, to);
      else
        copy_border(shape, from, left, to);
    }
  }
  MOTE_INLINE static void copy_border(const Conv2dShape& shape, const int8_t* from, int32_t left,
                                      int8_t* to) {
    for (int32_t tap = 0; tap < shape.kernel_width; ++tap, to += shape.in_channels) {
      const int32_t in_col = left + tap * shape.dilation_width;
      if (in_col >= 0 && in_col < shape.in_width)
        copy_bytes(from + in_col * shape.in_channels, shape.in_channels, to);
      else
        fill_bytes(shape.input_zero_point, shape.in_channels, to);
    }
  }
  MOTE_INLINE static void copy_bytes(const int8_t* from, int32_t count, int8_t* to) {
    for (; count >= 16; count -= 16, from += 16, to += 16) mve::store_bytes(to, mve::load_bytes(from));
    if (count > 0) mve::store_bytes(to, mve::load_bytes(from, count), count);
  }
  MOTE_INLINE static void fill_bytes(int32_t value, int32_t count, int8_t* to) {
    const mve::Bytes bytes = mve::all_bytes(value);
    for (; count >= 16; count -= 16, to += 16) mve::store_bytes(to, bytes);
    if (count > 0) mve::store_bytes(to, bytes, count);
  }

  /// All outputs of `count` pixels.
  template <bool kRounded>
  MOTE_SHARED static void run_block(const Outputs& shared, const WeightTables<int32_t>& tables,
                                    const int8_t* windows, int32_t count, int8_t* out) {
    const Outputs outputs = shared;  // a copy that no output may alias
    const int8_t* weights = mve::address(tables.weights);
    const int32_t* bias = mve::address(tables.bias);
    const int32_t* multiplier = mve::address(tables.multiplier);
    const int8_t* shift = mve::address(tables.shift);
    // The first stands for a second one that is missing.
    const Windows work = {windows, windows + (count - 1) * outputs.window_bytes, outputs.window_bytes / 16};
    const int32_t line = (count - 1) * outputs.channels;
    int32_t rest = outputs.channels;
    for (; rest >= 4; rest -= 4, bias += 4, multiplier += 4, shift += 4, out += 4) {
      const Sums sums = products(work, weights);
      const mve::Words start = mve::load_words(bias), factors = mve::load_words(multiplier),
                       shifts = mve::load_byte_words(shift);
      mve::store_byte_words(out + line,
                            output<kRounded>(outputs, mve::add(sums.second, start), factors, shifts));
      mve::store_byte_words(out, output<kRounded>(outputs, mve::add(sums.first, start), factors, shifts));
    }
    if (rest == 0) return;
    const Sums sums = products(work, weights);
    const mve::Words start = mve::load_words(bias, rest), factors = mve::load_words(multiplier, rest),
                     shifts = mve::load_byte_words(shift, rest);
    mve::store_byte_words(out + line,
                          output<kRounded>(outputs, mve::add(sums.second, start), factors, shifts), rest);
    mve::store_byte_words(out, output<kRounded>(outputs, mve::add(sums.first, start), factors, shifts), rest);
  }
  template <bool kRounded>
  MOTE_INLINE static mve::Words output(const Outputs& outputs, mve::Words sums, mve::Words multiplier,
                                       mve::Words shift) {
    return detail::mve_clamped(outputs.values, detail::mve_scaled<kRounded>(sums, multiplier, shift));
  }

  /// The sums of two pixels and four channels.
  struct Sums {
    mve::Words first;
    mve::Words second;
  };

  /// Where the windows of two pixels are, and how many vectors each has, at least 1.
  struct Windows {
    const int8_t* first;
    const int8_t* second;
    int32_t sixteens;
  };

  /// `weights` [in, out] moves on.
#if defined(__ARM_FEATURE_MVE) && defined(__OPTIMIZE__)
  // In one piece: the compiler spills sums, of which it takes the loop's counter for one. The first vectors
  // begin the sums; the loop for the others is twice unrolled, and entered so that it ends with the last.
#define MOTE_CONV_2D_SIXTEEN(multiply)                                                               \
  "vldrb.8 q0, [%[x]], #16\n\t"                                                                      \
  "vldrb.8 q2, [%[w]], #16\n\t"                                                                      \
  "vldrb.8 q1, [%[y]], #16\n\t" multiply                                                             \
  " %[a0], q0, q2\n\t"                                                                               \
  "vldrb.8 q3, [%[w]], #16\n\t" multiply " %[b0], q1, q2\n\t" multiply                               \
  " %[a1], q0, q3\n\t"                                                                               \
  "vldrb.8 q2, [%[w]], #16\n\t" multiply " %[b1], q1, q3\n\t" multiply                               \
  " %[a2], q0, q2\n\t"                                                                               \
  "vldrb.8 q3, [%[w]], #16\n\t" multiply " %[b2], q1, q2\n\t" multiply " %[a3], q0, q3\n\t" multiply \
  " %[b3], q1, q3\n\t"
  MOTE_INLINE static Sums products(const Windows& windows, const int8_t*& weights) {
    int32_t a0, a1, a2, a3, b0, b1, b2, b3, x, y, n;
    Sums sums;
    asm("ldr %[x], %[first]\n\t"
        "ldr %[y], %[second]\n\t"
        "ldr %[n], %[sixteens]\n\t"
        MOTE_CONV_2D_SIXTEEN("vmladav.s8")
        "subs %[n], %[n], #1\n\t"
        "beq 2f\n\t"
        "lsrs %[n], %[n], #1\n\t"
        "bcc 1f\n\t" MOTE_CONV_2D_SIXTEEN("vmladava.s8")
        "beq 2f\n\t"
        "1:\n\t" MOTE_CONV_2D_SIXTEEN("vmladava.s8") MOTE_CONV_2D_SIXTEEN("vmladava.s8")
        "subs %[n], %[n], #1\n\t"
        "bne 1b\n\t"
        "2:\n\t"
        "vmov %q[a][2], %q[a][0], %[a0], %[a2]\n\t"
        "vmov %q[a][3], %q[a][1], %[a1], %[a3]\n\t"
        "vmov %q[b][2], %q[b][0], %[b0], %[b2]\n\t"
        "vmov %q[b][3], %q[b][1], %[b1], %[b3]"
        : [a0] "=&Te"(a0), [a1] "=&Te"(a1), [a2] "=&Te"(a2), [a3] "=&Te"(a3), [b0] "=&Te"(b0),
          [b1] "=&Te"(b1), [b2] "=&Te"(b2), [b3] "=&Te"(b3), [x] "=&r"(x), [y] "=&r"(y), [n] "=&r"(n),
          [w] "+r"(weights), [a] "=&w"(sums.first), [b] "=&w"(sums.second)
        : [first] "m"(windows.first), [second] "m"(windows.second), [sixteens] "m"(windows.sixteens)
        : "q0", "q1", "q2", "q3", "cc", "memory");
    return sums;
  }
#undef MOTE_CONV_2D_SIXTEEN
#else
  MOTE_INLINE static Sums products(const Windows& windows, const int8_t*& weights) {
    int32_t a0 = 0, a1 = 0, a2 = 0, a3 = 0, b0 = 0, b1 = 0, b2 = 0, b3 = 0;
    for (int32_t at = 0; at < 16 * windows.sixteens; at += 16, weights += 64) {
      const mve::Bytes x = mve::load_bytes(windows.first + at), y = mve::load_bytes(windows.second + at);
      a0 = mve::multiply_add(a0, x, mve::load_bytes(weights));
      a1 = mve::multiply_add(a1, x, mve::load_bytes(weights + 16));
      a2 = mve::multiply_add(a2, x, mve::load_bytes(weights + 32));
      a3 = mve::multiply_add(a3, x, mve::load_bytes(weights + 48));
      b0 = mve::multiply_add(b0, y, mve::load_bytes(weights));
      b1 = mve::multiply_add(b1, y, mve::load_bytes(weights + 16));
      b2 = mve::multiply_add(b2, y, mve::load_bytes(weights + 32));
      b3 = mve::multiply_add(b3, y, mve::load_bytes(weights + 48));
    }
    return {mve::words(a0, a1, a2, a3), mve::words(b0, b1, b2, b3)};
  }
#endif
};

}  // namespace kernels
}  // namespace mote
