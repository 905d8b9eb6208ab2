// SPDX-License-Identifier: Apache-2.0
#include "project/project.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "core/files.h"
#include "support/require.h"

namespace mote::project {
namespace {

constexpr std::string_view kSmall = R"(name = "gesture"
version = "1.0.0"
[sensor]
rate_hz = 100
[[sensor.group]]
kind = "accelerometer"
axes = ["ax", "ay", "az"]
unit = "g"
range = 4
[model]
window = 100
hop = 20
labels = ["punch", "idle"]
background = "idle"
)";

/// kSmall with the line that starts with `start` replaced, or `line` appended if there is none.
std::string with(std::string_view start, std::string_view line) {
  std::string text(kSmall);
  const auto at = text.find("\n" + std::string(start));
  if (at == std::string::npos) return text + std::string(line) + "\n";
  return text.replace(at + 1, text.find('\n', at + 1) - at - 1, line);
}

std::string message(std::string_view toml) {
  const auto project = parse(toml, "mote.toml");
  return project.has_value() ? "accepted" : to_text(project.error());
}

TEST(Project, ReadsAFileAndFillsInDefaults) {
  const auto project = parse(kSmall, "mote.toml");
  ASSERT_TRUE(project.has_value()) << to_text(project.error());
  EXPECT_EQ(project->name, "gesture");
  EXPECT_EQ(project->sensor.rate_millihertz, 100000);
  EXPECT_EQ(project->sensor.axis_names(), (std::vector<std::string>{"ax", "ay", "az"}));
  EXPECT_EQ(project->sensor.counts_per_unit(2), 8192.0);
  EXPECT_EQ(project->window_samples, 100);
  EXPECT_EQ(project->background, "idle");
  EXPECT_EQ(project->confidence_threshold, 0.70);
  EXPECT_EQ(project->split, SplitSettings{});
  EXPECT_EQ(project->training, TrainingSettings{});
  EXPECT_EQ(project->targets, ProductTargets{});
}

TEST(Project, CountsPerUnitFollowsTheGroupOfTheAxis) {
  SensorDescription sensor;
  sensor.groups = {{SensorKind::kAccelerometer, {"a", "b"}, Unit::kG, 4},
                   {SensorKind::kGyroscope, {"c"}, Unit::kDegreesPerSecond, 2000}};
  EXPECT_EQ(sensor.counts_per_unit(1), 8192.0);
  EXPECT_EQ(sensor.counts_per_unit(2), 16.384);
}

TEST(Project, WritesWhatItReads) {
  Project project = gesture_template("my-gesture");
  EXPECT_EQ(parse(to_toml(project), "t")->labels, project.labels);
  project.version = "2.10.3";
  project.sensor.rate_millihertz = 99840;
  project.sensor.mounting = "quote \" backslash \\ tab \t line \n ümlaut";
  project.sensor.groups.push_back({SensorKind::kGyroscope, {"gx"}, Unit::kRadiansPerSecond, 34.907});
  project.background.reset();
  project.confidence_threshold = 0.615;
  project.split = {.by = SplitSettings::By::kPerson,
                   .test_count = 2,
                   .validation_count = 3,
                   .test_persons = {"anna"},
                   .validation_persons = {"ben", "eve"}};
  project.training = {"conv", 7, 8, 1e-4, 9, 10};
  project.features = {{"frame", {{"length_ms", 30.5}, {"step_ms", 20}}, ""},
                      {"statistics", {{"which", {"mean", "rms"}}, {"both", true}, {"name", "a \"b\""}}, ""}};
  project.decision = {3, 2, 5, 1.25};
  project.cascade = CascadeSettings{"flex", "../other \"kinds\""};
  project.watch = {"-az", 17, false};
  project.targets = {1, 0.25, 300, 72.5};
  const auto again = parse(to_toml(project), "mote.toml");
  ASSERT_TRUE(again.has_value()) << to_text(again.error()) << "\n" << to_toml(project);
  EXPECT_EQ(again->name, project.name);
  EXPECT_EQ(again->version, project.version);
  EXPECT_EQ(again->board, project.board);
  EXPECT_EQ(again->sensor, project.sensor);
  EXPECT_EQ(again->labels, project.labels);
  EXPECT_EQ(again->background, project.background);
  EXPECT_EQ(again->confidence_threshold, project.confidence_threshold);
  EXPECT_EQ(again->features, project.features);
  EXPECT_EQ(again->decision, project.decision);
  EXPECT_EQ(again->cascade, project.cascade);
  EXPECT_EQ(again->watch, project.watch);
  EXPECT_EQ(again->split, project.split);
  EXPECT_EQ(again->training, project.training);
  EXPECT_EQ(again->targets, project.targets);
  EXPECT_EQ(to_toml(*again), to_toml(project));
  project.split = SplitSettings{};
  project.split.by = SplitSettings::By::kCapture;
  project.split.test_fraction = 0.25;
  EXPECT_EQ(parse(to_toml(project), "t")->split, project.split);
  project.split = SplitSettings{};
  project.split.by = SplitSettings::By::kGiven;
  EXPECT_EQ(parse(to_toml(project), "t")->split, project.split);
}

TEST(Project, ThresholdIsTheSmallestStepThatReachesIt) {
  EXPECT_EQ(threshold_q8(0.70), 180);  // 179.2 / 256
  EXPECT_EQ(threshold_q8(0.5), 128);
  EXPECT_EQ(threshold_q8(0.0), 1);
  EXPECT_EQ(threshold_q8(1.0), 255);
}

TEST(Project, LoadNamesWhatToDoWithoutAProject) {
  const test::TemporaryDirectory folder;
  const auto none = load(folder.path());
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().kind, ErrorKind::kUsage);
  EXPECT_EQ(none.error().what, "no project here: mote.toml not found");
  EXPECT_EQ(none.error().hint, "run `mote new gesture <folder>`, or name a project folder");
  ASSERT_TRUE(write_file(folder.path() / "mote.toml", kSmall).has_value());
  EXPECT_EQ(load(folder.path())->root, folder.path());
  const auto here = std::filesystem::current_path();
  std::filesystem::current_path(folder.path().parent_path());
  EXPECT_EQ(load(folder.path().filename())->root, folder.path()) << "whatever the caller's folder is";
  std::filesystem::current_path(here);
}

