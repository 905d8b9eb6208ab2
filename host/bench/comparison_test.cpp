// SPDX-License-Identifier: Apache-2.0
#include "bench/comparison.h"

#include <gmock/gmock.h>

#include "core/files.h"
#include "core/temporary_folder.h"

namespace mote::bench {
namespace {

using testing::HasSubstr;

Recorded result(const std::string& model, std::int64_t instructions) {
  return {model, "board", "speed", instructions, 1000, 100};
}

TEST(Comparison, ALossOfMoreThanTwoPercentIsOne) {
  const auto changes = compare({result("a", 1000), result("b", 1000), result("c", 1000)},
                               {result("a", 1020), result("b", 1021), result("c", 900)}, {});
  ASSERT_EQ(changes.size(), 3u);
  EXPECT_FALSE(changes[0].is_loss);
  EXPECT_TRUE(changes[1].is_loss);
  EXPECT_FALSE(changes[2].is_loss);
}

TEST(Comparison, OnlyTheSameModelBoardAndOptimisationAreCompared) {
  Recorded size = result("a", 2000);
  size.optimize = "size";
  EXPECT_TRUE(compare({result("a", 1000)}, {size}, {}).empty());
  EXPECT_TRUE(compare({result("a", 1000)}, {result("b", 1000)}, {}).empty());
}

TEST(Comparison, ALossIsAcceptedWithItsNumberOnly) {
  const Accepted entry = {"a", "board", "speed", 1100, "safer"};
  EXPECT_EQ(compare({result("a", 1000)}, {result("a", 1100)}, {entry})[0].accepted, "safer");
  EXPECT_EQ(compare({result("a", 1000)}, {result("a", 1101)}, {entry})[0].accepted, "");
  EXPECT_EQ(compare({result("b", 1000)}, {result("b", 1100)}, {entry})[0].accepted, "");
}

TEST(Comparison, ReadsWhatWasAccepted) {
  const auto entries = parse_accepted(
      "[[accepted]]\nmodel = 'a'\nboard = 'b'\noptimize = 'size'\ninstructions = 5\nreason = 'why'\n", "x");
  ASSERT_TRUE(entries.has_value());
  ASSERT_EQ(entries->size(), 1u);
  EXPECT_EQ((*entries)[0].instructions, 5);
  EXPECT_TRUE(parse_accepted("", "x")->empty());
}

TEST(Comparison, RefusesAnEntryWithoutReasonAndSaysWhere) {
  const auto entries =
      parse_accepted("[[accepted]]\nmodel='a'\nboard='b'\noptimize='size'\ninstructions=5\n", "x.toml");
  ASSERT_FALSE(entries.has_value());
  EXPECT_THAT(entries.error().what, HasSubstr("'reason' is missing"));
  EXPECT_EQ(entries.error().where, "x.toml:1");
  EXPECT_FALSE(parse_accepted("[[accepted]\n", "x.toml").has_value());
  EXPECT_FALSE(parse_accepted("accepted = [1]\n", "x.toml").has_value());
}

TEST(Comparison, ReadsAFolderOfResults) {
  const auto folder = TemporaryFolder::create("mote-comparison").value();
  EXPECT_THAT(read_recorded(folder.path()).error().what, HasSubstr("no recorded results"));
  ASSERT_TRUE(write_file(folder.path() / "a.json",
                         std::string_view(R"({"model": "a", "board": "b", "optimize": "speed",
                             "instructions": 7, "code_bytes": 8, "ram_bytes": 9})"))
                  .has_value());
  const auto all = read_recorded(folder.path());
  ASSERT_TRUE(all.has_value()) << to_text(all.error());
  ASSERT_EQ(all->size(), 1u);
  EXPECT_EQ((*all)[0].instructions, 7);
  ASSERT_TRUE(write_file(folder.path() / "b.json", std::string_view("{}")).has_value());
  EXPECT_THAT(read_recorded(folder.path()).error().what, HasSubstr("'model' is missing"));
}

}  // namespace
}  // namespace mote::bench
