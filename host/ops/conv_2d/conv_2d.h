// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "ops/attributes.h"

namespace mote::ops::conv_2d {

/// 2-D convolution; a 1-D one has height 1.
/// Inputs: in [batch][row][col][in_ch], weights [out_ch][kernel_row][kernel_col][in_ch], bias [out_ch] or
/// kNone.
struct Attributes {
  Padding padding = Padding::kSame;
  std::int32_t stride_height = 1;  ///< 1 ... kMaximumStep, as the other three
  std::int32_t stride_width = 1;
  std::int32_t dilation_height = 1;
  std::int32_t dilation_width = 1;
  Activation activation = Activation::kNone;

  bool operator==(const Attributes&) const = default;
};

/// The node's attributes. Errors (kInput): see AttributeReader.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

/// The form that the graph stores.
AttributeMap to_map(const Attributes& attributes);

}  // namespace mote::ops::conv_2d
