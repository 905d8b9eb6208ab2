// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "ops/conv_2d/conv_2d.h"

namespace mote::ops::depthwise_conv_2d {

/// Depthwise 2-D convolution: output channel ch is computed from input channel ch / multiplier alone, with
/// the attributes of conv_2d. Inputs: in [batch][row][col][in_ch], weights [1][kernel_row][kernel_col][in_ch
/// * multiplier], bias [in_ch * multiplier] or kNone.
using Attributes = conv_2d::Attributes;

/// The node's attributes. Errors (kInput): see AttributeReader.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

}  // namespace mote::ops::depthwise_conv_2d
