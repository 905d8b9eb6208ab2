// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include "ops/select/select.h"

namespace mote::ops::select {
namespace {

namespace schema = tflite_schema;

Result<AttributeMap> read(const schema::Operator& /*op*/, schema::BuiltinOperator /*code*/) {
  return to_map({});
}

Result<TfliteOptions> write(const graph::Graph& /*graph*/, const graph::Node& /*node*/,
                            flatbuffers::FlatBufferBuilder& /*builder*/) {
  return TfliteOptions{};
}

std::int32_t version(const graph::Graph& /*graph*/, const graph::Node& /*node*/) {
  return 1;
}

constexpr schema::BuiltinOperator kCodes[] = {schema::BuiltinOperator::SELECT_V2};

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version};

}  // namespace mote::ops::select
