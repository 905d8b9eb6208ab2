// SPDX-License-Identifier: Apache-2.0
#pragma once
// Files for tests: models with one thing changed in them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/test_graphs.h"
#include "tflite/tflite.h"
#include "tflite_schema/tflite_generated.h"

namespace mote::tflite {

namespace schema = tflite_schema;
using Bytes = std::vector<std::uint8_t>;

inline Bytes written(const graph::Graph& graph) {
  auto bytes = write(graph);
  EXPECT_TRUE(bytes) << to_text(bytes.error());
  return bytes ? *bytes : Bytes{};
}

inline Bytes packed(const schema::ModelT& model) {
  flatbuffers::FlatBufferBuilder builder;
  schema::FinishModelBuffer(builder, schema::Model::Pack(builder, &model));
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

/// The file of conv_model() with a change made to it.
template <class Change>
Bytes changed(Change change) {
  const Bytes file = written(ops::test::conv_model());
  const auto model = schema::UnPackModel(file.data());
  change(*model);
  return packed(*model);
}

/// What read() says against the file; empty: nothing.
inline std::string message(const Bytes& file) {
  const auto graph = read(file, "model.tflite");
  return graph ? "" : to_text(graph.error());
}

template <class Change>
std::string message_of(Change change) {
  return message(changed(change));
}

}  // namespace mote::tflite