TEST(Project, NamesOfKindsAndUnitsGoBothWays) {
  for (const Unit unit : {Unit::kG, Unit::kMetersPerSecondSquared, Unit::kDegreesPerSecond,
                          Unit::kRadiansPerSecond, Unit::kMicrotesla, Unit::kFullScale, Unit::kCounts})
    EXPECT_EQ(unit_from(to_string(unit)), unit);
  for (const SensorKind kind : {SensorKind::kAccelerometer, SensorKind::kGyroscope, SensorKind::kMagnetometer,
                                SensorKind::kMicrophone, SensorKind::kOther})
    EXPECT_EQ(sensor_kind_from(to_string(kind)), kind);
  EXPECT_EQ(unit_from("G"), std::nullopt);
}

struct BadValue {
  std::string_view start;  ///< of the line that is replaced
  std::string_view line;
  std::string_view message;
};

constexpr std::string_view kPlain =
    "expected a plain name (1 to 32 letters, digits, '_' or '-', starting with a letter)";

const BadValue kBadValues[] = {
    {"range", "range = 0",
     "mote.toml:9: sensor.group[1].range is 0, expected a number from 0.001 to 1000000"},
    {"range", "range = nan",
     "mote.toml:9: sensor.group[1].range is nan, expected a number from 0.001 to 1000000"},
    {"range", "range = 4.00001",
     "mote.toml:9: sensor.group[1].range is 4.00001, expected at most three decimals"},
    {"range", "", "mote.toml:5: sensor.group[1].range is missing, expected a number from 0.001 to 1000000"},
    {"rate_hz", "rate_hz = -100",
     "mote.toml:4: sensor.rate_hz is -100, expected a number from 0.001 to 100000"},
    {"rate_hz", "rate_hz = \"100\"",
     "mote.toml:4: sensor.rate_hz is \"100\", expected a number from 0.001 to 100000"},
    {"rate_hz", "rate = 100",
     "mote.toml:4: unknown key sensor.rate\n  hint: known here: name, rate_hz, mounting, group"},
    {"kind", "kind = \"accel\"",
     "mote.toml:6: sensor.group[1].kind is \"accel\", expected one of \"accelerometer\", \"gyroscope\", "
     "\"magnetometer\", \"microphone\", \"other\""},
    {"kind", "",
     "mote.toml:5: sensor.group[1].kind is missing, expected one of \"accelerometer\", \"gyroscope\", "
     "\"magnetometer\", \"microphone\", \"other\""},
    {"unit", "unit = \"mg\"",
     "mote.toml:8: sensor.group[1].unit is \"mg\", expected one of \"g\", \"m/s2\", \"dps\", \"rad/s\", "
     "\"uT\", "
     "\"full-scale\", \"counts\""},
    {"axes", "axes = []",
     "mote.toml:7: sensor.group[1].axes is an array of 0, expected an array of 1 to 16 names"},
    {"axes", "axes = [\"x\", \"x\"]",
     "mote.toml:7: sensor.group[1].axes has x twice, expected different names"},
    {"axes", "axes = [\"time\", \"x\"]",
     "mote.toml:7: sensor.group[1].axes is using \"time\", expected names that no time stamp column has "
     "(timestamp, time, time_ms, t)"},
    {"axes", "axes = \"x\"",
     "mote.toml:7: sensor.group[1].axes is \"x\", expected an array of 1 to 16 names"},
    {"window", "window = 3", "mote.toml:11: model.window is 3, expected a whole number from 4 to 65536"},
    {"window", "window = 100.5",
     "mote.toml:11: model.window is 100.5, expected a whole number from 4 to 65536"},
    {"hop", "hop = 101", "mote.toml:12: model.hop is 101, expected a whole number from 1 to 100"},
    {"hop", "", "mote.toml:10: model.hop is missing, expected a whole number from 1 to 100"},
    {"labels", "labels = [\"idle\"]",
     "mote.toml:13: model.labels is an array of 1, expected an array of 2 to 64 names"},
    {"labels", "labels = [\"uncertain\", \"idle\"]",
     "mote.toml:13: model.labels is using \"uncertain\", expected another name: that is the device's answer "
     "below "
     "the threshold"},
    {"background", "background = \"rest\"",
     "mote.toml:14: model.background is \"rest\", expected one of the labels punch, idle"},
    {"threshold", "threshold = 1.5",
     "mote.toml:15: model.threshold is 1.5, expected a number from 0.01 to 0.99"},
    {"version", "version = \"1.0\"",
     "mote.toml:2: version is \"1.0\", expected three numbers like \"1.0.0\""},
    {"version", "version = \"1.0.070\"",
     "mote.toml:2: version is \"1.0.070\", expected three numbers like \"1.0.0\""},
    {"version", "version = 1", "mote.toml:2: version is 1, expected a string of at most 200 characters"},
    {"[split]", "[split]\nby = \"window\"",
     "mote.toml:16: split.by is \"window\", expected one of \"session\", \"person\", \"capture\", \"given\""},
    {"[split]", "[split]\ntest = 0", "mote.toml:16: split.test is 0, expected a whole number from 1 to 1000"},
    {"[split]", "[split]\nvalidation = 0",
     "mote.toml:16: split.validation is 0, expected a whole number from 1 to 1000"},
    {"[split]", "[split]\ntest_fraction = 0.2",
     "mote.toml:16: split.test_fraction has no meaning with split.by = \"session\"\n  hint: remove it"},
    {"[split]", "[split]\nby = \"capture\"\ntest_fraction = 0.5\nvalidation_fraction = 0.5",
     "mote.toml:17: split.test_fraction is 1 in sum with validation_fraction, expected at most 0.9, so that "
     "something is left to train on"},
    {"[split]", "[split]\nby = \"given\"\ntest = 1",
     "mote.toml:17: split.test has no meaning with split.by = \"given\"\n  hint: remove it"},
    {"[split]", "[split]\nby = \"capture\"\nvalidation_fraction = 0",
     "mote.toml:17: split.validation_fraction is 0, expected a number from 0.01 to 0.8"},
    {"[split]", "[split]\nby = \"person\"\ntest_persons = [\"p\"]\nvalidation_persons = [\"q\", \"p\"]",
     "mote.toml:18: split.validation_persons is using \"p\", who is in test_persons, expected persons of one "
     "part "
     "only"},
    {"[decision]", "[decision]\naverage = 0",
     "mote.toml:16: decision.average is 0, expected a whole number from 1 to 64"},
    {"[decision]", "[decision]\nvotes = 3\nof = 2",
     "mote.toml:16: decision.votes is 3, expected at most `of`, which is 2"},
    {"[decision]", "[decision]\nrefractory_seconds = -1",
     "mote.toml:16: decision.refractory_seconds is -1, expected a number from 0 to 3600"},
    {"[cascade]", "[cascade]\nlabel = \"kick\"\nmodel = \"../other\"",
     "mote.toml:16: cascade.label is \"kick\", expected one of the labels punch, idle"},
    {"[cascade]", "[cascade]\nlabel = \"punch\"\nmodel = \"\"",
     "mote.toml:17: cascade.model is \"\", expected a folder with a project, or a .tflite file"},
    {"[watch]", "[watch]\nup_at_rest = \"up\"",
     "mote.toml:16: watch.up_at_rest is \"up\", expected an axis of an accelerometer with three axes in g or "
     "m/s2, "
     "with '-' in front if it points down"},
    {"[watch]", "[watch]\nconstant_is_fault = 1",
     "mote.toml:16: watch.constant_is_fault is 1, expected true or false"},
    {"[training]", "[training]\narchitecture = \"lstm\"",
     "mote.toml:16: training.architecture is \"lstm\", expected one of \"dense\", \"conv\""},
    {"[training]", "[training]\nepochs = 0",
     "mote.toml:16: training.epochs is 0, expected a whole number from 1 to 100000"},
    {"[training]", "[training]\nbatch = 0",
     "mote.toml:16: training.batch is 0, expected a whole number from 1 to 65536"},
    {"[training]", "[training]\nlearning_rate = 0",
     "mote.toml:16: training.learning_rate is 0, expected a number from 1e-07 to 10"},
    {"[training]", "[training]\npatience = 0",
     "mote.toml:16: training.patience is 0, expected a whole number from 1 to 100000"},
    {"[training]", "[training]\nseed = -1",
     "mote.toml:16: training.seed is -1, expected a whole number from 0 to 9223372036854775807"},
    {"[targets]", "[targets]\nfalse_positives_per_hour = -1",
     "mote.toml:16: targets.false_positives_per_hour is -1, expected a number from 0 to 1000000"},
    {"[targets]", "[targets]\nfalse_negative_rate = 5",
     "mote.toml:16: targets.false_negative_rate is 5, expected a number from 0 to 1"},
    {"[targets]", "[targets]\nlatency_ms = 0",
     "mote.toml:16: targets.latency_ms is 0, expected a number from 1 to 1000000"},
    {"[targets]", "[targets]\nbattery_life_hours = -1",
     "mote.toml:16: targets.battery_life_hours is -1, expected a number from 0 to 1000000"},
    {"[windowing]", "[[features]]\nlength_ms = 3",
     "mote.toml:15: features[1].block is missing, expected a plain name (1 to 32 letters, digits, '_' or "
     "'-', starting "
     "with a letter)"},
    {"[windowing]", "[[features]]\nblock = \"frame\"\nlength_ms = {a = 3}",
     "mote.toml:17: features[1].length_ms is a table, expected a number, true, false, a string, or a list of "
     "at most 64 "
     "of these"},
    {"[windowing]", "[[features]]\nblock = \"frame\"\nlength_ms = [inf]",
     "mote.toml:17: features[1].length_ms is an array, expected a number, true, false, a string, or a list "
     "of at most 64 "
     "of these"},
    {"[windowing]", "[windowing]",
     "mote.toml:15: unknown key windowing\n  hint: known here: name, version, board, sensor, features, "
     "model, "
     "decision, cascade, watch, split, "
     "training, targets"},
    {"[modle]", "[modle]", "mote.toml:15: unknown key modle\n  hint: did you mean model?"},
    {"[[sensor.group]]", "[[sensor.groups]]",
     "mote.toml:5: unknown key sensor.groups\n  hint: did you mean group?"},
    {"unit", "unit = \"g",
     "mote.toml:8: is not TOML: Error while parsing string: unescaped control characters other than TAB "
     "(U+0009) are explicitly prohibited\n"
     "  hint: strings need quotes, names stand before '=', tables in [brackets]"},
};

