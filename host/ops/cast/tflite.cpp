// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include "ops/cast/cast.h"
#include "ops/operands.h"

namespace mote::ops::cast {
namespace {

namespace schema = tflite_schema;
using graph::DType;

/// The tensors say the types; so do the options, which some files leave out.
Result<AttributeMap> read(const schema::Operator& /*op*/, schema::BuiltinOperator /*code*/) {
  return to_map({});
}

schema::TensorType to_tflite(DType type) {
  switch (type) {
    case DType::kFloat32:
      return schema::TensorType::FLOAT32;
    case DType::kInt8:
      return schema::TensorType::INT8;
    case DType::kUInt8:
      return schema::TensorType::UINT8;
    case DType::kInt16:
      return schema::TensorType::INT16;
    case DType::kInt32:
      return schema::TensorType::INT32;
    case DType::kInt64:
      return schema::TensorType::INT64;
    case DType::kBool:
      return schema::TensorType::BOOL;
    case DType::kUInt16:
      return schema::TensorType::UINT16;
    case DType::kUInt32:
      return schema::TensorType::UINT32;
  }
  return schema::TensorType::FLOAT32;
}

Result<TfliteOptions> write(const graph::Graph& graph, const graph::Node& node,
                            flatbuffers::FlatBufferBuilder& builder) {
  const auto offset = schema::CreateCastOptions(builder, to_tflite(input(graph, node, 0)->dtype),
                                                to_tflite(output(graph, node).dtype));
  return TfliteOptions{schema::BuiltinOptions::CastOptions, offset.Union()};
}

std::int32_t version(const graph::Graph& /*graph*/, const graph::Node& /*node*/) {
  return 1;
}

constexpr schema::BuiltinOperator kCodes[] = {schema::BuiltinOperator::CAST};

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version};

}  // namespace mote::ops::cast
