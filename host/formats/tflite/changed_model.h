// SPDX-License-Identifier: Apache-2.0
#pragma once
// Files for tests: models with one thing changed in them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/test_graphs.h"
#include "tflite/custom_model.h"
#include "tflite/tflite.h"

namespace mote::tflite {

inline Bytes written(const graph::Graph& graph) {
  auto bytes = write(graph);
  EXPECT_TRUE(bytes) << to_text(bytes.error());
  return bytes ? *bytes : Bytes{};
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
