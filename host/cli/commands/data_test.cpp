// SPDX-License-Identifier: Apache-2.0
// The commands new, import and data, as a person types them, on invented and on real recordings.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <map>
#include <set>

#include "cli/printed.h"
#include "core/files.h"
#include "core/random.h"
#include "project/project.h"
#include "support/require.h"

namespace mote::cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

/// A file of two captures of 120 samples that differ for every `seed`.
void write_capture(const fs::path& path, int seed) {
  std::string text;
  for (int capture = 0; capture < 2; ++capture, text += "\n")
    for (int sample = 0; sample < 120; ++sample)
      text += fmt::format("{},{},1\n", 0.01 * seed + 0.001 * capture, 0.01 * (sample % 50));
  ASSERT_TRUE(write_file(path, text).has_value());
}

/// A project made by `mote new`.
class Commands : public testing::Test {
 protected:
  Commands() : root_((folder_.path() / "my-gesture").string()) {
    EXPECT_EQ(run({"new", "gesture", root_}).exit_code, 0);
  }
  Printed import(const std::string& label, const std::string& session) {
    const fs::path file = folder_.path() / "in.csv";
    write_capture(file, ++seed_);
    return run(
        {"import", "-C", root_, file.string(), "--label", label, "--session", session, "--rate", "100"});
  }
  void import_sessions() {
    for (const char* session : {"s1", "s2", "s3"})
      for (const char* label : {"punch", "flex", "idle"}) ASSERT_EQ(import(label, session).exit_code, 0);
  }
  void save(const project::Project& project) {
    ASSERT_TRUE(write_file(fs::path(root_) / "mote.toml", project::to_toml(project)).has_value());
  }

  test::TemporaryDirectory folder_;
  std::string root_;
  int seed_ = 0;
};

TEST_F(Commands, NewMakesAProjectThatLoadsAndOverwritesNothing) {
  const auto project = project::load(root_);
  ASSERT_TRUE(project.has_value()) << to_text(project.error());
  EXPECT_EQ(project->name, "my-gesture");
  EXPECT_EQ(project->labels, (std::vector<std::string>{"punch", "flex", "idle"}));
  EXPECT_THAT(read_text(fs::path(root_) / "README.md").value(), Not(HasSubstr("{")));
  const Printed again = run({"new", "gesture", root_});
  EXPECT_EQ(again.exit_code, 2);
  EXPECT_THAT(again.err, HasSubstr("there is a project already"));
  EXPECT_THAT(run({"new", "dance", root_ + "2"}).err,
              HasSubstr("no template 'dance'\n  hint: there is: gesture"));
  EXPECT_THAT(run({"new", "gesture", root_ + "2", "--name", "a/b"}).err,
              HasSubstr("--name is 'a/b', expected a plain name"));
  ASSERT_TRUE(write_file(folder_.path() / "full" / "README.md", std::string_view("mine")).has_value());
  EXPECT_THAT(run({"new", "gesture", (folder_.path() / "full").string()}).err,
              HasSubstr("file is there already and would be overwritten"));
  EXPECT_FALSE(fs::exists(folder_.path() / "full" / "mote.toml"));
}

TEST_F(Commands, ImportShowsWhatItTookAndWhatComesNext) {
  const Printed printed = import("punch", "s1");
  EXPECT_EQ(printed.exit_code, 0) << printed.err;
  EXPECT_EQ(printed.out,
            "file    recordings  seconds  rate in it  clipped  left out\n"
            "in.csv           2      2.4   not known     none  nothing\n"
            "\n"
            "next: mote data   to see what the project has now\n");
  EXPECT_EQ(import("wave", "s1").exit_code, 3);
}

/// Four seconds at rest, as noisy as a sensor is; gravity on the axis `up`.
void write_rest(const fs::path& path, std::uint64_t seed, int up) {
  Rng rng(seed);
  std::string text;
  for (int sample = 0; sample < 400; ++sample)
    for (int axis = 0; axis < 3; ++axis)
      text += fmt::format("{:.5f}{}", (axis == up ? 1.0 : 0.0) + 0.01 * rng.uniform(-1, 1),
                          axis == 2 ? '\n' : ',');
  ASSERT_TRUE(write_file(path, text).has_value());
}

