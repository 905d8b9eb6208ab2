// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include "ops/batch_matmul/batch_matmul.h"
#include "ops/operands.h"

namespace mote::ops::batch_matmul {
namespace {

namespace schema = tflite_schema;

Result<AttributeMap> read(const schema::Operator& op, schema::BuiltinOperator /*code*/) {
  const auto* options = op.builtin_options_as_BatchMatMulOptions();
  if (options == nullptr) return missing_options();
  return to_map({.left_transposed = options->adj_x(), .right_transposed = options->adj_y()});
}

Result<TfliteOptions> write(const graph::Graph& graph, const graph::Node& node,
                            flatbuffers::FlatBufferBuilder& builder) {
  MOTE_TRY(const Attributes attributes, batch_matmul::attributes(graph, node));
  const auto offset =
      schema::CreateBatchMatMulOptions(builder, attributes.left_transposed, attributes.right_transposed);
  return TfliteOptions{schema::BuiltinOptions::BatchMatMulOptions, offset.Union()};
}

std::int32_t version(const graph::Graph& graph, const graph::Node& node) {
  const graph::DType type = input(graph, node, 0)->dtype;
  return type == graph::DType::kInt16 ? 3 : type == graph::DType::kInt8 ? 2 : 1;
}

constexpr schema::BuiltinOperator kCodes[] = {schema::BuiltinOperator::BATCH_MATMUL};

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version};

}  // namespace mote::ops::batch_matmul
