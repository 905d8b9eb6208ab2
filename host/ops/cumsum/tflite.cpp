// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include "ops/cumsum/cumsum.h"

namespace mote::ops::cumsum {
namespace {

namespace schema = tflite_schema;

Result<AttributeMap> read(const schema::Operator& op, schema::BuiltinOperator /*code*/) {
  const auto* options = op.builtin_options_as_CumsumOptions();
  if (options == nullptr) return missing_options();
  return to_map({options->exclusive(), options->reverse()});
}

Result<TfliteOptions> write(const graph::Graph& graph, const graph::Node& node,
                            flatbuffers::FlatBufferBuilder& builder) {
  MOTE_TRY(const Attributes attributes, cumsum::attributes(graph, node));
  return TfliteOptions{
      schema::BuiltinOptions::CumsumOptions,
      schema::CreateCumsumOptions(builder, attributes.exclusive, attributes.reverse).Union()};
}

std::int32_t version(const graph::Graph& /*graph*/, const graph::Node& /*node*/) {
  return 1;
}

constexpr schema::BuiltinOperator kCodes[] = {schema::BuiltinOperator::CUMSUM};

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version};

}  // namespace mote::ops::cumsum
