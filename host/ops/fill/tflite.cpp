// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include "ops/fill/fill.h"
#include "ops/operands.h"

namespace mote::ops::fill {
namespace {

namespace schema = tflite_schema;
using schema::BuiltinOperator;

constexpr BuiltinOperator kCodes[] = {BuiltinOperator::FILL, BuiltinOperator::ZEROS_LIKE};

Result<AttributeMap> read(const schema::Operator& /*op*/, BuiltinOperator code) {
  return to_map({.zeros = code == BuiltinOperator::ZEROS_LIKE});
}

Result<TfliteOptions> write(const graph::Graph& /*graph*/, const graph::Node& /*node*/,
                            flatbuffers::FlatBufferBuilder& /*builder*/) {
  return TfliteOptions{};
}

std::int32_t version(const graph::Graph& graph, const graph::Node& node) {
  if (fill::attributes(graph, node)->zeros) return 1;
  const graph::DType type = input(graph, node, 1)->dtype;
  return type == graph::DType::kInt8 || type == graph::DType::kInt16 ? 3 : 1;
}

BuiltinOperator code(const graph::Graph& graph, const graph::Node& node) {
  return kCodes[fill::attributes(graph, node)->zeros ? 1 : 0];
}

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version, code};

}  // namespace mote::ops::fill
