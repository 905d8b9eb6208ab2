// SPDX-License-Identifier: Apache-2.0
#include "report/report.h"

#include <gmock/gmock.h>

#include "core/files.h"
#include "run_fixture/run_fixture.h"

namespace mote::report {
namespace {

using test::RunFixture;
using testing::HasSubstr;
using testing::Not;

std::string page_of(const RunFixture& run) {
  run.write();
  return page(read_evidence(run.root()));
}

Json checklist(const char* status) {
  return {{"items", Json::array({{{"id", "memory-exact"},
                                  {"title", "Memory is known"},
                                  {"status", status},
                                  {"evidence", "332 bytes"},
                                  {"fix", "remove the heap"}}})},
          {"release", false},
          {"passed", std::string_view(status) == "pass"}};
}

void add_checklist(const RunFixture& run, const char* status) {
  ASSERT_TRUE(
      write_fact(run.root(), {.stage = "check", .version = 1}, {"run/simulate.json"}, {}, checklist(status))
          .has_value());
}

TEST(Report, ShowsEveryPartOfAFinishedRun) {
  RunFixture run;
  run.write();
  add_checklist(run, "pass");
  const std::string html = page(read_evidence(run.root()));
  for (const char* words :
       {"Ready for release", "1.0.0", "5d41402abc4b2a76", "98.6 %", "generated code on the device",
        "Windows equal", "chosen 0.70", "13,840", "332 B", "cortex_m_dsp", "Memory is known", "s1-punch-003",
        "kept: epoch 26", "run/model_int8.tflite"})
    EXPECT_THAT(html, HasSubstr(words));
  EXPECT_THAT(html, Not(HasSubstr("class=\"note\"")));
}

TEST(Report, ShowsBlocksAndPicturesOfFeatures) {
  RunFixture run;
  const Json picture = {{"width", 2}, {"height", 1}, {"seconds", 0.5}, {"pixels", {0, 255}}};
  run.facts["features"] = {
      {"blocks",
       {{{"block", "frame"},
         {"output", "480 x 1"},
         {"element", "int16_t"},
         {"unit", ""},
         {"frames_hz", 50},
         {"state_bytes", 968},
         {"scratch_bytes", 0}}}},
      {"columns", {"frame 0", "frame 1"}},
      {"rows_hz", 50},
      {"window_rows", 49},
      {"state_bytes", 968},
      {"work_bytes", 960},
      {"pictures", {{"<yes>", {{"id", "s1-yes-000"}, {"features", picture}, {"spectrogram", picture}}}}}};

  const std::string html = page_of(run);
  EXPECT_THAT(html, HasSubstr("480 x 1 int16_t"));
  EXPECT_THAT(html, HasSubstr("a window is 49 rows"));
  EXPECT_THAT(html, HasSubstr("alt=\"spectrogram of &lt;yes&gt;\" src=\"data:image/png;base64,"));
}

TEST(Report, ShowsHowDeepTheStackGetsAndWhere) {
  const std::string html = page_of(RunFixture());
  for (const char* words : {"Stack at worst: 516 B", "Board::check_sensor()", "mote_timer_interrupt", ">408<",
                            "interrupts do not interrupt each other"})
    EXPECT_THAT(html, HasSubstr(words));
  RunFixture unknown;
  unknown.facts["firmware"]["stack"] = {
      {"known", false}, {"reserved_bytes", 2048}, {"reason", "an old compiler does not tell it"}};
  EXPECT_THAT(page_of(unknown), HasSubstr("is not known: an old compiler does not tell it"));
}

TEST(Report, NeedsNothingFromElsewhereAndNoScript) {
  const std::string html = page_of(RunFixture());
  for (const char* words : {"<script", "http:", "https:", "src=", "@import", "url(", "<link"})
    EXPECT_THAT(html, Not(HasSubstr(words)));
}

TEST(Report, EscapesWhatComesFromOutside) {
  const std::string attack = "</script><script>alert(1)</script>\"'><img onerror=x>";
  RunFixture run;
  for (auto& [stage, facts] : run.facts) {
    const std::string text = facts.dump();
    std::string changed = text;
    for (const char* word :
         {"\"punch\"", "\"ada\"", "\"aX\"", "\"s1\"", "\"1.0.0\"", "\"gesture\"", "\"dense_1\"",
          "\"generated code on the device\"", "\"s1-punch-003\"", "\"fully_connected\"",
          "\"qemu-mps2-an386\"", "\"test\"", "\"2026-03-02\"", "\"dense\"", "\"session\":\"s3\""}) {
      const std::string value = std::string(word) == "\"session\":\"s3\""
                                    ? "\"session\":" + Json(attack).dump()
                                    : Json(attack).dump();
      for (std::size_t place = 0; (place = changed.find(word, place)) != std::string::npos;
           place += value.size()) {
        if (changed.compare(place + std::string(word).size(), 1, ":") == 0 &&
            std::string(word) != "\"punch\"") {
          place += 1;
          continue;  // a key of the schema
        }
        changed.replace(place, std::string(word).size(), value);
      }
    }
    facts = Json::parse(changed);
  }
  const std::string html = page_of(run);
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("</script")));
  EXPECT_THAT(html, Not(HasSubstr("<img")));
  EXPECT_THAT(html, HasSubstr("&lt;/script&gt;"));
}

