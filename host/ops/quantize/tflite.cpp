// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include "ops/quantize/quantize.h"

namespace mote::ops::quantize {
namespace {

namespace schema = tflite_schema;

Result<AttributeMap> read(const schema::Operator& /*op*/, schema::BuiltinOperator /*code*/) {
  return to_map({});
}

Result<TfliteOptions> write(const graph::Graph& /*graph*/, const graph::Node& /*node*/,
                            flatbuffers::FlatBufferBuilder& builder) {
  return TfliteOptions{schema::BuiltinOptions::QuantizeOptions,
                       schema::CreateQuantizeOptions(builder).Union()};
}

std::int32_t version(const graph::Graph& /*graph*/, const graph::Node& /*node*/) {
  return 1;
}

constexpr schema::BuiltinOperator kCodes[] = {schema::BuiltinOperator::QUANTIZE};

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version};

}  // namespace mote::ops::quantize
