// SPDX-License-Identifier: Apache-2.0
#include "dataset/dataset.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/files.h"
#include "dataset/data_fact.h"
#include "dataset/natural_order.h"
#include "recordings/import.h"
#include "support/require.h"

namespace mote::dataset {
namespace {

using By = project::SplitSettings::By;

/// One recording for the pure functions; its content is its id.
Recording make(const std::string& session, std::int32_t label, const std::string& person, int number,
               const std::string& recorded = "") {
  const char* names[] = {"punch", "flex", "idle"};
  Recording recording;
  recording.label = label;
  recording.samples = 100;
  recording.description.label = names[label];
  recording.description.session = session;
  recording.description.person = person;
  recording.description.recorded = recorded;
  recording.description.id = fmt::format("{}-{}-{:03}", session, names[label], number);
  recording.description.content_sha256 = recording.description.id;
  recording.description.sensor.rate_millihertz = 100'000;
  return recording;
}

/// Every label once in each session; sessions are given as name and person.
Dataset with_sessions(const std::vector<std::pair<std::string, std::string>>& sessions) {
  Dataset dataset;
  dataset.labels = {"punch", "flex", "idle"};
  dataset.background = "idle";
  dataset.axes = 3;
  for (const auto& [session, person] : sessions)
    for (std::int32_t label = 0; label < 3; ++label)
      dataset.recordings.push_back(make(session, label, person, 1));
  return dataset;
}

std::string message(Dataset dataset, const project::SplitSettings& settings) {
  const auto done = split(dataset, settings);
  return done.has_value() ? "accepted" : to_text(done.error());
}

/// "s1:train s2:test ..." in order, each session or person once.
std::string parts(const Dataset& dataset, const std::string recordings::Description::* field) {
  std::vector<std::string> seen;
  for (const auto& recording : dataset.recordings) {
    const std::string text = recording.description.*field + ":" + std::string(to_string(recording.part));
    if (std::find(seen.begin(), seen.end(), text) == seen.end()) seen.push_back(text);
  }
  return fmt::format("{}", fmt::join(seen, " "));
}

TEST(NaturalOrder, CountsNumbersByValue) {
  const NaturalLess less;
  EXPECT_TRUE(less("s2", "s10"));
  EXPECT_FALSE(less("s10", "s2"));
  EXPECT_TRUE(less("a9b", "a9c"));
  EXPECT_TRUE(less("a", "a1"));
  EXPECT_FALSE(less("s1", "s1"));
  EXPECT_NE(less("s01", "s1"), less("s1", "s01"));
  EXPECT_TRUE(less("s99999999999999999999998", "s99999999999999999999999"));
}

TEST(Split, TheLatestSessionsAreHeldOutByName) {
  Dataset dataset = with_sessions({{"s1", ""}, {"s10", ""}, {"s2", ""}, {"s3", ""}});
  ASSERT_TRUE(split(dataset, {}).has_value());
  EXPECT_EQ(parts(dataset, &recordings::Description::session), "s1:train s10:test s2:train s3:validation");
}

TEST(Split, TheLatestSessionsAreHeldOutByTimeIfAllHaveOne) {
  Dataset dataset = with_sessions({{"a", ""}, {"b", ""}, {"c", ""}});
  const char* times[] = {"2026-03-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z", "2026-02-01T00:00:00.000Z"};
  for (std::size_t index = 0; index < 9; ++index)
    dataset.recordings[index].description.recorded = times[index / 3];
  ASSERT_TRUE(split(dataset, {}).has_value());
  EXPECT_EQ(parts(dataset, &recordings::Description::session), "a:test b:train c:validation");
  dataset.recordings[8].description.recorded.clear();  // then names decide
  ASSERT_TRUE(split(dataset, {}).has_value());
  EXPECT_EQ(parts(dataset, &recordings::Description::session), "a:train b:validation c:test");
}

TEST(Split, TooFewSessionsAreRefused) {
  EXPECT_EQ(
      message(with_sessions({{"s1", ""}, {"s2", ""}}), {}),
      "3 sessions are needed (1 to train, 1 to validate, 1 to test), there are 2: s1, s2\n"
      "  hint: record another session; to hold out the last captures of each label instead (weaker): [split] "
      "by = \"capture\" in mote.toml");
}

TEST(Split, WholePersonsAreHeldOut) {
  Dataset dataset = with_sessions({{"s1", "p1"}, {"s2", "p2"}, {"s3", "p10"}, {"s4", "p3"}, {"s5", "p1"}});
  project::SplitSettings settings;
  settings.by = By::kPerson;
  ASSERT_TRUE(split(dataset, settings).has_value());
  EXPECT_EQ(parts(dataset, &recordings::Description::person), "p1:train p2:train p10:test p3:validation");
  settings.test_persons = {"p1"};
  ASSERT_TRUE(split(dataset, settings).has_value());
  EXPECT_EQ(parts(dataset, &recordings::Description::person), "p1:test p2:train p10:validation p3:train");
  settings.validation_persons = {"p2", "p3"};
  ASSERT_TRUE(split(dataset, settings).has_value());
  EXPECT_EQ(parts(dataset, &recordings::Description::person),
            "p1:test p2:validation p10:train p3:validation");
}

TEST(Split, PersonsThatCannotBeHeldOutAreRefused) {
  project::SplitSettings settings;
  settings.by = By::kPerson;
  EXPECT_EQ(
      message(with_sessions({{"s1", "p1"}, {"s2", "p2"}}), settings),
      "3 persons are needed (1 to train, 1 to validate, 1 to test), there are 2: p1, p2\n"
      "  hint: record another person; to hold out the last captures of each label instead (weaker): [split] "
      "by = \"capture\" in mote.toml");
  EXPECT_EQ(message(with_sessions({{"s1", "p1"}, {"s2", ""}}), settings),
            "recording s2-punch-001 tells no person\n"
            "  hint: import it again with --person NAME, or split by session");
  Dataset shared = with_sessions({{"s1", "p1"}, {"s2", "p2"}, {"s3", "p3"}});
  shared.recordings.push_back(make("s1", 0, "p3", 2));
  EXPECT_EQ(message(shared, settings),
            "session s1 would be in two parts: p3 is held out and p1 is not\n"
            "  hint: give each person sessions of their own (mote import --session)");
  settings.test_persons = {"eve"};
  EXPECT_EQ(message(with_sessions({{"s1", "p1"}, {"s2", "p2"}}), settings),
            "person eve of [split] has no recordings; there are p1, p2\n"
            "  hint: correct test_persons and validation_persons in mote.toml");
}

TEST(Split, TheLastCapturesOfEachLabelAreHeldOut) {
  Dataset dataset = with_sessions({});
  for (int number = 1; number <= 10; ++number)
    for (std::int32_t label = 0; label < 3; ++label)
      dataset.recordings.push_back(
          make("s1", label, "", number,
               fmt::format("2026-01-01T00:00:{:02}.000Z", label == 1 ? 60 - number : number)));
  project::SplitSettings settings;
  settings.by = By::kCapture;
  ASSERT_TRUE(split(dataset, settings).has_value());
  const auto part_of = [&](int number, std::size_t label) {
    return dataset.recordings[static_cast<std::size_t>(number - 1) * 3 + label].part;
  };
  EXPECT_EQ(part_of(6, 0), Part::kTrain);
  EXPECT_EQ(part_of(7, 0), Part::kValidation);
  EXPECT_EQ(part_of(8, 0), Part::kValidation);
  EXPECT_EQ(part_of(9, 0), Part::kTest);
  EXPECT_EQ(part_of(1, 1), Part::kTest) << "flex was recorded in reverse order";
  EXPECT_EQ(part_of(10, 1), Part::kTrain);
  EXPECT_EQ(dataset.in_part(Part::kTest).size(), 6u);
}

TEST(Split, CapturesTooFewToDivideAreRefused) {
  project::SplitSettings settings;
  settings.by = By::kCapture;
  EXPECT_EQ(message(with_sessions({{"s1", ""}, {"s2", ""}}), settings),
            "label punch has 2 captures, at least 3 are needed to train, validate and test\n  hint: record "
            "more of it");
  Dataset three = with_sessions({{"s1", ""}, {"s2", ""}, {"s3", ""}});
  settings.test_fraction = 0.8;
  ASSERT_TRUE(split(three, settings).has_value());
  EXPECT_EQ(parts(three, &recordings::Description::session), "s1:train s2:validation s3:test");
}

TEST(Split, ADataSetsOwnPartsAreTaken) {
  Dataset dataset = with_sessions({{"s1", ""}, {"s2", ""}, {"s3", ""}, {"s4", ""}});
  project::SplitSettings settings;
  settings.by = By::kGiven;
  EXPECT_EQ(message(dataset, settings),
            "recording s1-punch-001 has no part of its data set\n"
            "  hint: import it from a folder that tells one (Edge Impulse, Speech Commands), or choose "
            "another [split] by");
  const char* given[] = {"test", "train", "validation", "train"};
  for (std::size_t index = 0; index < 12; ++index)
    dataset.recordings[index].description.part = given[index / 3];
  ASSERT_TRUE(split(dataset, settings).has_value());
  EXPECT_EQ(parts(dataset, &recordings::Description::session), "s1:test s2:train s3:validation s4:train");
  for (auto& recording : dataset.recordings)
    if (recording.description.part == "validation") recording.description.part = "train";
  ASSERT_TRUE(split(dataset, settings).has_value());
  EXPECT_EQ(parts(dataset, &recordings::Description::session), "s1:test s2:train s3:train s4:validation")
      << "none to validate: the last of each label is lent";
  for (auto& recording : dataset.recordings) recording.description.part = "train";
  EXPECT_EQ(message(dataset, settings),
            "the data set holds nothing out for the test\n  hint: choose another [split] by");
}

TEST(Split, EqualSamplesInTwoPartsAreRefused) {
  Dataset dataset = with_sessions({{"s1", ""}, {"s2", ""}, {"s3", ""}});
  dataset.recordings[8].description.content_sha256 = dataset.recordings[2].description.content_sha256;
  EXPECT_EQ(
      message(dataset, {}),
      "recordings s1-idle-001 (train) and s3-idle-001 (test) have the same samples: the split would leak\n"
      "  hint: delete one of them: s3-idle-001.csv and .json");
}

TEST(Split, ALabelWithoutTrainingRecordingsIsRefused) {
  Dataset dataset = with_sessions({{"s1", ""}, {"s2", ""}, {"s3", ""}});
  dataset.recordings.erase(dataset.recordings.begin() + 1);
  EXPECT_EQ(message(dataset, {}),
            "label flex has no training recordings\n  hint: record it in more sessions, or take it out of "
            "mote.toml");
}

/// A project with three sessions on disk.
class OnDisk : public testing::Test {
 protected:
  OnDisk() {
    project_ = project::gesture_template("gesture");
    project_.root = folder_.path();
    EXPECT_TRUE(write_file(project_.file(), project::to_toml(project_)).has_value());
    for (const char* session : {"s1", "s2", "s3"})
      for (const char* label : {"idle", "flex", "punch"}) add(session, label);
  }
  void add(const std::string& session, const std::string& label) {
    std::string text = "time_ms,ax,ay,az\n";
    for (int sample = 0; sample < 120; ++sample)
      text += fmt::format("{},{},{},{}\n", 10 * sample, 0.01 * seed_, 0.001 * sample,
                          label == "idle" ? 1.0 : 5.0);
    ++seed_;
    const auto path = folder_.path() / "in.csv";
    EXPECT_TRUE(write_file(path, text).has_value());
    recordings::ImportOptions options;
    options.label = label;
    options.session = session;
    const auto result = recordings::import_files(project_, {path}, options);
    EXPECT_TRUE(result.has_value()) << to_text(result.error());
  }
  Dataset loaded() { return load(project_).value(); }

