// SPDX-License-Identifier: Apache-2.0
#include "verify/golden.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compile/test_graphs.h"
#include "core/files.h"
#include "support/require.h"

namespace mote::verify {
namespace {

using testing::HasSubstr;

/// A golden folder of one run for the gesture network: 300 bytes in, 3 out.
class GoldenFolder {
 public:
  GoldenFolder() {
    write("golden.json", R"({"n": 1, "op_outputs": [[0, 3, 32, [7]]]})");
    write("in_0.bin", std::string(300, 'i'));
    write("out_0.bin", "abc");
  }
  void write(const std::string& name, const std::string& content) {
    if (!write_file(folder_.path() / name, std::string_view(content))) throw std::runtime_error(name);
  }
  std::string error() const {
    const auto golden = read_golden(folder_.path(), graph_);
    return golden ? "read" : to_text(golden.error());
  }
  const graph::Graph& graph() const { return graph_; }
  const std::filesystem::path& path() const { return folder_.path(); }

 private:
  test::TemporaryDirectory folder_;
  graph::Graph graph_ = compile::gesture_graph();
};

TEST(ReadGolden, HoldsInputsOutputsAndCheckSums) {
  GoldenFolder folder;
  graph::ValueId first = folder.graph().nodes[0].outputs[0];
  folder.write("golden.json", R"({"n": 1, "op_outputs": [[0, )" + std::to_string(first) + R"(, 32, [7]]]})");
  const auto golden = read_golden(folder.path(), folder.graph());
  ASSERT_TRUE(golden) << to_text(golden.error());
  EXPECT_EQ(golden->inputs, std::vector<Bytes>{Bytes(300, 'i')});
  EXPECT_EQ(golden->outputs, (std::vector<Bytes>{{'a', 'b', 'c'}}));
  EXPECT_TRUE(golden->sequence_outputs.empty());
  ASSERT_EQ(golden->operators.size(), 1u);
  EXPECT_EQ(golden->operators[0].value, first);
  EXPECT_EQ(golden->operators[0].crc32, std::vector<std::uint32_t>{7});
}

TEST(ReadGolden, RefusesWhatBelongsToAnotherModel) {
  GoldenFolder folder;
  folder.write("out_0.bin", "abcd");
  EXPECT_THAT(folder.error(), HasSubstr("out_0.bin: 4 bytes, the model's are 3 for one run"));
  folder.write("out_0.bin", "abc");
  folder.write("golden.json", R"({"n": 0})");
  EXPECT_THAT(folder.error(), HasSubstr("'n' is 0, expected 1"));
  folder.write("golden.json", R"({"n": 2})");
  EXPECT_THAT(folder.error(), HasSubstr("in_1.bin"));
  folder.write("golden.json", R"({"n": 1, "stateful": true})");
  EXPECT_THAT(folder.error(), HasSubstr("seq_out_0.bin"));
  for (const char* entries : {"7", "[[0, 1]]", R"([[0, 999, 32, [7]]])", R"([[0, 0, 31, [7]]])",
                              R"([[0, 0, 300, []]])", R"([[0, 0, 300, ["x"]]])"}) {
    folder.write("golden.json", std::string(R"({"n": 1, "op_outputs": )") + entries + "}");
    EXPECT_THAT(folder.error(), HasSubstr("entry 0 of 'op_outputs' is not")) << entries;
  }
}

TEST(MakeGolden, IsTheSameEachTimeAndAnotherForEachRun) {
  const graph::Graph graph = compile::gesture_graph();
  const auto first = make_golden(graph, 3, Rounding::kDouble);
  const auto second = make_golden(graph, 3, Rounding::kDouble);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->inputs, second->inputs);
  EXPECT_EQ(first->outputs, second->outputs);
  EXPECT_NE(first->inputs[0], first->inputs[1]);
  // The first steps of xorshift32 from 0x9E3779B9 ^ 0x01000193, its upper byte.
  EXPECT_EQ(first->inputs[0].size(), 300u);
}

}  // namespace
}  // namespace mote::verify
