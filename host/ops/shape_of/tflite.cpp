// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include "ops/operands.h"
#include "ops/shape_of/shape_of.h"

namespace mote::ops::shape_of {
namespace {

namespace schema = tflite_schema;
using schema::BuiltinOperator;

constexpr BuiltinOperator kCodes[] = {BuiltinOperator::SHAPE, BuiltinOperator::BROADCAST_ARGS};

Result<AttributeMap> read(const schema::Operator& /*op*/, BuiltinOperator code) {
  return to_map({.broadcasts = code == BuiltinOperator::BROADCAST_ARGS});
}

Result<TfliteOptions> write(const graph::Graph& graph, const graph::Node& node,
                            flatbuffers::FlatBufferBuilder& builder) {
  MOTE_TRY(const Attributes attributes, shape_of::attributes(graph, node));
  if (attributes.broadcasts) return TfliteOptions{};
  const auto type = output(graph, node).dtype == graph::DType::kInt64 ? schema::TensorType::INT64
                                                                      : schema::TensorType::INT32;
  return TfliteOptions{schema::BuiltinOptions::ShapeOptions,
                       schema::CreateShapeOptions(builder, type).Union()};
}

std::int32_t version(const graph::Graph& /*graph*/, const graph::Node& /*node*/) {
  return 1;
}

BuiltinOperator code(const graph::Graph& graph, const graph::Node& node) {
  return kCodes[shape_of::attributes(graph, node)->broadcasts ? 1 : 0];
}

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version, code};

}  // namespace mote::ops::shape_of
