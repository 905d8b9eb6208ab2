// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include "ops/operands.h"
#include "ops/pad/pad.h"

namespace mote::ops::pad {
namespace {

namespace schema = tflite_schema;
using schema::BuiltinOperator;

constexpr BuiltinOperator kCodes[] = {BuiltinOperator::PAD, BuiltinOperator::PADV2,
                                      BuiltinOperator::MIRROR_PAD};

Result<AttributeMap> read(const schema::Operator& op, BuiltinOperator code) {
  if (code != BuiltinOperator::MIRROR_PAD) return to_map({Border::kConstant});
  const auto* options = op.builtin_options_as_MirrorPadOptions();
  if (options == nullptr) return missing_options();
  return to_map({options->mode() == schema::MirrorPadMode::REFLECT ? Border::kReflect : Border::kSymmetric});
}

Result<TfliteOptions> write(const graph::Graph& graph, const graph::Node& node,
                            flatbuffers::FlatBufferBuilder& builder) {
  MOTE_TRY(const Attributes attributes, pad::attributes(graph, node));
  if (attributes.border == Border::kConstant) return TfliteOptions{};
  const auto mode = attributes.border == Border::kReflect ? schema::MirrorPadMode::REFLECT
                                                          : schema::MirrorPadMode::SYMMETRIC;
  return TfliteOptions{schema::BuiltinOptions::MirrorPadOptions,
                       schema::CreateMirrorPadOptions(builder, mode).Union()};
}

std::int32_t version(const graph::Graph& graph, const graph::Node& node) {
  return usual_version(graph, node);
}

BuiltinOperator code(const graph::Graph& graph, const graph::Node& node) {
  if (pad::attributes(graph, node)->border != Border::kConstant) return BuiltinOperator::MIRROR_PAD;
  return input(graph, node, 2) == nullptr ? BuiltinOperator::PAD : BuiltinOperator::PADV2;
}

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version, code};

}  // namespace mote::ops::pad
