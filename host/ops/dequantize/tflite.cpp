// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include "ops/dequantize/dequantize.h"
#include "ops/operands.h"

namespace mote::ops::dequantize {
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
  const graph::DType type = input(graph, node, 0)->dtype;
  return type == graph::DType::kInt16 ? 3 : type == graph::DType::kInt8 ? 2 : 1;
}

constexpr schema::BuiltinOperator kCodes[] = {schema::BuiltinOperator::DEQUANTIZE};

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version};

}  // namespace mote::ops::dequantize
