// SPDX-License-Identifier: Apache-2.0
#include "ops/tflite.h"

#include "ops/add_n/add_n.h"

namespace mote::ops::add_n {
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

constexpr schema::BuiltinOperator kCodes[] = {schema::BuiltinOperator::ADD_N};

}  // namespace

extern const Tflite kTflite = {kCodes, read, write, version};

}  // namespace mote::ops::add_n