TEST_F(Commands, DataCompareNamesWhatDiffersAndOnlyThat) {
  const auto record = [&](const std::string& session, std::uint64_t seed, int up) {
    const fs::path file = folder_.path() / "rest.csv";
    write_rest(file, seed, up);
    ASSERT_EQ(
        run({"import", "-C", root_, file.string(), "--label", "idle", "--session", session, "--rate", "100"})
            .exit_code,
        0);
  };
  for (std::uint64_t session = 1; session <= 5; ++session) record(fmt::format("s{}", session), session, 2);
  const Printed same = run({"data", "-C", root_, "--compare", "s5"});
  EXPECT_EQ(same.exit_code, 0) << same.out << same.err;
  EXPECT_THAT(same.out, HasSubstr("no difference beyond what the sessions differ by among themselves"));
  record("turned", 9, 0);
  const Printed turned = run({"data", "-C", root_, "--compare", "turned"});
  EXPECT_EQ(turned.exit_code, 1) << turned.err;
  EXPECT_THAT(turned.out, HasSubstr("orientation"));
  EXPECT_THAT(turned.out, HasSubstr("hint: "));
  EXPECT_THAT(run({"data", "-C", root_, "--compare", "s99"}).err,
              HasSubstr("'s99' is neither a session of this project nor a project"));
}

TEST_F(Commands, FeaturesShowsBlocksAndRefusesWhatIsNoWholeRow) {
  import_sessions();
  ASSERT_EQ(run({"data", "-C", root_}).exit_code, 0);
  auto project = project::load(root_).value();
  project.features = {{"frame", {{"length_ms", 200}, {"step_ms", 100}}, ""},
                      {"statistics", {{"which", {"rms", "peak"}}}, ""}};
  save(project);
  ASSERT_EQ(run({"data", "-C", root_}).exit_code, 0);
  const Printed shown = run({"features", "-C", root_});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("statistics  1 x 6 int32_t"));
  EXPECT_THAT(shown.out,
              HasSubstr("row     6 features, 10 a second; 9 x 6 make a window, a decision every 2 rows"));
  EXPECT_THAT(shown.out, HasSubstr("0 from the cache"));
  EXPECT_THAT(run({"features", "-C", root_}).out, HasSubstr("18 from the cache"));
  project.window_samples = 95;
  save(project);
  const Printed refused = run({"features", "-C", root_});
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.err, HasSubstr("take 90 or 100"));
}

TEST_F(Commands, ImportUnderstandsItsOptions) {
  const fs::path file = folder_.path() / "in.csv";
  std::string text = "9,REST,0,0,1\n";
  for (int sample = 0; sample < 20; ++sample)
    text += fmt::format("{},{},{},0,1\n", 10 + sample * 0.01, sample < 10 ? "REST" : "HIT", 0.01 * sample);
  ASSERT_TRUE(write_file(file, text.substr(text.find('\n') + 1)).has_value());
  const Printed printed =
      run({"import",      "--json",        "-C",       root_,       file.string(), "--label-column",
           "2",           "--time-column", "1",        "--columns", "3,4,5",       "--no-header",
           "--map",       "REST=idle",     "--map",    "HIT=punch", "--session",   "s1",
           "--person",    "ada",           "--device", "nano",      "--recorded",  "2026-01-31",
           "--condition", "place=indoors"});
  ASSERT_EQ(printed.exit_code, 0) << printed.out << printed.err;
  const Json json = parse_json(printed.out, "").value();
  ASSERT_EQ(json.at("recordings").size(), 2u);
  EXPECT_EQ(json.at("recordings").at(0).at("id"), "s1-idle-001");
  const Json& second = json.at("recordings").at(1);
  EXPECT_EQ(second.at("label"), "punch");
  EXPECT_EQ(second.at("person"), "ada");
  EXPECT_EQ(second.at("device"), "nano");
  EXPECT_EQ(second.at("recorded"), "2026-01-31T00:00:00.100Z");
  EXPECT_EQ(second.at("conditions").at("place"), "indoors");
  EXPECT_THAT(
      run({"import", "-C", root_, file.string(), "--label", "punch", "--session", "s1", "--map", "x"}).err,
      HasSubstr("--map is 'x', expected NAME=VALUE"));
  EXPECT_THAT(run({"import", "-C", root_, file.string(), "--label", "punch", "--session", "s1", "--condition",
                   "a=b", "--condition", "a=c"})
                  .err,
              HasSubstr("--condition tells a twice"));
}

