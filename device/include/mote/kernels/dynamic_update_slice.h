// SPDX-License-Identifier: Apache-2.0
#pragma once

// A tensor with a block of it replaced, where the block goes being known only when the model runs:
// DYNAMIC_UPDATE_SLICE. As in TFLite, a start that would put the block partly outside is moved inside.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/kernels/overlay.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// Extents of the tensor and of the block, which fits into it; the start has `rank` numbers, for the last
/// axes. Unused axes, the first ones, have extent 1.
struct DynamicUpdateSliceShape {
  int32_t extents[kMaxAxes];
  int32_t update[kMaxAxes];
  int32_t rank;
};

/// T is the type of the elements, Index that of the start (int32_t or int64_t). Exact.
template <class T, class Index>
struct DynamicUpdateSlice {
  static constexpr const char* kName = "dynamic_update_slice";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(const DynamicUpdateSliceShape& shape, Limits) {
    int64_t elements = 1;
    for (int32_t axis = 0; axis < kMaxAxes; ++axis) {
      if (shape.update[axis] < 1 || shape.update[axis] > shape.extents[axis]) return false;
      elements *= shape.extents[axis];
      if (elements > INT32_MAX) return false;
    }
    return shape.rank >= 0 && shape.rank <= kMaxAxes;
  }
  static constexpr int32_t scratch_bytes(const DynamicUpdateSliceShape&) { return 0; }
  static constexpr int64_t macs(const DynamicUpdateSliceShape&) { return 0; }

  /// The tensor is copied in order, in place at best; the block is read after that; the start before.
  static constexpr int32_t input_ahead_bytes(const DynamicUpdateSliceShape&, int32_t input) {
    return input == 1 ? kDisjoint : 0;
  }

  MOTE_INLINE static void run(const DynamicUpdateSliceShape& shape, const T* in, const T* update,
                              const Index* start, T* out, void* /*scratch*/) {
    int32_t offset = 0;
    int32_t elements = 1;
    int32_t strides[kMaxAxes] = {};
    for (int32_t axis = kMaxAxes - 1; axis >= 0; --axis) {
      const int32_t number = axis - (kMaxAxes - shape.rank);
      const Index most = shape.extents[axis] - shape.update[axis];
      const Index first = number < 0 ? Index{0} : clamp(start[number], Index{0}, most);
      strides[axis] = elements;
      offset += static_cast<int32_t>(first) * elements;
      elements *= shape.extents[axis];
    }
    for (int32_t index = 0; index < elements; ++index) out[index] = in[index];
    write_block(shape, strides, update, out + offset);
  }

 private:
  MOTE_INLINE static void write_block(const DynamicUpdateSliceShape& shape, const int32_t* strides,
                                      const T* update, T* out) {
    for (int32_t axis0 = 0; axis0 < shape.update[0]; ++axis0)
      for (int32_t axis1 = 0; axis1 < shape.update[1]; ++axis1)
        for (int32_t axis2 = 0; axis2 < shape.update[2]; ++axis2)
          for (int32_t axis3 = 0; axis3 < shape.update[3]; ++axis3)
            for (int32_t axis4 = 0; axis4 < shape.update[4]; ++axis4) {
              T* const to = out + axis0 * strides[0] + axis1 * strides[1] + axis2 * strides[2] +
                            axis3 * strides[3] + axis4 * strides[4];
              for (int32_t axis5 = 0; axis5 < shape.update[5]; ++axis5) to[axis5] = *update++;
            }
  }
};

}  // namespace kernels
}  // namespace mote
