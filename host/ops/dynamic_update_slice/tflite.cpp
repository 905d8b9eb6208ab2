// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include "ops/dynamic_update_slice/dynamic_update_slice.h"
#include "ops/operands.h"

namespace mote::ops::dynamic_update_slice {
namespace {

namespace schema = tflite_schema;

Result<AttributeMap> read(const schema::Operator& /*op*/, schema::BuiltinOperator /*code*/) {
  return to_map({});
}

Result<TfliteOptions> write(const graph::Graph& /*graph*/, const graph::Node& /*node*/,
                            flatbuffers::FlatBufferBuilder& /*builder*/) {
  return TfliteOptions{};
}

std::int32_t version(const graph::Graph& graph, const graph::Node& node) {
  return input(graph, node, 2)->dtype == graph::DType::kInt64 ? 2 : 1;
}

constexpr schema::BuiltinOperator kCodes[] = {schema::BuiltinOperator::DYNAMIC_UPDATE_SLICE};

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version};

}  // namespace mote::ops::dynamic_update_slice
