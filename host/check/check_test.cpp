// SPDX-License-Identifier: Apache-2.0
#include "check/check.h"

#include <gmock/gmock.h>

#include "core/files.h"
#include "run_fixture/run_fixture.h"

namespace mote::check {
namespace {

using test::RunFixture;

TEST(Checklist, TheReferencePageIsMadeOfTheItems) {
  const auto page = read_text(std::filesystem::path(MOTE_SOURCE_DIR) / "docs" / "reference" / "checklist.md");
  ASSERT_TRUE(page.has_value());
  EXPECT_EQ(*page, reference_page()) << "run `mote check --list > docs/reference/checklist.md`";
}

TEST(Checklist, IdsAreUnique) {
  std::set<std::string> ids;
  for (const Item* item : items()) EXPECT_TRUE(ids.insert(item->id).second) << item->id;
}

TEST(Check, ReleaseWantsWhatIsManualAndEnoughData) {
  RunFixture run;
  run.files.erase("signoff.toml");
  run.write();
  const auto manual = judge(collect(run.root()));
  EXPECT_TRUE(passed(manual, false));
  EXPECT_FALSE(passed(manual, true));

  RunFixture few;
  few.facts["train"]["test"]["recordings_total"] = 12;
  few.facts["train"]["test"]["recordings_right"] = 12;
  few.write();
  const auto thin = judge(collect(few.root()));
  EXPECT_TRUE(passed(thin, false));
  EXPECT_FALSE(passed(thin, true));
}

TEST(Check, WritesAFactThatKnowsWhatItWasMadeFrom) {
  RunFixture fixture;
  fixture.write();
  ASSERT_TRUE(run(fixture.root(), false).has_value());
  const auto fact = read_whole_fact(fixture.root(), {.stage = "check", .version = 1});
  ASSERT_TRUE(fact.has_value()) << to_text(fact.error());
  EXPECT_EQ(fact->facts.at("passed"), true);
  EXPECT_EQ(fact->facts.at("items").size(), items().size());
  EXPECT_TRUE(fact->inputs.contains("run/simulate.json"));
  EXPECT_TRUE(fact->inputs.contains("signoff.toml"));
  ASSERT_TRUE(write_file(fixture.root() / "run" / "train.json", std::string_view("{}")).has_value());
  EXPECT_THAT(stale_files(fixture.root(), {.stage = "check", .version = 1}).value(),
              testing::ElementsAre("run/train.json"));
}

TEST(Check, AnEmptyFolderFailsEveryItemAndCrashesNowhere) {
  const test::TemporaryDirectory empty;
  for (const auto& [item, finding] : judge(collect(empty.path())))
    EXPECT_EQ(finding.status, Status::kFail) << item->id;
}

}  // namespace
}  // namespace mote::check
