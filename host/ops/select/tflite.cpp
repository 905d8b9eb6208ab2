// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include "ops/select/select.h"

namespace mote::ops::select {
namespace {

namespace schema = tflite_schema;

Result<AttributeMap> read(const schema::Operator& /*op*/, schema::BuiltinOperator code) {
  return to_map({.broadcasts = code == schema::BuiltinOperator::SELECT_V2});
}

Result<TfliteOptions> write(const graph::Graph& /*graph*/, const graph::Node& /*node*/,
                            flatbuffers::FlatBufferBuilder& /*builder*/) {
  return TfliteOptions{};
}

std::int32_t version(const graph::Graph& /*graph*/, const graph::Node& /*node*/) {
  return 1;
}

constexpr schema::BuiltinOperator kCodes[] = {schema::BuiltinOperator::SELECT,
                                              schema::BuiltinOperator::SELECT_V2};

schema::BuiltinOperator code(const graph::Graph& graph, const graph::Node& node) {
  return kCodes[select::attributes(graph, node)->broadcasts ? 1 : 0];
}

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version, code};

}  // namespace mote::ops::select
