// SPDX-License-Identifier: Apache-2.0
// What the fuzzer starts from is whole models, and every operator is among them.
#include "tflite_seeds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "ops/ops.h"
#include "tflite/tflite.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace mote {
namespace {

TEST(TfliteSeeds, AreModelsThatMoteReads) {
  for (const test::Seed& seed : test::tflite_seeds()) {
    const auto graph = tflite::read(seed.file, seed.name);
    EXPECT_TRUE(graph) << to_text(graph.error());
  }
}

TEST(TfliteSeeds, CoverEveryOperator) {
  std::set<std::string> covered;
  for (const test::Seed& seed : test::tflite_seeds())
    if (const auto graph = tflite::read(seed.file, seed.name))
      for (const graph::Node& node : graph->nodes) covered.insert(node.op);
  for (const std::string_view op : ops::names()) EXPECT_TRUE(covered.contains(std::string(op))) << op;
}

TEST(TfliteSeeds, PassTheFuzzTarget) {
  for (const test::Seed& seed : test::tflite_seeds())
    LLVMFuzzerTestOneInput(seed.file.data(), seed.file.size());
}

}  // namespace
}  // namespace mote