TEST(Report, SaysWhatHasNotRun) {
  RunFixture run;
  run.facts.erase("diagnose");
  run.facts.erase("simulate");
  const std::string html = page_of(run);
  EXPECT_THAT(html, HasSubstr("run `mote diagnose` first"));
  EXPECT_THAT(html, HasSubstr("Not checked yet"));
  EXPECT_THAT(html, HasSubstr("has not been run yet"));
}

TEST(Report, ShowsNothingThatIsOutOfDate) {
  RunFixture run;
  run.write();
  add_checklist(run, "pass");
  ASSERT_TRUE(write_file(run.root() / "run" / "model_int8.tflite", std::string_view("new")).has_value());
  const std::string html = page(read_evidence(run.root()));
  EXPECT_THAT(html, HasSubstr("Out of date: run/model_int8.tflite changed since the stage"));
  EXPECT_THAT(html, Not(HasSubstr("what runs on the device is what was trained")));
  EXPECT_THAT(html, HasSubstr("out of date</span>"));
}

TEST(Report, TheVerdictFollowsTheChecklist) {
  for (const auto& [status, words] :
       {std::pair{"fail", "Not fit for release"}, std::pair{"manual", "sign off"},
        std::pair{"not enough data", "not enough data to promise"}}) {
    RunFixture run;
    run.write();
    add_checklist(run, status);
    const std::string html = page(read_evidence(run.root()));
    EXPECT_THAT(html, HasSubstr(words));
    EXPECT_THAT(html, HasSubstr("To do: remove the heap"));
    EXPECT_THAT(html, Not(HasSubstr("Ready for release")));
  }
}

TEST(Report, AMissingBackgroundClassIsCalledOut) {
  RunFixture run;
  run.facts["data"]["background"] = nullptr;
  run.facts["data"]["no_background"] = true;
  EXPECT_THAT(page_of(run), HasSubstr("(--no-background)"));
  EXPECT_THAT(page_of(RunFixture()), Not(HasSubstr("--no-background")));
}

TEST(Report, ADamagedFactSpoilsItsPartOnly) {
  for (const char* stage : {"data", "train", "compile", "firmware", "simulate", "diagnose"}) {
    RunFixture run;
    run.facts[stage] = {{"labels", 3}, {"stages", Json::array()}};
    const std::string html = page_of(run);
    EXPECT_THAT(html, HasSubstr("cannot be read")) << stage;
    EXPECT_THAT(html, HasSubstr("Where this comes from")) << stage;
  }
}

TEST(Report, AFactThatIsNoObjectDoesNotCrash) {
  for (const char* stage : {"data", "train", "compile", "firmware", "simulate", "diagnose"}) {
    RunFixture run;
    run.facts[stage] = Json::array({1, "x"});
    EXPECT_THAT(page_of(run), HasSubstr("</html>")) << stage;
  }
}

TEST(Report, IsRefusedBeforeAnyStageRan) {
  const test::TemporaryDirectory empty;
  const auto written = write(empty.path(), empty.path() / "report.html");
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(written.error().hint, HasSubstr("mote data"));
  EXPECT_FALSE(std::filesystem::exists(empty.path() / "report.html"));
}

}  // namespace
}  // namespace mote::report
