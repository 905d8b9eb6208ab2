// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include <fmt/format.h>

#include "ops/operands.h"
#include "ops/svdf/svdf.h"

namespace mote::ops::svdf {
namespace {

namespace schema = tflite_schema;

/// In the order of FilterActivation.
constexpr schema::ActivationFunctionType kActivations[] = {
    schema::ActivationFunctionType::NONE,  schema::ActivationFunctionType::RELU,
    schema::ActivationFunctionType::RELU6, schema::ActivationFunctionType::RELU_N1_TO_1,
    schema::ActivationFunctionType::TANH,  schema::ActivationFunctionType::SIGN_BIT};

Result<AttributeMap> read(const schema::Operator& op, schema::BuiltinOperator /*code*/) {
  const auto* options = op.builtin_options_as_SVDFOptions();
  if (options == nullptr) return missing_options();
  for (std::size_t index = 0; index < std::size(kActivations); ++index)
    if (options->fused_activation_function() == kActivations[index])
      return to_map({.rank = options->rank(), .activation = static_cast<FilterActivation>(index)});
  return fail(ErrorKind::kInput, fmt::format("fused activation {} does not exist, expected 0 ... 5",
                                             static_cast<int>(options->fused_activation_function())));
}

Result<TfliteOptions> write(const graph::Graph& graph, const graph::Node& node,
                            flatbuffers::FlatBufferBuilder& builder) {
  MOTE_TRY(const Attributes attributes, svdf::attributes(graph, node));
  const auto offset = schema::CreateSVDFOptions(
      builder, attributes.rank, kActivations[static_cast<std::size_t>(attributes.activation)]);
  return TfliteOptions{schema::BuiltinOptions::SVDFOptions, offset.Union()};
}

std::int32_t version(const graph::Graph& graph, const graph::Node& node) {
  if (input(graph, node, kIn)->dtype != graph::DType::kInt8) return 1;
  return input(graph, node, kTime)->dtype == graph::DType::kInt8 ? 4 : 3;
}

constexpr schema::BuiltinOperator kCodes[] = {schema::BuiltinOperator::SVDF};

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version};

}  // namespace mote::ops::svdf
