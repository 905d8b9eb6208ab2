// SPDX-License-Identifier: Apache-2.0
#pragma once

// Slices of the input picked by indices that are known only when the model runs: GATHER, GATHER_ND and
// EMBEDDING_LOOKUP. An index outside of the input picks the nearest slice inside of it: TFLite Micro gives up
// or reads elsewhere there, a device should do neither.

#include <stdint.h>

#include "mote/core/config.h"
#include "mote/core/fixed_point.h"
#include "mote/kernels/overlay.h"
#include "mote/kernels/variant.h"

namespace mote {
namespace kernels {

/// Input [batch][outer][axis][inner], indices [batch][indices], output [batch][outer][indices][inner].
struct GatherShape {
  int32_t batch;
  int32_t outer;
  int32_t axis;  ///< what the indices count, at least 1
  int32_t inner;
  int32_t indices;
  float scale;  ///< of an int8 table that is looked up as floats; unused otherwise
};

/// Input [anything][slice] seen as `positions` elements; indices [slices][depth], output [slices][slice].
struct GatherNdShape {
  int32_t slices;
  int32_t slice;
  int32_t positions;   ///< elements of the input, at least `slice`
  int32_t depth;       ///< numbers that make one index
  int32_t strides[6];  ///< elements of the input that each of them counts
};

namespace detail {

/// What the loops batch, outer, index, inner add to the position read.
struct GatherRead {
  int64_t strides[kMaxAxes];
  constexpr int64_t operator()(int32_t axis, int32_t coordinate) const { return coordinate * strides[axis]; }
};

constexpr Walk gather_walk(const GatherShape& shape, int32_t element_bytes) {
  const int32_t inner = shape.inner * element_bytes;
  return Walk{{shape.batch, shape.outer, shape.indices, shape.inner, 1, 1},
              {shape.outer * shape.indices * inner, shape.indices * inner, inner, element_bytes, 0, 0}};
}

/// The same for each kernel of this file: input 0 is read anywhere, input 1 one index before each slice.
constexpr int32_t gather_input_ahead(const GatherShape& shape, int32_t input, int32_t in_bytes,
                                     int32_t index_bytes, int32_t out_bytes) {
  Walk walk = gather_walk(shape, out_bytes);
  if (input == 0) {
    const int64_t outer = int64_t{shape.axis} * shape.inner * in_bytes;
    return walk_ahead(walk, out_bytes, GatherRead{{shape.outer * outer, outer, 0, in_bytes, 0, 0}});
  }
  walk.extents[3] = 1;
  return walk_ahead(walk, shape.inner * out_bytes,
                    GatherRead{{int64_t{shape.indices} * index_bytes, 0, index_bytes, 0, 0, 0}});
}

constexpr bool valid(const GatherShape& shape) {
  return shape.batch >= 1 && shape.outer >= 1 && shape.axis >= 1 && shape.inner >= 1 && shape.indices >= 1 &&
         int64_t{shape.batch} * shape.outer <= INT32_MAX / shape.axis / shape.inner &&
         int64_t{shape.batch} * shape.outer <= INT32_MAX / shape.indices / shape.inner;
}

/// Calls `slice(from, to)` with the first element of each slice in the input and in the output.
template <class Index, class Slice>
MOTE_INLINE void for_each_slice(const GatherShape& shape, const Index* indices, Slice slice) {
  int32_t to = 0;
  for (int32_t batch = 0; batch < shape.batch; ++batch)
    for (int32_t outer = 0; outer < shape.outer; ++outer)
      for (int32_t index = 0; index < shape.indices; ++index) {
        const int32_t wanted = static_cast<int32_t>(
            clamp<Index>(indices[batch * shape.indices + index], Index{0}, shape.axis - 1));
        slice(((batch * shape.outer + outer) * shape.axis + wanted) * shape.inner, to);
        to += shape.inner;
      }
}

}  // namespace detail

/// GATHER, and EMBEDDING_LOOKUP with its table as input 0. T is the type of the elements, Index int32_t or
/// int64_t. Exact for indices inside.
template <class T, class Index = int32_t>
struct Gather {
  static constexpr const char* kName = "gather";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(const GatherShape& shape, Limits) { return detail::valid(shape); }
  static constexpr int32_t scratch_bytes(const GatherShape&) { return 0; }
  static constexpr int64_t macs(const GatherShape&) { return 0; }
  static constexpr int32_t input_ahead_bytes(const GatherShape& shape, int32_t input) {
    return detail::gather_input_ahead(shape, input, static_cast<int32_t>(sizeof(T)),
                                      static_cast<int32_t>(sizeof(Index)), static_cast<int32_t>(sizeof(T)));
  }

