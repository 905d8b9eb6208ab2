// SPDX-License-Identifier: Apache-2.0
#pragma once

// Conv2dDsp in less code: one way to widen the windows of all shapes, an inner loop that is hardly unrolled,
// and no way of their own for pixels that do not come in fours.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/simd32.h"
#include "mote/kernels/conv_2d_shape.h"
#include "mote/kernels/cortex_m_dsp/conv_2d.h"
#include "mote/kernels/variant.h"
#include "mote/kernels/weights.h"

namespace mote {
namespace kernels {

/// Conv2dDsp's result where outputs are not clamped, from the same packed weights.
struct Conv2dDspSmall : Conv2dDsp {
  static constexpr const char* kName = "cortex_m_dsp_small";
  static constexpr int32_t instance_kind(Conv2dShape shape) { return has_fours(shape) ? 1 : 0; }
  static constexpr CodeBytes code_bytes(int32_t /*kind*/) { return {450, 650, 850}; }
  static constexpr bool kForSize = true;
  static constexpr bool supports(Conv2dShape shape, Limits limits) {
    return Conv2dDsp::supports(shape, limits) && shape.activation_min == -128 && shape.activation_max == 127;
  }
  static constexpr int32_t input_ahead_bytes(Conv2dShape shape) {
    return detail::conv_2d_block_ahead<Conv2dDspSmall>(shape);
  }
  static constexpr int32_t block_pixels(Conv2dShape shape, int32_t rest) { return block(shape, rest).pixels; }

  MOTE_INLINE static void run(Conv2dShape shape, const WeightTables<int32_t>& tables, const int8_t* in,
                              int8_t* out, void* scratch) {
    uint32_t* const patches = static_cast<uint32_t*>(scratch);
    const Outputs outputs = {quads(shape), shape.out_channels, shape.output_zero_point, shape.activation_min,
                             shape.activation_max};
    for (int32_t batch = 0; batch < shape.batch; ++batch) {
      int32_t row = 0, col = 0;
      for (int32_t rest = shape.out_height * shape.out_width; rest > 0;) {
        const Block now = block(shape, rest);
        widen_block(shape, in, now, row, col, patches);
        if (shape.activation_min == shape.output_zero_point)
          run_block<false, kUnrolled>(outputs, tables, patches, now, out);
        else
          run_block<true, kUnrolled>(outputs, tables, patches, now, out);
        out += now.pixels * shape.out_channels;
        rest -= now.pixels;
      }
      in += shape.in_height * shape.in_width * shape.in_channels;
    }
  }

 private:
  static constexpr int32_t kUnrolled = 1;  ///< fours of inputs in the inner loop

  MOTE_INLINE static constexpr bool has_fours(const Conv2dShape& shape) { return shape.in_channels % 4 == 0; }

  /// Threes of pixels, or a single one.
  MOTE_INLINE static constexpr Block block(const Conv2dShape& shape, int32_t rest) {
    return rest >= kPixels ? whole_block(detail::at_most(most_groups(shape), rest / kPixels))
                           : single_pixel();
  }

  /// The windows of a block's pixels from `row`, `col` [in, out] on, `to` [out]; that of a single one three
  /// times.
  MOTE_INLINE static void widen_block(const Conv2dShape& shape, const int8_t* in, Block block, int32_t& row,
                                      int32_t& col, uint32_t* to) {
    for (int32_t group = block.groups; group > 0; --group, to += quads(shape) * kQuadWords) {
      for (int32_t slot = 0; slot < kPixels; ++slot) {
        widen_any(shape, in, row * shape.stride_height - shape.pad_top,
                  col * shape.stride_width - shape.pad_left, to + slot);
        if (!block.repeats() || slot + 1 == kPixels) move_on(shape, 1, row, col);
      }
    }
  }

  /// The window whose first pixel is at `top`, `left`, `to` [out].
  MOTE_INLINE static void widen_any(const Conv2dShape& shape, const int8_t* in, int32_t top, int32_t left,
                                    uint32_t* to) {
    if (has_fours(shape))
      widen_fours(shape, in, top, left, to);
    else
      widen_bytes_of(shape, in, top, left, to);
  }

  /// Where a tap lies in the input; null outside.
  MOTE_INLINE static const int8_t* tap_at(const Conv2dShape& shape, const int8_t* in, int32_t row,
                                          int32_t col) {
    const bool inside = row >= 0 && row < shape.in_height && col >= 0 && col < shape.in_width;
    return inside ? in + (row * shape.in_width + col) * shape.in_channels : nullptr;
  }

  /// Channels that come in fours: no row has a rest.
  MOTE_INLINE static void widen_fours(const Conv2dShape& shape, const int8_t* in, int32_t top, int32_t left,
                                      uint32_t* to) {
    for (int32_t tap_row = 0; tap_row < shape.kernel_height; ++tap_row)
      for (int32_t tap_col = 0; tap_col < shape.kernel_width; ++tap_col) {
        const int8_t* from =
            tap_at(shape, in, top + tap_row * shape.dilation_height, left + tap_col * shape.dilation_width);
        const int32_t step = from != nullptr ? 4 : 0;
        const uint32_t outside = padding(shape);
        if (from == nullptr) from = reinterpret_cast<const int8_t*>(&outside);
        for (int32_t rest = shape.in_channels; rest > 0; rest -= 4, from += step, to += kQuadWords)
          widen(simd32::load_word(from), to);
      }
  }

  /// Any number of channels, byte by byte: the rows in whole fours, then what is left of them.
  MOTE_INLINE static void widen_bytes_of(const Conv2dShape& shape, const int8_t* in, int32_t top,
                                         int32_t left, uint32_t* to) {
    const int32_t whole = row_inputs(shape) - row_rest(shape);
    for (int32_t first = 0, end; first < row_inputs(shape); first = end) {
      const bool is_rest = first >= whole;
      end = is_rest ? row_inputs(shape) : whole;
      uint32_t bytes = 0, shift = 0;
      for (int32_t tap_row = 0; tap_row < shape.kernel_height; ++tap_row) {
        int32_t tap_col = first / shape.in_channels, ch = first % shape.in_channels;
        for (int32_t input = first; input < end; ++input) {
          const int8_t* const from =
              tap_at(shape, in, top + tap_row * shape.dilation_height, left + tap_col * shape.dilation_width);
          const int32_t value = from != nullptr ? from[ch] : shape.input_zero_point;
          bytes |= (static_cast<uint32_t>(value) & 0xFFu) << shift;
          shift += 8;
          if (++ch == shape.in_channels) {
            ch = 0;
            ++tap_col;
          }
          const bool is_last = input + 1 == end && (!is_rest || tap_row + 1 == shape.kernel_height);
          if (shift < 32 && !is_last) continue;
          widen(bytes, to);
          to += kQuadWords;
          bytes = 0;
          shift = 0;
        }
      }
    }
  }
};

}  // namespace kernels
}  // namespace mote
