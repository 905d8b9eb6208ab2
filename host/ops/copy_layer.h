// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the "lower" aspects share of operators that move elements.
#include <cstdint>
#include <vector>

#include "mote/kernels/strided_copy.h"
#include "ops/lower.h"

namespace mote::ops {

/// Calls `make(T{})` with the kernels' type for elements of `dtype`; what is only moved has no sign.
template <class Make>
auto for_element(graph::DType dtype, Make make) {
  switch (dtype) {
    case graph::DType::kFloat32:
      return make(float{});
    case graph::DType::kInt16:
    case graph::DType::kUInt16:
      return make(std::int16_t{});
    case graph::DType::kInt32:
    case graph::DType::kUInt32:
      return make(std::int32_t{});
    case graph::DType::kInt64:
      return make(std::int64_t{});
    case graph::DType::kInt8:
    case graph::DType::kUInt8:
    case graph::DType::kBool:
      break;
  }
  return make(std::int8_t{});
}

/// One loop of a copy, in elements.
struct CopyAxis {
  std::int64_t extent = 1;
  std::int64_t in_stride = 0;
  std::int64_t out_stride = 0;
};

/// Where a copy reads and writes. Both values have elements of one type.
struct Copy {
  graph::ValueId from = graph::kNone;
  graph::ValueId to = graph::kNone;
  std::vector<CopyAxis> axes;  ///< outermost first
  std::int64_t in_offset = 0;
  std::int64_t out_offset = 0;
};

/// The layer of a copy. Errors (kInput): more axes than kernels have remain after joining; a position outside
/// of the values.
Result<Layer> copy_layer(const graph::Graph& graph, const graph::Node& node, const LowerOptions& options,
                         const Copy& copy);

/// A copy of all elements of one value to the start of another.
Copy whole_copy(const graph::Graph& graph, graph::ValueId from, graph::ValueId to);

}  // namespace mote::ops
