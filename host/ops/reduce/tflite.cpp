// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include <algorithm>

#include "ops/reduce/reduce.h"

namespace mote::ops::reduce {
namespace {

namespace schema = tflite_schema;
using schema::BuiltinOperator;

/// In the order of Function.
constexpr BuiltinOperator kCodes[] = {BuiltinOperator::REDUCE_ALL, BuiltinOperator::REDUCE_ANY,
                                      BuiltinOperator::REDUCE_MAX, BuiltinOperator::MEAN,
                                      BuiltinOperator::REDUCE_MIN, BuiltinOperator::REDUCE_PROD,
                                      BuiltinOperator::SUM};

Result<AttributeMap> read(const schema::Operator& op, BuiltinOperator code) {
  const auto* options = op.builtin_options_as_ReducerOptions();
  if (options == nullptr) return missing_options();
  const auto function = static_cast<Function>(std::ranges::find(kCodes, code) - std::begin(kCodes));
  return to_map({function, options->keep_dims()});
}

Result<TfliteOptions> write(const graph::Graph& graph, const graph::Node& node,
                            flatbuffers::FlatBufferBuilder& builder) {
  MOTE_TRY(const Attributes attributes, reduce::attributes(graph, node));
  return TfliteOptions{schema::BuiltinOptions::ReducerOptions,
                       schema::CreateReducerOptions(builder, attributes.keep_axes).Union()};
}

std::int32_t version(const graph::Graph& graph, const graph::Node& node) {
  return usual_version(graph, node);
}

BuiltinOperator code(const graph::Graph& graph, const graph::Node& node) {
  return kCodes[static_cast<std::size_t>(reduce::attributes(graph, node)->function)];
}

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version, code};

}  // namespace mote::ops::reduce
