// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include "ops/operands.h"
#include "ops/reshape/reshape.h"

namespace mote::ops::reshape {
namespace {

namespace schema = tflite_schema;
using schema::BuiltinOperator;

/// SQUEEZE is written as RESHAPE.
constexpr BuiltinOperator kCodes[] = {BuiltinOperator::RESHAPE, BuiltinOperator::EXPAND_DIMS,
                                      BuiltinOperator::SQUEEZE};

Result<AttributeMap> read(const schema::Operator& /*op*/, BuiltinOperator code) {
  return to_map({.expands = code == BuiltinOperator::EXPAND_DIMS});
}

Result<TfliteOptions> write(const graph::Graph& graph, const graph::Node& node,
                            flatbuffers::FlatBufferBuilder& builder) {
  MOTE_TRY(const Attributes attributes, reshape::attributes(graph, node));
  if (attributes.expands) return TfliteOptions{};
  const auto shape = builder.CreateVector(output(graph, node).shape);
  return TfliteOptions{schema::BuiltinOptions::ReshapeOptions,
                       schema::CreateReshapeOptions(builder, shape).Union()};
}

std::int32_t version(const graph::Graph& /*graph*/, const graph::Node& /*node*/) {
  return 1;
}

BuiltinOperator code(const graph::Graph& graph, const graph::Node& node) {
  return kCodes[reshape::attributes(graph, node)->expands ? 1 : 0];
}

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version, code};

}  // namespace mote::ops::reshape
