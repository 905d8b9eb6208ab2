// SPDX-License-Identifier: Apache-2.0
// `mote train` as people call it, on projects made from the demo's recordings.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "cli/command.h"
#include "core/facts.h"
#include "core/files.h"
#include "core/random.h"
#include "simulated_sensor/demo_sessions.h"
#include "support/require.h"
#include "tflite/tflite.h"

namespace mote::cli {
namespace {

namespace fs = std::filesystem;
using simulated_sensor::SessionFile;
using testing::HasSubstr;

Context call(const fs::path& project, std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"-C", project.string()});
  return call_tool(arguments, true);
}

/// The same file with every acceleration drawn at random; times and labels stay.
SessionFile with_noise(SessionFile file, Rng& rng) {
  std::istringstream lines(file.csv);
  std::string noise, line;
  std::getline(lines, line);
  noise = line + "\n";
  while (std::getline(lines, line)) {
    const auto first = line.find(','), last = line.rfind(',');
    if (first != std::string::npos)
      line = fmt::format("{},{:.4f},{:.4f},{:.4f}{}", line.substr(0, first), rng.uniform(-3, 3),
                         rng.uniform(-3, 3), rng.uniform(-3, 3), line.substr(last));
    noise += line + "\n";
  }
  file.csv = noise;
  return file;
}

/// A project with the demo's recordings imported.
void make_project(const fs::path& folder, const std::vector<SessionFile>& files) {
  ASSERT_TRUE(call_tool({"new", "gesture", folder.string()}, true).outcome.has_value());
  for (const SessionFile& file : files) {
    const fs::path csv = folder / "captures" / file.name;
    ASSERT_TRUE(write_file(csv, std::string_view(file.csv)).has_value());
    const auto imported =
        call(folder, {"import", csv.string(), "--label-column", "label", "--session", file.session,
                      "--person", file.person, "--recorded", file.recorded, "--rate", "100"});
    ASSERT_TRUE(imported.outcome.has_value()) << to_text(imported.outcome.error());
  }
}

class TrainCommand : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    ::unsetenv("SOURCE_DATE_EPOCH");
    folder_ = std::make_unique<test::TemporaryDirectory>();
    make_project(project(), simulated_sensor::demo_sessions());
  }
  static void TearDownTestSuite() { folder_.reset(); }
  static fs::path project() { return folder_->path() / "gesture"; }

  static std::unique_ptr<test::TemporaryDirectory> folder_;
};
std::unique_ptr<test::TemporaryDirectory> TrainCommand::folder_;

TEST_F(TrainCommand, WantsTheDataLookedAtFirst) {
  fs::remove(fact_path(project(), "data"));
  const Context early = call(project(), {"train"});
  ASSERT_FALSE(early.outcome.has_value());
  EXPECT_EQ(early.outcome.error().kind, ErrorKind::kUsage);
  EXPECT_EQ(early.outcome.error().hint, "run `mote data` first");
}

TEST_F(TrainCommand, WritesAModelWithItsContractAndTellsItsAccuracy) {
  ASSERT_TRUE(call(project(), {"data"}).outcome.has_value());
  const Context trained = call(project(), {"train", "--seed", "3"});
  ASSERT_TRUE(trained.outcome.has_value()) << to_text(trained.outcome.error());
  const auto facts = read_fact(project(), {"train", 1});
  ASSERT_TRUE(facts.has_value()) << to_text(facts.error());
  EXPECT_EQ(facts->at("seed"), 3);
  EXPECT_EQ(facts->at("history").size(), facts->at("epochs_run").get<std::size_t>());
  EXPECT_GE(facts->at("test").at("accuracy").get<double>(), 0.9);
  const auto model = tflite::read_file(project() / "run" / "model_float.tflite");
  ASSERT_TRUE(model.has_value()) << to_text(model.error());
  EXPECT_EQ(model->metadata.labels, (std::vector<std::string>{"punch", "flex", "idle"}));
  EXPECT_EQ(model->metadata.window_samples, 100);
  EXPECT_EQ(model->metadata.normalization.size(), 3u);
  ASSERT_TRUE(model->metadata.sensor.has_value());
  EXPECT_EQ(model->metadata.sensor->rate_millihertz, 100000);
}

