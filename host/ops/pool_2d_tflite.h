// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "ops/tflite.h"

namespace mote::ops {

/// The functions of the aspect "tflite" of both pooling operators.
Result<AttributeMap> read_pool_2d(const tflite_schema::Operator& op, tflite_schema::BuiltinOperator code);
Result<TfliteOptions> write_pool_2d(const graph::Graph& graph, const graph::Node& node,
                                    flatbuffers::FlatBufferBuilder& builder);
std::int32_t version_of_pool_2d(const graph::Graph& graph, const graph::Node& node);

}  // namespace mote::ops
