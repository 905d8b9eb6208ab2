// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include <algorithm>

#include "ops/operands.h"
#include "ops/view/view.h"

namespace mote::ops::view {
namespace {

namespace schema = tflite_schema;
using schema::BuiltinOperator;
using schema::BuiltinOptions;

/// In the order of Function.
constexpr BuiltinOperator kCodes[] = {BuiltinOperator::BROADCAST_TO,   BuiltinOperator::DEPTH_TO_SPACE,
                                      BuiltinOperator::REVERSE_V2,     BuiltinOperator::SLICE,
                                      BuiltinOperator::SPACE_TO_DEPTH, BuiltinOperator::STRIDED_SLICE,
                                      BuiltinOperator::TRANSPOSE};

Result<AttributeMap> read(const schema::Operator& op, BuiltinOperator code) {
  Attributes attributes;
  attributes.function = static_cast<Function>(std::ranges::find(kCodes, code) - std::begin(kCodes));
  if (attributes.function == Function::kDepthToSpace) {
    const auto* options = op.builtin_options_as_DepthToSpaceOptions();
    if (options == nullptr) return missing_options();
    attributes.block = options->block_size();
  } else if (attributes.function == Function::kSpaceToDepth) {
    const auto* options = op.builtin_options_as_SpaceToDepthOptions();
    if (options == nullptr) return missing_options();
    attributes.block = options->block_size();
  } else if (attributes.function == Function::kStridedSlice) {
    const auto* options = op.builtin_options_as_StridedSliceOptions();
    if (options == nullptr) return missing_options();
    attributes.masks = {options->begin_mask(),    options->end_mask(),         options->ellipsis_mask(),
                        options->new_axis_mask(), options->shrink_axis_mask(), options->offset()};
  }
  return to_map(attributes);
}

Result<TfliteOptions> write(const graph::Graph& graph, const graph::Node& node,
                            flatbuffers::FlatBufferBuilder& builder) {
  MOTE_TRY(const Attributes attributes, view::attributes(graph, node));
  if (attributes.function == Function::kDepthToSpace)
    return TfliteOptions{BuiltinOptions::DepthToSpaceOptions,
                         schema::CreateDepthToSpaceOptions(builder, attributes.block).Union()};
  if (attributes.function == Function::kSpaceToDepth)
    return TfliteOptions{BuiltinOptions::SpaceToDepthOptions,
                         schema::CreateSpaceToDepthOptions(builder, attributes.block).Union()};
  if (attributes.function != Function::kStridedSlice) return TfliteOptions{};
  const Masks& masks = attributes.masks;
  const auto offset = schema::CreateStridedSliceOptions(builder, masks.begin, masks.end, masks.ellipsis,
                                                        masks.new_axis, masks.shrink, masks.offset);
  return TfliteOptions{BuiltinOptions::StridedSliceOptions, offset.Union()};
}

std::int32_t version(const graph::Graph& graph, const graph::Node& node) {
  const Attributes attributes = *view::attributes(graph, node);
  if (attributes.function == Function::kBroadcastTo) return std::max(2, usual_version(graph, node));
  if (attributes.masks.offset) return 8;
  if (attributes.masks.ellipsis != 0 || attributes.masks.new_axis != 0) return 6;
  return usual_version(graph, node);
}

BuiltinOperator code(const graph::Graph& graph, const graph::Node& node) {
  return kCodes[static_cast<std::size_t>(view::attributes(graph, node)->function)];
}

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version, code};

}  // namespace mote::ops::view