TEST_F(Commands, DataShowsSessionsLabelsAndParts) {
  import_sessions();
  const Printed printed = run({"data", "-C", root_});
  EXPECT_EQ(printed.exit_code, 0) << printed.err;
  EXPECT_EQ(printed.out,
            R"(session  recorded  person        punch        flex        idle  measured rate  clipped  part
s1       -         -        2.4 s /  2  2.4 s /  2  2.4 s /  2      not known        0  train
s2       -         -        2.4 s /  2  2.4 s /  2  2.4 s /  2      not known        0  validation
s3       -         -        2.4 s /  2  2.4 s /  2  2.4 s /  2      not known        0  test (held out)
all                0 named  7.2 s /  6  7.2 s /  6  7.2 s /  6      not known        0

label                   train  validation        test   share of training
punch              2.4 s /  2  2.4 s /  2  2.4 s /  2  [###-------]  33 %
flex               2.4 s /  2  2.4 s /  2  2.4 s /  2  [###-------]  33 %
idle (background)  2.4 s /  2  2.4 s /  2  2.4 s /  2  [###-------]  33 %

next: mote train
)");
  const Printed json = run({"data", "--json", "-C", root_});
  EXPECT_EQ(parse_json(json.out, "")->at("recordings").size(), 18u);
  EXPECT_THAT(run({"data", "-C", root_, "--no-background"}).err,
              HasSubstr("--no-background contradicts background = \"idle\""));
}

TEST_F(Commands, DataShowsTheTableEvenIfNothingCanBeHeldOut) {
  ASSERT_EQ(import("punch", "s1").exit_code, 0);
  const Printed printed = run({"data", "-C", root_});
  EXPECT_EQ(printed.exit_code, 3);
  EXPECT_THAT(printed.out, HasSubstr("s1       -         -        2.4 s /  2"));
  EXPECT_THAT(printed.err,
              HasSubstr("3 sessions are needed (1 to train, 1 to validate, 1 to test), there are 1: s1"));
  EXPECT_FALSE(fs::exists(fs::path(root_) / "run" / "data.json"));
}

TEST_F(Commands, AMissingBackgroundIsAFindingUnlessItIsWanted) {
  import_sessions();
  auto project = project::load(root_).value();
  project.background.reset();
  save(project);
  const Printed printed = run({"data", "-C", root_});
  EXPECT_EQ(printed.exit_code, 1);
  EXPECT_THAT(
      printed.out,
      HasSubstr("no background class: the model would have to call every motion a gesture\n  hint: record"));
  const Printed wanted = run({"data", "-C", root_, "--no-background"});
  EXPECT_EQ(wanted.exit_code, 0);
  EXPECT_THAT(wanted.out, HasSubstr("no background class, as you said: every later report will say so"));
  EXPECT_EQ(read_json(fs::path(root_) / "run" / "data.json")->at("facts").at("no_background"), true);
}

TEST_F(Commands, AFolderIsRecognisedCheckedAndImported) {
  const fs::path data = folder_.path() / "data";
  int seed = 0;
  for (const char* label : {"punch", "flex", "idle", "wave"})
    for (const char* name : {"1.csv", "2.csv"}) write_capture(data / label / name, ++seed);
  ASSERT_TRUE(write_file(data / "notes.md", std::string_view("x")).has_value());
  const std::vector<std::string> arguments = {"import",    "-C", root_,    data.string(),
                                              "--session", "s1", "--rate", "100"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), arguments.begin(), arguments.end());
    return run(more);
  };
  const Printed unknown = with({});
  EXPECT_EQ(unknown.exit_code, 3);
  EXPECT_THAT(unknown.out,
              HasSubstr("files in folders, 8 files\n  4 labels: flex 2, idle 2, punch 2, wave 2\n"
                        "  not read: 1 files (notes.md): beside the folders"));
  EXPECT_THAT(unknown.err, HasSubstr("wave/1.csv:1: label 'wave' is not in the project"));
  const Printed dry = with({"--map", "*=-", "--dry-run"});
  EXPECT_EQ(dry.exit_code, 0) << dry.err;
  EXPECT_THAT(dry.out, HasSubstr("nothing is stored: 12 recordings would be"));
  EXPECT_FALSE(fs::exists(fs::path(root_) / "recordings" / "punch"));
  EXPECT_EQ(with({"--map", "*=-"}).exit_code, 0);
  EXPECT_THAT(with({"--map", "*=-"}).err, HasSubstr("has the same samples as s1-flex-001"));
  const Printed again = with({"--map", "*=idle", "--skip-duplicates"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_THAT(again.out, HasSubstr("2 captures that are there already"));
  EXPECT_EQ(with({"--label", "idle"}).exit_code, 2);
  EXPECT_THAT(with({"--label", "idle"}).err, HasSubstr("say --folders person or --folders session"));
}

TEST_F(Commands, ExportedRecordingsComeBackInAnotherProject) {
  import_sessions();
  const std::string out = (folder_.path() / "out").string(), other = (folder_.path() / "other").string();
  const Printed exported =
      run({"export", "-C", root_, "--format", "edge-impulse-json", "--hmac-key", "secret", "-o", out});
  ASSERT_EQ(exported.exit_code, 0) << exported.err;
  EXPECT_THAT(exported.out, HasSubstr("18 recordings as edge-impulse-json"));
  EXPECT_TRUE(fs::exists(fs::path(out) / "testing" / "punch.s3-punch-001.json"));
  ASSERT_EQ(run({"new", "gesture", other}).exit_code, 0);
  EXPECT_EQ(run({"import", "-C", other, out, "--hmac-key", "wrong"}).exit_code, 3);
  const Printed imported = run({"import", "-C", other, out, "--hmac-key", "secret"});
  ASSERT_EQ(imported.exit_code, 0) << imported.err;
  EXPECT_THAT(imported.out, HasSubstr("Edge Impulse, 18 files"));
  EXPECT_THAT(imported.out, HasSubstr("verified 18"));
  for (const char* path : {"recordings/punch/s3-punch-002.csv", "recordings/idle/s1-idle-001.csv"})
    EXPECT_EQ(read_text(fs::path(other) / path).value(), read_text(fs::path(root_) / path).value());
  EXPECT_EQ(run({"export", "-C", root_, "--format", "npy", "-o", out}).exit_code, 2)
      << "the folder is not empty";
  EXPECT_EQ(run({"export", "x.tflite", "--format", "npy", "-o", out}).exit_code, 2);
}

TEST_F(Commands, RealWordsAreHeldOutAsTheirDataSetHasIt) {
  const fs::path source = test::reference_data_dir() / "keywords" / "speech_commands_v001_30words";
  MOTE_REQUIRE_OR_SKIP(fs::exists(source), "reference data keywords/speech_commands_v001_30words");
  auto project = project::gesture_template("words");
  project.sensor.rate_millihertz = 16'000'000;
  project.sensor.groups = {{project::SensorKind::kMicrophone, {"audio"}, project::Unit::kFullScale, 1}};
  project.labels = {"yes", "no", "right", "other"};
  project.background = "other";
  project.split.by = project::SplitSettings::By::kGiven;
  save(project);
  const Printed imported = run({"import", "-C", root_, source.string(), "--map", "*=other"});
  ASSERT_EQ(imported.exit_code, 0) << imported.err;
  EXPECT_THAT(imported.out, HasSubstr("Google Speech Commands, 300 files\n  30 labels"));
  const Printed printed = run({"data", "--json", "-C", root_});
  ASSERT_EQ(printed.exit_code, 0) << printed.err;
  const Json facts = parse_json(printed.out, "").value();
  EXPECT_EQ(facts.at("recordings").size(), 300u);
  std::map<std::string, std::set<std::string>> parts;
  for (const auto& recording : facts.at("recordings"))
    parts[recording.at("person")].insert(recording.at("split"));
  EXPECT_GT(parts.size(), 30u);
  for (const auto& [person, in] : parts) EXPECT_EQ(in.size(), 1u) << person;
  EXPECT_EQ(parts.at("speaker-97f4c236"), std::set<std::string>{"test"});
}

TEST_F(Commands, RealGesturesOfOnePersonAreHeldOutByCapture) {
  const fs::path source = test::reference_data_dir() / "gestures" / "nano_gestures";
  MOTE_REQUIRE_OR_SKIP(fs::exists(source), "reference data gestures/nano_gestures");
  auto project = project::gesture_template("nano");
  project.sensor.rate_millihertz = 119'000;
  project.sensor.groups = {
      {project::SensorKind::kAccelerometer, {"aX", "aY", "aZ"}, project::Unit::kG, 4},
      {project::SensorKind::kGyroscope, {"gX", "gY", "gZ"}, project::Unit::kDegreesPerSecond, 2000}};
  project.labels = {"circ", "flex", "hori", "punch", "vert"};
  project.background.reset();
  project.split.by = project::SplitSettings::By::kCapture;
  save(project);
  for (const auto& label : project.labels) {
    const Printed printed = run({"import", "-C", root_, (source / (label + ".csv")).string(), "--label",
                                 label, "--session", "s1", "--rate", "119"});
    ASSERT_EQ(printed.exit_code, 0) << printed.err;
  }
  const Printed printed = run({"data", "--json", "-C", root_, "--no-background"});
  ASSERT_EQ(printed.exit_code, 0) << printed.err;
  const Json facts = parse_json(printed.out, "").value();
  EXPECT_EQ(facts.at("recordings").size(), 265u);
  for (const auto& recording : facts.at("recordings")) EXPECT_EQ(recording.at("samples"), 119);
  EXPECT_EQ(facts.at("balance").at("punch").at("train"), 10);
  EXPECT_EQ(facts.at("balance").at("punch").at("test"), 3);
}

TEST_F(Commands, RealStreamsOfSevenPersonsAreHeldOutByPerson) {
  const fs::path source = test::reference_data_dir() / "streams" / "sp_sw_har";
  MOTE_REQUIRE_OR_SKIP(fs::exists(source), "reference data streams/sp_sw_har");
  auto project = project::gesture_template("har");
  project.sensor.rate_millihertz = 104'280;
  project.sensor.groups = {{project::SensorKind::kAccelerometer,
                            {"x_acc", "y_acc", "z_acc"},
                            project::Unit::kMetersPerSecondSquared,
                            39.227},
                           {project::SensorKind::kGyroscope,
                            {"x_gyro", "y_gyro", "z_gyro"},
                            project::Unit::kRadiansPerSecond,
                            34.907}};
  project.labels = {"walking", "standing_up", "sitting_down", "turning", "seated"};
  project.background = "seated";
  project.split.by = project::SplitSettings::By::kPerson;
  project.split.test_count = 2;
  save(project);
  for (int person = 1; person <= 7; ++person) {
    const std::string name = fmt::format("s{:02}", person);
    std::vector<std::string> arguments = {"import",
                                          "-C",
                                          root_,
                                          "--label-column",
                                          "label",
                                          "--session",
                                          name,
                                          "--person",
                                          name,
                                          "--map",
                                          "WALKING=walking",
                                          "--map",
                                          "STANDING_UP=standing_up",
                                          "--map",
                                          "SITTING_DOWN=sitting_down",
                                          "--map",
                                          "TURNING=turning",
                                          "--map",
                                          "SEATED=seated"};
    for (const auto& file : list_files(source / name, ".csv")) arguments.push_back(file.string());
    const Printed printed = run(arguments);
    ASSERT_EQ(printed.exit_code, 0) << printed.err;
  }
  const Printed printed = run({"data", "--json", "-C", root_});
  ASSERT_EQ(printed.exit_code, 0) << printed.err;
  const Json facts = parse_json(printed.out, "").value();
  EXPECT_EQ(facts.at("recordings").size(), 509u);
  double seconds = 0;
  for (const auto& recording : facts.at("recordings")) {
    const std::string person = recording.at("person");
    EXPECT_EQ(recording.at("split"), person == "s05" ? "validation" : person > "s05" ? "test" : "train");
    seconds += recording.at("seconds").get<double>();
  }
  EXPECT_NEAR(seconds, 77954 / 104.28, 1.0) << "all samples but the runs below four";
}

}  // namespace
}  // namespace mote::cli
