// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "ops/attributes.h"

namespace mote::ops::resize {

/// An image [batch][row][col][ch] with the height and width in input 1.
struct Attributes {
  bool bilinear = false;            ///< or the nearest pixel
  bool align_corners = false;       ///< the first and last pixels of both lie on each other
  bool half_pixel_centers = false;  ///< pixels are squares with their centre at one half

  bool operator==(const Attributes&) const = default;
};

/// The node's attributes. Errors (kInput): see AttributeReader; both alignments at once, bilinear.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

/// The form that the graph stores.
AttributeMap to_map(const Attributes& attributes);

}  // namespace mote::ops::resize
