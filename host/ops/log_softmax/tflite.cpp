// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include "ops/operands.h"

namespace mote::ops::log_softmax {
namespace {

namespace schema = tflite_schema;

Result<AttributeMap> read(const schema::Operator& /*op*/, schema::BuiltinOperator /*code*/) {
  return AttributeMap{};
}

Result<TfliteOptions> write(const graph::Graph& /*graph*/, const graph::Node& /*node*/,
                            flatbuffers::FlatBufferBuilder& builder) {
  return TfliteOptions{schema::BuiltinOptions::LogSoftmaxOptions,
                       schema::CreateLogSoftmaxOptions(builder).Union()};
}

std::int32_t version(const graph::Graph& graph, const graph::Node& node) {
  return input(graph, node, 0)->dtype == graph::DType::kInt8 ? 2 : 1;
}

constexpr schema::BuiltinOperator kCodes[] = {schema::BuiltinOperator::LOG_SOFTMAX};

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version};

}  // namespace mote::ops::log_softmax