TEST_F(TrainCommand, DatesTheModelByItsNewestTrainingRecordingUnlessTold) {
  ASSERT_TRUE(call(project(), {"data"}).outcome.has_value());
  ASSERT_TRUE(call(project(), {"train", "--epochs", "1"}).outcome.has_value());
  const auto files = simulated_sensor::demo_sessions();
  const fs::path path = project() / "run" / "model_float.tflite";
  std::string newest;
  for (const SessionFile& file : files)
    if (file.session != files.back().session) newest = std::max(newest, file.recorded.substr(0, 10));
  EXPECT_EQ(tflite::read_file(path)->metadata.date, newest);
  ASSERT_TRUE(call(project(), {"train", "--epochs", "1", "--date", "2031-02-03"}).outcome.has_value());
  EXPECT_EQ(tflite::read_file(path)->metadata.date, "2031-02-03");
}

TEST_F(TrainCommand, RefusesNamesItDoesNotKnow) {
  ASSERT_TRUE(call(project(), {"data"}).outcome.has_value());
  EXPECT_EQ(call(project(), {"train", "--arch", "cubic"}).outcome.error().what,
            "architecture 'cubic' is not known");
  EXPECT_EQ(call(project(), {"train", "--isa", "neon"}).outcome.error().kind, ErrorKind::kUsage);
}

TEST_F(TrainCommand, WantsADecisionAboutTheBackgroundClass) {
  test::TemporaryDirectory other;
  fs::copy(project(), other.path() / "p", fs::copy_options::recursive);
  const fs::path toml = other.path() / "p" / "mote.toml";
  std::string text = *read_text(toml);
  const auto at = text.find("background = \"idle\"");
  ASSERT_NE(at, std::string::npos);
  text.replace(at, 10, "#");
  ASSERT_TRUE(write_file(toml, std::string_view(text)).has_value());
  ASSERT_TRUE(call(other.path() / "p", {"data"}).outcome.has_value());
  const Context refused = call(other.path() / "p", {"train", "--epochs", "1"});
  ASSERT_FALSE(refused.outcome.has_value());
  EXPECT_EQ(refused.outcome.error().kind, ErrorKind::kUsage);
  EXPECT_THAT(refused.outcome.error().hint, HasSubstr("--no-background"));
  ASSERT_TRUE(call(other.path() / "p", {"data", "--no-background"}).outcome.has_value());
  EXPECT_TRUE(call(other.path() / "p", {"train", "--epochs", "1"}).outcome.has_value());
}

TEST_F(TrainCommand, HeldOutRecordingsDoNotTouchTheModel) {
  auto files = simulated_sensor::demo_sessions();
  const std::string held_out = files.back().session;
  Rng rng(99);
  for (SessionFile& file : files)
    if (file.session == held_out) file = with_noise(file, rng);
  const fs::path noisy = folder_->path() / "noisy" / "gesture";
  make_project(noisy, files);
  std::vector<std::string> model;
  std::vector<double> accuracy;
  for (const fs::path& folder : {project(), noisy}) {
    ASSERT_TRUE(call(folder, {"data"}).outcome.has_value());
    const Context trained = call(folder, {"train", "--epochs", "8", "--isa", "baseline"});
    ASSERT_TRUE(trained.outcome.has_value()) << to_text(trained.outcome.error());
    model.push_back(*read_text(folder / "run" / "model_float.tflite"));
    accuracy.push_back(read_fact(folder, {"train", 1})->at("test").at("accuracy").get<double>());
  }
  EXPECT_EQ(model[0], model[1]);
  EXPECT_LT(accuracy[1], accuracy[0] - 0.2) << "the noise was not evaluated";
}

}  // namespace
}  // namespace mote::cli
