// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "ops/attributes.h"
#include "ops/shape.h"

namespace mote::ops {

/// What the pooling operators have in common: a window of window_height x window_width slides over the input.
struct Pool2dAttributes {
  Padding padding = Padding::kSame;
  std::int32_t stride_height = 1;  ///< 1 ... kMaximumStep, as the other three
  std::int32_t stride_width = 1;
  std::int32_t window_height = 1;
  std::int32_t window_width = 1;
  Activation activation = Activation::kNone;

  bool operator==(const Pool2dAttributes&) const = default;
};

/// The node's attributes. Errors (kInput): see AttributeReader.
Result<Pool2dAttributes> pool_2d_attributes(const graph::Graph& graph, const graph::Node& node);

/// The form that the graph stores.
AttributeMap to_map(const Pool2dAttributes& attributes);

/// The aspect "shape" of both operators.
Result<std::vector<ValueType>> infer_pool_2d(const graph::Graph& graph, const graph::Node& node);

}  // namespace mote::ops
