// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "ops/attributes.h"

namespace mote::ops::svdf {

/// What the float operator applies to its result; the integer one applies none, whatever stands here, as in
/// TensorFlow Lite.
enum class FilterActivation : std::uint8_t { kNone, kRelu, kRelu6, kReluN1To1, kTanh, kSignBit };

/// A dense layer over time in `rank` terms (see kernels::SvdfShape).
///
/// Inputs: in [batch][inputs]; feature weights [filters][inputs]; time weights [filters][memory]; bias
/// [filters / rank] or kNone; state [batch][filters * memory]. Output: [batch][filters / rank].
struct Attributes {
  std::int32_t rank = 1;
  FilterActivation activation = FilterActivation::kNone;

  bool operator==(const Attributes&) const = default;
};

/// The node's attributes. Errors (kInput): see AttributeReader.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

/// The form that the graph stores.
AttributeMap to_map(const Attributes& attributes);

/// The node's inputs by number.
enum Input : std::size_t { kIn, kFeature, kTime, kBias, kState, kInputs };

}  // namespace mote::ops::svdf