  MOTE_INLINE static void run(const GatherShape& shape, const T* in, const Index* indices, T* out,
                              void* /*scratch*/) {
    detail::for_each_slice(shape, indices, [&](int32_t from, int32_t to) {
      for (int32_t inner = 0; inner < shape.inner; ++inner) out[to + inner] = in[from + inner];
    });
  }
};

/// EMBEDDING_LOOKUP of an int8 table with zero point 0 in a float model: out = scale * in, one rounding.
struct DequantizedGather {
  static constexpr const char* kName = "dequantized";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(const GatherShape& shape, Limits) { return detail::valid(shape); }
  static constexpr int32_t scratch_bytes(const GatherShape&) { return 0; }
  static constexpr int64_t macs(const GatherShape&) { return 0; }
  static constexpr int32_t input_ahead_bytes(const GatherShape& shape, int32_t input) {
    return detail::gather_input_ahead(shape, input, 1, static_cast<int32_t>(sizeof(int32_t)),
                                      static_cast<int32_t>(sizeof(float)));
  }

  MOTE_INLINE static void run(const GatherShape& shape, const int8_t* in, const int32_t* indices, float* out,
                              void* /*scratch*/) {
    detail::for_each_slice(shape, indices, [&](int32_t from, int32_t to) {
      for (int32_t inner = 0; inner < shape.inner; ++inner)
        out[to + inner] = shape.scale * static_cast<float>(in[from + inner]);
    });
  }
};

/// GATHER_ND; types as above. TFLite Micro checks the position that the numbers of an index add up to, not
/// each of them; this keeps that position inside. Exact where TFLite Micro accepts the index.
template <class T, class Index = int32_t>
struct GatherNd {
  static constexpr const char* kName = "gather_nd";
  static constexpr bool available(Isa) { return true; }
  static constexpr bool supports(const GatherNdShape& shape, Limits) {
    return shape.slices >= 1 && shape.slice >= 1 && shape.positions >= shape.slice && shape.depth >= 0 &&
           shape.depth <= 6 && int64_t{shape.slices} * shape.slice <= INT32_MAX;
  }
  static constexpr int32_t scratch_bytes(const GatherNdShape&) { return 0; }
  static constexpr int64_t macs(const GatherNdShape&) { return 0; }
  static constexpr int32_t input_ahead_bytes(const GatherNdShape& shape, int32_t input) {
    const int32_t element = static_cast<int32_t>(sizeof(T));
    const int32_t index_bytes = static_cast<int32_t>(sizeof(Index));
    Walk walk = {{shape.slices, shape.slice, 1, 1, 1, 1}, {shape.slice * element, element, 0, 0, 0, 0}};
    if (input == 0) return walk_ahead(walk, element, detail::GatherRead{{0, element, 0, 0, 0, 0}});
    walk.extents[1] = 1;
    return walk_ahead(walk, shape.slice * element,
                      detail::GatherRead{{int64_t{shape.depth} * index_bytes, 0, 0, 0, 0, 0}});
  }

  MOTE_INLINE static void run(const GatherNdShape& shape, const T* in, const Index* indices, T* out,
                              void* /*scratch*/) {
    for (int32_t slice = 0; slice < shape.slices; ++slice) {
      int64_t position = 0;
      // As far as int32 reaches, so that no product overflows.
      for (int32_t depth = 0; depth < shape.depth; ++depth)
        position +=
            clamp<int64_t>(indices[slice * shape.depth + depth], INT32_MIN, INT32_MAX) * shape.strides[depth];
      const int64_t last = shape.positions - shape.slice;
      const T* const from = in + static_cast<int32_t>(clamp(position, int64_t{0}, last));
      for (int32_t inner = 0; inner < shape.slice; ++inner) out[slice * shape.slice + inner] = from[inner];
    }
  }
};

}  // namespace kernels
}  // namespace mote
