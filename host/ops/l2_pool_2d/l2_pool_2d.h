// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "ops/pool_2d.h"

namespace mote::ops::l2_pool_2d {

/// The root of the mean square of the elements (the padding not counted) of each window, channel by channel.
/// Input and output [batch][row][col][ch], float32.
using Attributes = Pool2dAttributes;

/// The node's attributes. Errors (kInput): see AttributeReader.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

}  // namespace mote::ops::l2_pool_2d
