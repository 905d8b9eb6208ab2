// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include "ops/arg_min_max/arg_min_max.h"
#include "ops/operands.h"

namespace mote::ops::arg_min_max {
namespace {

namespace schema = tflite_schema;
using schema::BuiltinOperator;
using schema::BuiltinOptions;

constexpr BuiltinOperator kCodes[] = {BuiltinOperator::ARG_MAX, BuiltinOperator::ARG_MIN};

/// The output's own type says what the option says.
Result<AttributeMap> read(const schema::Operator& /*op*/, BuiltinOperator code) {
  return to_map({.largest = code == BuiltinOperator::ARG_MAX});
}

Result<TfliteOptions> write(const graph::Graph& graph, const graph::Node& node,
                            flatbuffers::FlatBufferBuilder& builder) {
  MOTE_TRY(const Attributes attributes, arg_min_max::attributes(graph, node));
  const auto type = output(graph, node).dtype == graph::DType::kInt64 ? schema::TensorType::INT64
                                                                      : schema::TensorType::INT32;
  if (attributes.largest)
    return TfliteOptions{BuiltinOptions::ArgMaxOptions, schema::CreateArgMaxOptions(builder, type).Union()};
  return TfliteOptions{BuiltinOptions::ArgMinOptions, schema::CreateArgMinOptions(builder, type).Union()};
}

std::int32_t version(const graph::Graph& graph, const graph::Node& node) {
  return usual_version(graph, node);
}

BuiltinOperator code(const graph::Graph& graph, const graph::Node& node) {
  return kCodes[arg_min_max::attributes(graph, node)->largest ? 0 : 1];
}

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version, code};

}  // namespace mote::ops::arg_min_max