TEST(Project, EveryBadValueIsRefusedWithLineFoundAndExpected) {
  for (const auto& bad : kBadValues) EXPECT_EQ(message(with(bad.start, bad.line)), bad.message) << bad.line;
}

TEST(Project, BadNamesNeverReachPathsOrCode) {
  for (const std::string_view name : {"..", "a/b", "1a", "", "*/", "x\\ny"})
    EXPECT_EQ(message("name = \"" + std::string(name) + "\"\n").substr(0, 22), "mote.toml:1: name is \"");
  EXPECT_EQ(message("name = \"../x\""), "mote.toml:1: name is \"../x\", " + std::string(kPlain));
  EXPECT_EQ(message(with("labels", "labels = [\"a\", \"../b\"]")),
            "mote.toml:13: model.labels has entry 2 \"../b\", " + std::string(kPlain));
  EXPECT_EQ(message("board = \"x\""), "mote.toml:1: name is missing, " + std::string(kPlain));
}

TEST(Project, GroupsShareOneSetOfAxisNamesOfAtMostSixteen) {
  std::string text(kSmall);
  const std::string second = "[[sensor.group]]\nkind=\"other\"\nunit=\"g\"\nrange=1\naxes=[\"b\",\"ax\"]\n";
  text.insert(text.find("[model]"), second);
  EXPECT_EQ(message(text),
            "mote.toml:14: sensor.group[2].axes is using \"ax\" again, expected different names");
  text = kSmall;
  text.insert(
      text.find("[model]"),
      "[[sensor.group]]\nkind=\"other\"\nunit=\"g\"\nrange=1\naxes=[\"a1\",\"a2\",\"a3\",\"a4\",\"a5\","
      "\"a6\",\"a7\",\"a8\",\"a9\",\"a10\",\"a11\",\"a12\",\"a13\",\"a14\"]\n");
  EXPECT_EQ(message(text), "mote.toml:5: sensor.group is 17 axes in all, expected at most 16");
}

