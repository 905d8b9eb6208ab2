// SPDX-License-Identifier: Apache-2.0
#include "recordings/import.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/files.h"
#include "core/text.h"
#include "recordings/store.h"
#include "support/require.h"

namespace mote::recordings {
namespace {

namespace fs = std::filesystem;

/// A project in a folder of its own, and files to import into it.
class Import : public testing::Test {
 protected:
  Import() {
    project_ = project::gesture_template("gesture");
    project_.root = folder_.path() / "project";
    options_.label = "punch";
    options_.session = "s1";
    options_.rate_hz = 100;
  }

  fs::path file(const std::string& name, std::string_view text) {
    const fs::path path = folder_.path() / name;
    EXPECT_TRUE(write_file(path, text).has_value());
    return path;
  }

  /// `samples` lines that differ from those of every other `seed`.
  static std::string motion(int seed, int samples = 10) {
    std::string text;
    for (int sample = 0; sample < samples; ++sample)
      text += fmt::format("{},{},{}\n", 0.1 * seed, 0.01 * sample, 1.0);
    return text;
  }

  /// As motion(), with time stamps `step` apart.
  static std::string timed(int seed, double start, double step, int samples = 10) {
    std::string text = "t,ax,ay,az\n";
    for (int sample = 0; sample < samples; ++sample)
      text += fmt::format("{:.6f},{},{},1\n", start + step * sample, 0.1 * seed, 0.01 * sample);
    return text;
  }

  Result<ImportResult> import(const std::vector<fs::path>& files) {
    return import_files(project_, files, options_);
  }
  /// The refusal, with the test's folder cut out; "accepted" if there is none.
  std::string message(const std::vector<fs::path>& files) {
    const auto result = import(files);
    if (result.has_value()) return "accepted";
    std::string text = to_text(result.error());
    const std::string prefix = folder_.path().string() + "/";
    for (std::size_t at = 0; (at = text.find(prefix, at)) != std::string::npos;)
      text.erase(at, prefix.size());
    return text;
  }
  std::size_t stored() { return read_descriptions(project_).value().size(); }

