// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include "ops/operands.h"
#include "ops/space_batch/space_batch.h"

namespace mote::ops::space_batch {
namespace {

namespace schema = tflite_schema;
using schema::BuiltinOperator;

constexpr BuiltinOperator kCodes[] = {BuiltinOperator::SPACE_TO_BATCH_ND, BuiltinOperator::BATCH_TO_SPACE_ND};

Result<AttributeMap> read(const schema::Operator& /*op*/, BuiltinOperator code) {
  return to_map({.to_batch = code == BuiltinOperator::SPACE_TO_BATCH_ND});
}

Result<TfliteOptions> write(const graph::Graph& /*graph*/, const graph::Node& /*node*/,
                            flatbuffers::FlatBufferBuilder& /*builder*/) {
  return TfliteOptions{};
}

std::int32_t version(const graph::Graph& graph, const graph::Node& node) {
  return input(graph, node, 0)->shape.size() != 4 ? 3 : usual_version(graph, node);
}

BuiltinOperator code(const graph::Graph& graph, const graph::Node& node) {
  return kCodes[space_batch::attributes(graph, node)->to_batch ? 0 : 1];
}

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version, code};

}  // namespace mote::ops::space_batch