TEST(Project, HostileTextIsRefusedWithoutDeepRecursion) {
  EXPECT_EQ(message(std::string(70000, '#')), "mote.toml: has 70000 bytes, at most 65536 are read");
  std::string dotted = "a";
  for (int depth = 0; depth < 20000; ++depth) dotted += ".a";
  EXPECT_EQ(message("\n" + dotted + " = 1"), "mote.toml:2: line has 40005 characters, at most 1000 are read");
  std::string nested = "a = ";
  for (int depth = 0; depth < 30000; ++depth) nested += "[\n";
  EXPECT_THAT(message(nested),
              testing::HasSubstr("mote.toml:257: is not TOML: Error while parsing value: exceeded "
                                 "maximum nested value depth of 256"));
}

TEST(Cascade, names_a_project_or_a_file_seen_from_the_project_that_wakes_it) {
  Project project = gesture_template("gesture");
  project.root = "/projects/gesture";
  EXPECT_EQ(project.woken_model_int8(), "");
  project.cascade = CascadeSettings{"punch", "../kinds"};
  EXPECT_EQ(project.woken_model_int8().lexically_normal(), "/projects/kinds/run/model_int8.tflite");
  project.cascade->model = "models/kinds.tflite";
  EXPECT_EQ(project.woken_model_int8(), "/projects/gesture/models/kinds.tflite");
}

}  // namespace
}  // namespace mote::project