  test::TemporaryDirectory folder_;
  project::Project project_;
  ImportOptions options_;
};

TEST_F(Import, KeepsEachCaptureAsOneCsvWithItsDescription) {
  options_.person = "ada";
  options_.device = "nano";
  options_.conditions = {{"temperature", "cold"}};
  options_.recorded = "2026-01-31T10:20";
  const auto result = import({file("a.csv", motion(1) + "\n" + motion(2, 150))});
  ASSERT_TRUE(result.has_value()) << to_text(result.error());
  ASSERT_EQ(result->recordings.size(), 2u);
  const Description& second = result->recordings[1];
  EXPECT_EQ(second.id, "s1-punch-002");
  EXPECT_EQ(second.recorded, "2026-01-31T10:20:00.100Z") << "behind the ten samples of the first capture";
  EXPECT_EQ(second.source_file, "a.csv");
  EXPECT_EQ(second.source_line, 12);
  EXPECT_EQ(second.capture, 2);
  EXPECT_EQ(second.samples, 150);
  EXPECT_EQ(second.sensor, project_.sensor);
  EXPECT_EQ(read_descriptions(project_).value(), result->recordings);
  const Recording read = read_samples(project_, second).value();
  EXPECT_EQ(read.values.size(), 450u);
  EXPECT_EQ(read.values[0], 0.2);
  const std::string csv = read_text(project_.recordings() / "punch" / "s1-punch-001.csv").value();
  EXPECT_EQ(csv.substr(0, 27), "ax,ay,az\n0.1,0,1\n0.1,0.01,1");
  EXPECT_EQ(result->files.at(0).samples, 160);
}

TEST_F(Import, ContinuesTheNumbersOfASession) {
  ASSERT_TRUE(import({file("a.csv", motion(1))}).has_value());
  EXPECT_EQ(import({file("b.csv", motion(2))})->recordings.at(0).id, "s1-punch-002");
  options_.session = "s2";
  EXPECT_EQ(import({file("c.csv", motion(3))})->recordings.at(0).id, "s2-punch-001");
}

TEST_F(Import, SameInputGivesSameBytes) {
  ASSERT_TRUE(import({file("a.csv", motion(1))}).has_value());
  const auto path = project_.recordings() / "punch" / "s1-punch-001.json";
  const std::string first = read_text(path).value();
  fs::remove_all(project_.recordings());
  ASSERT_TRUE(import({file("a.csv", motion(1))}).has_value());
  EXPECT_EQ(read_text(path).value(), first);
}

TEST_F(Import, RunsOfALabelColumnBecomeRecordings) {
  std::string text = "ax,ay,az,label\n";
  for (int sample = 0; sample < 40; ++sample)
    text += fmt::format("0,0,{},{}\n", 0.01 * sample,
                        sample < 10   ? "SEATED"
                        : sample < 20 ? "flex"
                        : sample < 23 ? "punch"
                                      : "TURN");
  options_.label.clear();
  options_.csv.label_column = "label";
  options_.label_map = {{"SEATED", "idle"}, {"TURN", "-"}};
  options_.recorded = "2026-01-31T10:20";
  const auto result = import({file("a.csv", text)});
  ASSERT_TRUE(result.has_value()) << to_text(result.error());
  ASSERT_EQ(result->recordings.size(), 2u);
  EXPECT_EQ(result->recordings[0].id, "s1-idle-001");
  EXPECT_EQ(result->recordings[1].id, "s1-flex-001");
  EXPECT_EQ(result->recordings[1].source_line, 12);
  EXPECT_EQ(result->recordings[1].recorded, "2026-01-31T10:20:00.100Z");
  EXPECT_EQ(result->files[0].short_runs, 1) << "punch has 3 samples";
  EXPECT_EQ(result->files[0].left_out_samples, 17);
}

TEST_F(Import, MeasuresJitteredTimeStampsInWholeMilliseconds) {
  std::string text = "time,ax,ay,az\n";  // 104 Hz: steps of 9 and 10 ms, the median step says 100 Hz
  for (int sample = 0; sample < 200; ++sample)
    text += fmt::format("{},{},0,1\n", static_cast<int>(1000.0 * sample / 104.0), 0.01 * sample);
  options_.rate_hz.reset();
  const auto result = import({file("a.csv", text)});
  ASSERT_TRUE(result.has_value()) << to_text(result.error());
  EXPECT_NEAR(*result->files[0].measured_rate_hz, 104.0, 0.02);
}

TEST_F(Import, TellsSecondsFromMillisecondsByTheRateAndDatesFromStopwatches) {
  options_.rate_hz.reset();
  EXPECT_EQ(import({file("ms.csv", timed(1, 1657533977810.0, 10))})->recordings.at(0).recorded,
            "2022-07-11T10:06:17.810Z");
  EXPECT_EQ(import({file("s.csv", timed(2, 1657533977.81, 0.01))})->recordings.at(0).recorded,
            "2022-07-11T10:06:17.810Z");
  EXPECT_EQ(import({file("us.csv", timed(3, 5e6, 10000))})->recordings.at(0).recorded, "");
  const Recording read = read_samples(project_, read_descriptions(project_)->at(2)).value();
  EXPECT_EQ(read.time_ms.at(3), 30.0);
}

TEST_F(Import, CountsClippedSamples) {
  EXPECT_EQ(import({file("a.csv", motion(1) + "4,0,0\n-4.5,0,0\n3.99,0,0\n")})->files.at(0).clipped_samples,
            2);
}

TEST_F(Import, WarnsWhenGravityHasAnotherUnit) {
  project_.sensor.groups[0].unit = project::Unit::kMetersPerSecondSquared;
  project_.sensor.groups[0].range = 39.227;
  const auto result = import({file("a.csv", motion(1))});
  ASSERT_EQ(result->warnings.size(), 1u);
  EXPECT_EQ(result->warnings[0],
            "a.csv: acceleration is typically 1.01 m/s2, gravity would be 9.81: wrong unit?");
}

TEST_F(Import, RatesThatContradictAreRefusedNamingBoth) {
  EXPECT_EQ(message({file("half.csv", timed(1, 0, 20))}),
            "half.csv: time stamps say 50 Hz, --rate says 100 Hz\n"
            "  hint: correct sensor.rate_hz in mote.toml, or record at the project's rate");
  options_.rate_hz.reset();
  EXPECT_EQ(message({file("half.csv", timed(1, 0, 20))}),
            "half.csv: time stamps say 50 Hz, the project says 100 Hz\n"
            "  hint: correct sensor.rate_hz in mote.toml, or record at the project's rate");
  EXPECT_EQ(message({file("near.csv", timed(1, 0, 10.4))}), "accepted") << "4 % off";
  EXPECT_EQ(message({file("far.csv", timed(1, 0, 9.4))}).substr(0, 31), "far.csv: time stamps say 106.4 ");
  EXPECT_EQ(message({file("none.csv", motion(2))}),
            "none.csv: no time stamp column and no rate told\n"
            "  hint: say --rate 100 if it was recorded at the project's rate, or name the time stamps with "
            "--time-column");
  options_.rate_hz = 119;
  EXPECT_EQ(message({file("none.csv", motion(2))}),
            "project/mote.toml: --rate 119 contradicts the project's rate of 100 Hz\n"
            "  hint: a model knows one rate: correct sensor.rate_hz, or record at the project's rate");
}

TEST_F(Import, PausesAndStandingClocksAreRefused) {
  EXPECT_EQ(message({file("pause.csv", timed(1, 0, 10) + "2000,0.1,0.5,1\n2010,0.1,0.5,1\n")}),
            "pause.csv:12: time stamps pause for 1.91 s inside a recording\n"
            "  hint: put a blank line there: each side becomes a recording of its own");
  options_.label = "flex";
  EXPECT_EQ(message({file("two.csv", timed(2, 0, 10) + "\n" + timed(3, 9000, 10))}), "accepted");
  EXPECT_EQ(message({file("slow.csv", timed(4, 0, 250))}).substr(0, 36),
            "slow.csv: time stamps say 4 Hz, --ra");
  EXPECT_EQ(message({file("still.csv", timed(1, 5, 0))}),
            "still.csv: time stamps do not advance\n  hint: name the right column with --time-column");
}

TEST_F(Import, DuplicatesAreRefusedWithBothPlaces) {
  const std::string hint =
      "\n  hint: leave it out, by hand or with --skip-duplicates: the same samples in two parts of a split "
      "would be a leak";
  EXPECT_EQ(message({file("a.csv", motion(1) + "\n" + motion(2) + "\n" + motion(1))}),
            "a.csv:23: capture has the same samples as a.csv:1" + hint);
  ASSERT_TRUE(import({file("b.csv", motion(3))}).has_value());
  options_.label = "flex";
  options_.session = "s2";
  EXPECT_EQ(message({file("c.csv", "ax,ay,az\n" + motion(3))}),
            "c.csv:2: capture has the same samples as s1-punch-001" + hint);
}

TEST_F(Import, DuplicatesAreLeftOutWhereThatIsWanted) {
  options_.skip_duplicates = true;
  ASSERT_TRUE(import({file("a.csv", motion(1) + "\n" + motion(2) + "\n" + motion(1))}).has_value());
  const auto again = import({file("b.csv", motion(2) + "\n" + motion(3))});
  ASSERT_TRUE(again.has_value()) << to_text(again.error());
  EXPECT_EQ(again->recordings.size(), 1u);
  EXPECT_EQ(again->files.at(0).duplicates, 1);
  EXPECT_EQ(stored(), 3u);
}

TEST_F(Import, ADryRunReadsAllAndStoresNothing) {
  options_.dry_run = true;
  const auto result = import({file("a.csv", motion(1)), file("b.csv", motion(2))});
  ASSERT_TRUE(result.has_value()) << to_text(result.error());
  EXPECT_EQ(result->recordings.size(), 2u);
  EXPECT_EQ(result->recordings[1].id, "s1-punch-002");
  EXPECT_FALSE(fs::exists(project_.recordings()));
  EXPECT_EQ(message({file("c.csv", motion(3) + "1,2\n")}).substr(0, 8), "c.csv:11")
      << "but it refuses as ever";
}

TEST_F(Import, ASourceTellsWhatThePersonDoesNot) {
  options_.label.clear();
  options_.session.clear();
  options_.label_map = {{"*", "idle"}, {"TURN", "-"}};
  std::vector<Source> sources = {
      {.path = file("a.csv", motion(1)), .label = "punch", .session = "s1", .person = "ada", .part = "test"},
      {.path = file("b.csv", motion(2)), .label = "WAVE", .session = "s2", .part = "train"},
      {.path = file("c.csv", motion(3)), .label = "TURN", .session = "s2"},
      {.path = file("d.csv", motion(4)), .session = "s3", .samples = {{{"flex", 0}, {"punch", 6}}, 10}}};
  const auto result = import_sources(project_, sources, options_);
  ASSERT_TRUE(result.has_value()) << to_text(result.error());
  std::vector<std::string> found;
  const auto descriptions = read_descriptions(project_).value();
  for (const auto& recording : descriptions)
    found.push_back(
        fmt::format("{} {} {} {}", recording.id, recording.person, recording.part, recording.samples));
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, (std::vector<std::string>{"s1-punch-001 ada test 10", "s2-idle-001  train 10",
                                             "s3-flex-001   6", "s3-punch-001   4"}));
  EXPECT_EQ(result->files[2].left_out_samples, 10);
  sources = {{.path = file("e.csv", motion(5)), .session = "s3", .samples = {{{"flex", 0}}, 11}}};
  EXPECT_EQ(import_sources(project_, sources, options_).error().what,
            "has 10 samples in 1 captures, its labels are for 11 in one");
  sources = {{.path = file("f.csv", motion(6)), .label = "flex", .session = "1st"}};
  EXPECT_EQ(import_sources(project_, sources, options_).error().what,
            "session is '1st', expected a plain name");
  sources = {{.path = file("f.csv", motion(6)), .session = "s1"}};
  EXPECT_EQ(import_sources(project_, sources, options_).error().what, "no label told");
}

TEST_F(Import, LabelsThatTheProjectHasNotAreRefused) {
  options_.label = "pnuch";
  EXPECT_EQ(message({file("a.csv", motion(1))}),
            "label 'pnuch' is not in the project (punch, flex, idle)\n  hint: did you mean punch?");
  options_.label.clear();
  options_.csv.label_column = "4";
  EXPECT_EQ(message({file("b.csv", "1,1,1,idle\n1,1,1,WAVE\n")}).substr(0, 0), "");
  EXPECT_EQ(
      message({file("b.csv", "1,1,1,idle\n1,1,1,idle\n1,1,1,idle\n1,1,2,idle\n1,1,1,WAVE\n")}),
      "b.csv:5: label 'WAVE' is not in the project (punch, flex, idle)\n"
      "  hint: add it to mote.toml, rename it with --map NAME=LABEL, or leave it out with --map NAME=-; "
      "NAME may be *, for every label that is not in the project");
}

TEST_F(Import, TooShortCapturesAndNothingAreRefused) {
  EXPECT_EQ(
      message({file("a.csv", motion(1) + "\n1,1,1\n1,1,1\n\n" + motion(2))}),
      "a.csv:12: capture has 2 samples, at least 4 are needed\n  hint: remove it, or a blank line too many");
  options_.label.clear();
  options_.csv.label_column = "4";
  options_.label_map = {{"x", "-"}};
  EXPECT_EQ(message({file("b.csv", "1,1,1,x\n1,1,1,x\n1,1,1,x\n1,1,1,x\n")}),
            "nothing to import: no recording is left after --map and short runs\n  hint: check --map and "
            "--label-column");
}

TEST_F(Import, WrongOptionsAreUsageErrors) {
  const auto path = file("a.csv", motion(1));
  const std::string hint = "\n  hint: 1 to 32 letters, digits, '_' or '-', starting with a letter";
  options_.session = "../s";
  EXPECT_EQ(message({path}), "--session is '../s', expected a plain name" + hint);
  options_.session.clear();
  EXPECT_EQ(message({path}), path.string().substr(folder_.path().string().size() + 1) +
                                 ": no session told\n  hint: say --session NAME: 1 to 32 letters, digits, "
                                 "'_' or '-', starting with a letter");
  options_.session = "s1";
  options_.person = "a b";
  EXPECT_EQ(message({path}), "--person is 'a b', expected a plain name" + hint);
  options_.person.clear();
  options_.device = "/";
  EXPECT_EQ(message({path}), "--device is '/', expected a plain name" + hint);
  options_.device.clear();
  options_.conditions = {{"sky", ""}};
  EXPECT_EQ(message({path}), "condition sky has 0 characters, expected 1 to 200");
  options_.conditions = {{"a b", "x"}};
  EXPECT_EQ(message({path}), "the name of --condition is 'a b', expected a plain name" + hint);
  options_.conditions.clear();
  options_.recorded = "yesterday";
  EXPECT_EQ(message({path}),
            "'yesterday' is not a time\n  hint: write it as 2026-01-31T10:20:30, with Z or +01:00 "
            "behind it if it is not UTC");
  options_.recorded.clear();
  options_.csv.label_column = "label";
  const std::string label_hint =
      "\n  hint: say --label NAME for whole files, or --label-column C if a column tells";
  EXPECT_EQ(message({path}), "both a label and a label column told" + label_hint);
  options_.label.clear();
  options_.csv.label_column.reset();
  EXPECT_EQ(message({path}), "no label told" + label_hint);
  EXPECT_EQ(import({path}).error().kind, ErrorKind::kUsage);
}

TEST_F(Import, NothingIsImportedUnlessEverythingIs) {
  EXPECT_EQ(
      message({file("good.csv", motion(1)), file("bad.csv", motion(2) + "1,2\n")}),
      "bad.csv:11: line has 2 columns, the first line has 3\n  hint: every line needs the same columns");
  EXPECT_EQ(message({file("good.csv", motion(1)), folder_.path() / "absent.csv"}),
            "absent.csv: no such file\n  hint: check the path");
  EXPECT_FALSE(fs::exists(project_.recordings()));
  EXPECT_EQ(stored(), 0u);
}

TEST_F(Import, AFailureWhileMovingTakesEverythingBack) {
  ASSERT_TRUE(import({file("a.csv", motion(1))}).has_value());
  std::vector<Recording> recordings(2);
  for (auto& recording : recordings) {
    recording.description.sensor = project_.sensor;
    recording.values.assign(12, 0.5);
  }
  recordings[0].description.label = "flex";
  recordings[0].description.id = "s1-flex-001";
  recordings[1].description.label = "idle";
  recordings[1].description.id = "s1-idle-001";
  ASSERT_TRUE(write_file(project_.recordings() / "idle", std::string_view("a file in the way")).has_value());
  {
    Addition addition(project_);
    for (auto& recording : recordings) ASSERT_TRUE(addition.add(recording).has_value());
    ASSERT_FALSE(addition.commit().has_value());
  }
  EXPECT_FALSE(fs::exists(project_.recordings() / "flex" / "s1-flex-001.csv"));
  EXPECT_FALSE(fs::exists(project_.recordings() / ".import"));
  EXPECT_EQ(stored(), 1u);
}

TEST_F(Import, DamagedRecordingsAreRefusedWithWhere) {
  ASSERT_TRUE(import({file("a.csv", motion(1))}).has_value());
  const Description description = read_descriptions(project_)->at(0);
  const fs::path csv = samples_path(project_, description), json = json_path(project_, description);
  const std::string text = read_text(csv).value(), good = read_text(json).value();
  const std::string restore = "\n  hint: restore the file, or delete the recording and import it again";
  ASSERT_TRUE(write_file(csv, text + "1,1,1\n").has_value());
  EXPECT_EQ(to_text(read_samples(project_, description).error()),
            csv.string() + ": recording was changed since it was imported (checksum)" + restore);
  fs::remove(csv);
  EXPECT_EQ(to_text(read_descriptions(project_).error()),
            json.string() + ": recording has neither .csv nor .wav beside it" + restore);
  ASSERT_TRUE(write_file(csv, text).has_value());
  fs::remove(json);
  EXPECT_EQ(to_text(read_descriptions(project_).error()),
            csv.string() + ": recording has no .json beside it" + restore);
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string changed = good;
    changed.replace(changed.find(from), from.size(), to);
    EXPECT_TRUE(write_file(json, changed).has_value());
    const auto result = read_descriptions(project_);
    return result.has_value() ? std::string("accepted")
                              : to_text(result.error()).substr(json.string().size() + 2);
  };
  EXPECT_EQ(
      with("\"punch\"", "\"flex\""),
      "recording s1-punch-001 of label flex is in the wrong place\n  hint: move it to flex/s1-punch-001");
  EXPECT_EQ(with("\"punch\"", "\"../up\""), "field 'label' has '../up', which import never writes" + restore);
  EXPECT_EQ(with("s1-punch-001", "s1/punch"),
            "field 'id' has 's1/punch', which import never writes" + restore);
  EXPECT_EQ(with("\"g\"", "\"mile\""), "field 'unit' has 'mile', which import never writes" + restore);
  EXPECT_EQ(with("\"session\"", "\"sesion\""), "field 'session' is missing");
  EXPECT_EQ(with("100000", "0"), "field 'rate_millihertz' has '0', which import never writes" + restore);
  EXPECT_EQ(with("mote.recording/1", "mote.recording/2"),
            "field 'schema' has 'mote.recording/2', which import never writes" + restore);
  EXPECT_EQ(with("\"recorded\": \"\"", "\"recorded\": \"now\""),
            "field 'recorded' has 'now', which import never writes" + restore);
}

TEST_F(Import, AnIdThatIsUsedTwiceIsRefused) {
  ASSERT_TRUE(import({file("a.csv", motion(1))}).has_value());
  const Description description = read_descriptions(project_)->at(0);
  Description twin = description;
  twin.label = "flex";
  ASSERT_TRUE(write_file(json_path(project_, twin), to_json_text(to_json(twin))).has_value());
  ASSERT_TRUE(write_file(samples_path(project_, twin), std::string_view("x")).has_value());
  EXPECT_EQ(read_descriptions(project_).error().what, "two recordings have the id s1-punch-001");
}

}  // namespace
}  // namespace mote::recordings
