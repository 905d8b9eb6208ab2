// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "ops/attributes.h"

namespace mote::ops::unidirectional_sequence_lstm {

/// Long short-term memory over a sequence (see kernels::LstmShape), without peephole, projection and layer
/// normalisation, the cell gate with tanh.
///
/// Inputs, by number as in Input: in [batch][steps][inputs], or [steps][batch][inputs] if time_major; weights
/// of the four gates [units][inputs]; recurrent weights [units][units]; biases [units]; states of batch *
/// units elements. Inputs 9 ... 11, 16, 17 and 20 ... 23 are kNone, or not there at the end. Output: as the
/// input, with `units` at last.
struct Attributes {
  double cell_clip = 0;  ///< bound on the cell's magnitude, exact in float32; 0: none
  bool time_major = false;

  bool operator==(const Attributes&) const = default;
};

/// The node's attributes. Errors (kInput): see AttributeReader.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

/// The form that the graph stores.
AttributeMap to_map(const Attributes& attributes);

/// The node's inputs by number; of the four gates, in the order input, forget, cell, output.
enum Input : std::size_t {
  kIn = 0,
  kWeights = 1,
  kRecurrentWeights = 5,
  kPeephole = 9,
  kBias = 12,
  kProjection = 16,
  kHidden = 18,
  kCell = 19,
  kLayerNormalization = 20,
  kInputs = 24
};

inline constexpr std::size_t kGates = 4;

}  // namespace mote::ops::unidirectional_sequence_lstm
