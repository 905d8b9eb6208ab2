// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include "ops/operands.h"
#include "ops/softmax/softmax.h"

namespace mote::ops::softmax {
namespace {

namespace schema = tflite_schema;

Result<AttributeMap> read(const schema::Operator& op, schema::BuiltinOperator /*code*/) {
  const auto* options = op.builtin_options_as_SoftmaxOptions();
  if (options == nullptr) return missing_options();
  return to_map({.beta = static_cast<double>(options->beta())});
}

Result<TfliteOptions> write(const graph::Graph& graph, const graph::Node& node,
                            flatbuffers::FlatBufferBuilder& builder) {
  MOTE_TRY(const Attributes attributes, softmax::attributes(graph, node));
  const auto offset = schema::CreateSoftmaxOptions(builder, static_cast<float>(attributes.beta));
  return TfliteOptions{schema::BuiltinOptions::SoftmaxOptions, offset.Union()};
}

std::int32_t version(const graph::Graph& graph, const graph::Node& node) {
  switch (input(graph, node, 0)->dtype) {
    case graph::DType::kInt16:
      return 3;
    case graph::DType::kInt8:
      return 2;
    default:
      return 1;
  }
}

constexpr schema::BuiltinOperator kCodes[] = {schema::BuiltinOperator::SOFTMAX};

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version};

}  // namespace mote::ops::softmax