  test::TemporaryDirectory folder_;
  project::Project project_;
  int seed_ = 1;
};

TEST_F(OnDisk, LoadsCountsPartsRatesAndClipping) {
  const Dataset dataset = loaded();
  ASSERT_EQ(dataset.recordings.size(), 9u);
  const Recording& first = dataset.recordings[0];
  EXPECT_EQ(first.description.id, "s1-punch-001") << "by session, then label in the project's order";
  EXPECT_EQ(first.part, Part::kTrain);
  EXPECT_EQ(first.counts.size(), 360u);
  EXPECT_EQ(first.counts[2], 32767);
  EXPECT_EQ(first.clipped_samples, 120);
  EXPECT_DOUBLE_EQ(first.measured_rate_hz().value(), 100.0);
  EXPECT_DOUBLE_EQ(first.seconds(), 1.2);
  EXPECT_EQ(dataset.recordings[8].part, Part::kTest);
  EXPECT_EQ(dataset.recordings[8].label, 2);
}

TEST_F(OnDisk, ASensorOtherThanTheProjectsIsRefused) {
  project_.sensor.groups[0].range = 8;
  const auto refused = read(project_);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().what,
            "recorded with accelerometer ax/ay/az g +-4, 100 Hz; the project says accelerometer ax/ay/az g "
            "+-8, 100 Hz");
  project_.sensor.groups[0].range = 4;
  project_.sensor.rate_millihertz = 50'000;
  EXPECT_EQ(read(project_).error().what,
            "recorded with accelerometer ax/ay/az g +-4, 100 Hz; the project says accelerometer ax/ay/az g "
            "+-4, 50 Hz");
}

TEST_F(OnDisk, LabelsMissingFromTheProjectAndEmptyProjectsAreRefused) {
  project_.labels = {"punch", "idle"};
  EXPECT_EQ(read(project_).error().what, "label flex is not in the project (punch, idle)");
  std::filesystem::remove_all(project_.recordings());
  EXPECT_EQ(read(project_).error().kind, ErrorKind::kUsage);
  EXPECT_EQ(read(project_).error().what, "the project has no recordings yet");
}

TEST_F(OnDisk, ADescriptionWithForeignContentIsRefused) {
  const auto path = project_.recordings() / "flex" / "s1-flex-001.json";
  std::string text = read_text(path).value();
  const auto at = text.find("\"content_sha256\": \"") + 19;
  text[at] = text[at] == '0' ? '1' : '0';
  ASSERT_TRUE(write_file(path, text).has_value());
  EXPECT_EQ(to_text(read(project_).error()),
            path.string() +
                ": description does not fit the samples (content checksum)\n"
                "  hint: restore the file, or delete the recording and import it again");
}

TEST_F(OnDisk, FactsTellPartsBalanceAndTypicalSignals) {
  const Json facts = data_facts(loaded(), project_, false);
  EXPECT_EQ(facts.at("recordings").size(), 9u);
  EXPECT_EQ(facts.at("recordings").at(0).at("split"), "train");
  EXPECT_EQ(facts.at("recordings").at(0).at("clipped_fraction"), 1.0);
  EXPECT_NEAR(facts.at("recordings").at(0).at("rate_hz_measured").get<double>(), 100.0, 1e-9);
  EXPECT_EQ(facts.at("split_by"), "session");
  EXPECT_EQ(facts.at("background"), "idle");
  EXPECT_EQ(facts.at("no_background"), false);
  EXPECT_EQ(facts.at("balance").at("flex").at("train"), 1);
  EXPECT_EQ(facts.at("balance").at("flex").at("test"), 1);
  EXPECT_NEAR(facts.at("balance").at("flex").at("seconds").get<double>(), 3.6, 1e-9);
  const Json& signal = facts.at("signals").at("idle");
  EXPECT_EQ(signal.at("id"), "s1-idle-001") << "from the training part";
  EXPECT_EQ(signal.at("axes"), (std::vector<std::string>{"ax", "ay", "az"}));
  EXPECT_EQ(signal.at("units"), (std::vector<std::string>{"g", "g", "g"}));
  EXPECT_EQ(signal.at("values").size(), 3u);
  EXPECT_EQ(signal.at("values").at(0).size(), 100u);
  EXPECT_EQ(signal.at("values").at(2).at(0), 1.0);
}

TEST_F(OnDisk, WarningsNameWhatToLookAt) {
  Dataset dataset = loaded();
  EXPECT_EQ(warnings(dataset, project_),
            (std::vector<std::string>{"66.7 % of the samples are clipped: the sensor's range is too small"}));
  for (auto& recording : dataset.recordings) {
    recording.clipped_samples = 0;
    if (recording.description.session == "s2")
      for (auto& time : recording.time_ms) time *= 0.98;
  }
  dataset.recordings[0].samples = 99;
  dataset.recordings[1].samples = 600;
  dataset.recordings.erase(dataset.recordings.begin() + 3);
  dataset.split.by = By::kCapture;
  EXPECT_EQ(
      warnings(dataset, project_),
      (std::vector<std::string>{
          "session s2: time stamps say 102.04 Hz, the project 100 Hz",
          "1 of 8 recordings are shorter than a window (100 samples) and are not used",
          "label punch has no validation recordings", "flex has 6.1 times as much training data as punch",
          "held out by capture: same sessions, same persons as in training; results will flatter"}));
}

TEST_F(OnDisk, LaterStagesNeedFreshFactsAndABackground) {
  EXPECT_EQ(to_text(require_data(project_).error()),
            (folder_.path() / "run" / "data.json").string() +
                ": the stage 'data' has not run yet\n  hint: run `mote data` first");
  const auto write = [this](bool no_background) {
    const Dataset dataset = loaded();
    return write_data_fact(project_, dataset, data_facts(dataset, project_, no_background)).has_value();
  };
  ASSERT_TRUE(write(false));
  EXPECT_TRUE(require_data(project_).has_value());
  add("s2", "idle");
  EXPECT_EQ(require_data(project_).error().what, "stale: there are 10 recordings, `mote data` saw 9");
  project_.background.reset();
  ASSERT_TRUE(write(false));
  const auto refused = require_data(project_);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, ErrorKind::kFinding);
  EXPECT_EQ(refused.error().what, "no background class: the model would have to call every motion a gesture");
  ASSERT_TRUE(write(true));
  EXPECT_EQ(require_data(project_)->at("no_background"), true);
}

TEST_F(OnDisk, NoiseInTheHeldOutSessionChangesNoPart) {
  const Dataset before = loaded();
  std::filesystem::remove(project_.recordings() / "punch" / "s3-punch-001.csv");
  std::filesystem::remove(project_.recordings() / "punch" / "s3-punch-001.json");
  add("s3", "punch");
  const Dataset after = loaded();
  for (std::size_t index = 0; index < 9; ++index)
    EXPECT_EQ(before.recordings[index].part, after.recordings[index].part);
  EXPECT_NE(before.recordings[6].counts, after.recordings[6].counts);
}

}  // namespace
}  // namespace mote::dataset
