// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include <algorithm>

#include "ops/compare/compare.h"
#include "ops/operands.h"

namespace mote::ops::compare {
namespace {

namespace schema = tflite_schema;
using schema::BuiltinOperator;

/// In the order of Function.
constexpr BuiltinOperator kCodes[] = {BuiltinOperator::EQUAL,   BuiltinOperator::NOT_EQUAL,
                                      BuiltinOperator::LESS,    BuiltinOperator::LESS_EQUAL,
                                      BuiltinOperator::GREATER, BuiltinOperator::GREATER_EQUAL};

Result<AttributeMap> read(const schema::Operator& /*op*/, BuiltinOperator code) {
  return to_map({static_cast<Function>(std::ranges::find(kCodes, code) - std::begin(kCodes))});
}

Result<TfliteOptions> write(const graph::Graph& /*graph*/, const graph::Node& /*node*/,
                            flatbuffers::FlatBufferBuilder& /*builder*/) {
  return TfliteOptions{};
}

std::int32_t version(const graph::Graph& graph, const graph::Node& node) {
  return input(graph, node, 0)->dtype == graph::DType::kInt8 ? 2 : 1;
}

BuiltinOperator code(const graph::Graph& graph, const graph::Node& node) {
  return kCodes[static_cast<std::size_t>(compare::attributes(graph, node)->function)];
}

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version, code};

}  // namespace mote::ops::compare
