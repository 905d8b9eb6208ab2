// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "ops/attributes.h"
#include "ops/operands.h"

namespace mote::ops::transpose_conv {

/// Transposed 2-D convolution: what a convolution with these attributes makes of the output's extents are the
/// input's. Inputs: output shape [4] (int32), weights [out_ch][kernel_row][kernel_col][in_ch], in
/// [batch][row][col][in_ch], bias [out_ch] or kNone.
struct Attributes {
  Padding padding = Padding::kSame;
  std::int32_t stride_height = 1;  ///< 1 ... kMaximumStep, as the other
  std::int32_t stride_width = 1;
  Activation activation = Activation::kNone;

  bool operator==(const Attributes&) const = default;
};

/// Where the operands of the layer stand; int16 inputs may have an int16 bias.
inline constexpr WeightOperands kOperands = {
    .in = 2, .weights = 1, .bias = 3, .channel_axis = 0, .wide_bias = graph::DType::kInt16};

/// The node's attributes. Errors (kInput): see AttributeReader.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

/// The form that the graph stores.
AttributeMap to_map(const Attributes& attributes);

}  // namespace mote::ops::transpose_conv
