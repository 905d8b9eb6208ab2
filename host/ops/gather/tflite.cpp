// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include <algorithm>

#include "ops/gather/gather.h"
#include "ops/operands.h"

namespace mote::ops::gather {
namespace {

namespace schema = tflite_schema;
using schema::BuiltinOperator;

/// In the order of Function.
constexpr BuiltinOperator kCodes[] = {BuiltinOperator::EMBEDDING_LOOKUP, BuiltinOperator::GATHER,
                                      BuiltinOperator::GATHER_ND};

Result<AttributeMap> read(const schema::Operator& op, BuiltinOperator code) {
  Attributes attributes;
  attributes.function = static_cast<Function>(std::ranges::find(kCodes, code) - std::begin(kCodes));
  if (attributes.function == Function::kGather) {
    const auto* options = op.builtin_options_as_GatherOptions();
    if (options == nullptr) return missing_options();
    attributes.axis = options->axis();
    attributes.batch_axes = options->batch_dims();
  }
  return to_map(attributes);
}

Result<TfliteOptions> write(const graph::Graph& graph, const graph::Node& node,
                            flatbuffers::FlatBufferBuilder& builder) {
  MOTE_TRY(const Attributes attributes, gather::attributes(graph, node));
  if (attributes.function != Function::kGather) return TfliteOptions{};
  return TfliteOptions{schema::BuiltinOptions::GatherOptions,
                       schema::CreateGatherOptions(builder, attributes.axis, attributes.batch_axes).Union()};
}

std::int32_t version(const graph::Graph& graph, const graph::Node& node) {
  const Attributes attributes = *gather::attributes(graph, node);
  if (attributes.batch_axes != 0) return 5;
  if (attributes.function == Function::kEmbeddingLookup) return 1;
  return usual_version(graph, node) == 2 ? 2 : 1;
}

BuiltinOperator code(const graph::Graph& graph, const graph::Node& node) {
  return kCodes[static_cast<std::size_t>(gather::attributes(graph, node)->function)];
}

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version, code};

}  // namespace mote::ops::gather
