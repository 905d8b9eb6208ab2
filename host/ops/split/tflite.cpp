// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include <algorithm>

#include "ops/operands.h"
#include "ops/split/split.h"

namespace mote::ops::split {
namespace {

namespace schema = tflite_schema;
using schema::BuiltinOperator;
using schema::BuiltinOptions;

/// In the order of Function.
constexpr BuiltinOperator kCodes[] = {BuiltinOperator::SPLIT, BuiltinOperator::SPLIT_V,
                                      BuiltinOperator::UNPACK};

Result<AttributeMap> read(const schema::Operator& op, BuiltinOperator code) {
  Attributes attributes;
  attributes.function = static_cast<Function>(std::ranges::find(kCodes, code) - std::begin(kCodes));
  if (attributes.function == Function::kUnpack) {
    const auto* options = op.builtin_options_as_UnpackOptions();
    if (options == nullptr) return missing_options();
    attributes.axis = options->axis();
  }
  return to_map(attributes);
}

Result<TfliteOptions> write(const graph::Graph& graph, const graph::Node& node,
                            flatbuffers::FlatBufferBuilder& builder) {
  MOTE_TRY(const Attributes attributes, split::attributes(graph, node));
  const auto parts = static_cast<std::int32_t>(node.outputs.size());
  switch (attributes.function) {
    case Function::kSplit:
      return TfliteOptions{BuiltinOptions::SplitOptions, schema::CreateSplitOptions(builder, parts).Union()};
    case Function::kSizes:
      return TfliteOptions{BuiltinOptions::SplitVOptions,
                           schema::CreateSplitVOptions(builder, parts).Union()};
    case Function::kUnpack:
      break;
  }
  return TfliteOptions{BuiltinOptions::UnpackOptions,
                       schema::CreateUnpackOptions(builder, parts, attributes.axis).Union()};
}

std::int32_t version(const graph::Graph& graph, const graph::Node& node) {
  return usual_version(graph, node, data_input(split::attributes(graph, node)->function));
}

BuiltinOperator code(const graph::Graph& graph, const graph::Node& node) {
  return kCodes[static_cast<std::size_t>(split::attributes(graph, node)->function)];
}

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version, code};

}  // namespace mote::ops::split
