// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/error.h"
#include "graph/graph.h"

namespace mote::ops {

/// The attributes of a node as the graph stores them.
using AttributeMap = std::map<std::string, graph::Attribute>;

/// How a sliding window treats the border of its input. Stored as "same" or "valid".
enum class Padding : std::uint8_t {
  kSame,   ///< output extent = input extent / stride, rounded up; zeros around the input
  kValid,  ///< only windows that lie inside of the input
};

/// The clamp that an operator applies to its result. Stored as "none", "relu", "relu6" or
/// "relu_n1_to_1" (to -1 ... 1).
enum class Activation : std::uint8_t { kNone, kRelu, kRelu6, kReluN1To1 };

/// Largest stride, dilation or pooling window; keeps sums of them within int32.
inline constexpr std::int32_t kMaximumStep = 1 << 15;

graph::Attribute to_attribute(Padding padding);
graph::Attribute to_attribute(Activation activation);

/// Reads the attributes of one node strictly: each that is asked for must be there, and no other may be, so
/// that equal operators have equal attributes (content_hash relies on it). Keeps the first error.
class AttributeReader {
 public:
  AttributeReader(const graph::Graph& graph, const graph::Node& node) : graph_(graph), node_(node) {}

  /// An integer in low ... high.
  std::int32_t integer(const std::string& name, std::int32_t low, std::int32_t high);
  bool boolean(const std::string& name) { return integer(name, 0, 1) != 0; }
  double real(const std::string& name);
  Padding padding();        ///< the attribute "padding"
  Activation activation();  ///< the attribute "activation"
  /// Which of `words` the attribute is.
  std::size_t choice(const std::string& name, std::span<const std::string_view> words);

  /// The first error (kInput): an attribute is missing, of another type, out of range or unknown.
  Result<void> finish();

 private:
  const graph::Attribute* find(const std::string& name);
  void refuse(std::string what);

  const graph::Graph& graph_;
  const graph::Node& node_;
  std::size_t read_ = 0;
  std::optional<Error> error_;
};

}  // namespace mote::ops
