// SPDX-License-Identifier: Apache-2.0
// The demo from nothing to the report, as a user runs it, and what must hold of what it leaves.
#include <fmt/format.h>

#include <map>

#include "core/hash.h"
#include "end_to_end/tool.h"
#include "support/require.h"

namespace mote::test {
namespace {

namespace fs = std::filesystem;

bool have_device_tools() {
  return have_tool("qemu-system-arm") && have_tool("arm-none-eabi-g++");
}

/// Copies a project, so that a test can damage it.
fs::path copy_of(const fs::path& project, const fs::path& to) {
  fs::copy(project, to, fs::copy_options::recursive);
  return to;
}

/// The status of each checklist item.
std::map<std::string, std::string> checklist(const Json& check) {
  std::map<std::string, std::string> status;
  for (const Json& item : check.at("items")) status[item.at("id")] = item.at("status");
  return status;
}

class Demo : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    directory_ = new TemporaryDirectory();
    if (have_device_tools()) demo_ = mote({"demo", (directory_->path() / "first").string()});
  }
  static void TearDownTestSuite() {
    delete directory_;
    directory_ = nullptr;
  }
  void SetUp() override { MOTE_REQUIRE_OR_SKIP(have_device_tools(), "Arm compiler and QEMU"); }

  static fs::path project() { return directory_->path() / "first"; }
  static fs::path scratch(const std::string& name) { return directory_->path() / name; }

  static inline TemporaryDirectory* directory_ = nullptr;
  static inline ProcessResult demo_ = {};
};

TEST_F(Demo, RunsThroughAndEveryAutomaticItemOfTheChecklistPasses) {
  EXPECT_EQ(demo_.exit_code, 0) << demo_.output << demo_.errors;
  const Json check = mote_json(project(), {"check"});
  for (const auto& [id, status] : checklist(check)) {
    EXPECT_EQ(status, id == "supply-voltage" ? "manual" : "pass") << id;
  }
}

TEST_F(Demo, AllFiveStagesAgreeAndTheDeviceEqualsTheHostInEveryByte) {
  const Json diagnosis = facts(project(), "diagnose");
  ASSERT_EQ(diagnosis.at("stages").size(), 5u);
  for (const Json& stage : diagnosis.at("stages")) {
    fmt::print("{}: {:.1f} %\n", stage.at("name").get<std::string>(),
               100 * stage.at("accuracy").get<double>());
    EXPECT_GT(stage.at("accuracy").get<double>(), 0.9);
  }
  for (const std::size_t stage : {3u, 4u}) {
    const Json& agreement = diagnosis.at("stages")[stage].at("agreement_with_previous");
    EXPECT_GT(agreement.at("of").get<int>(), 1000);
    EXPECT_EQ(agreement.at("equal"), agreement.at("of"));
  }
}

TEST_F(Demo, APipelineWithAMemoryIsTheHostsOnTheDeviceInEveryWindow) {
  const fs::path project = copy_of(Demo::project(), scratch("pipeline"));
  std::string toml = read_text(project / "mote.toml").value();
  toml.insert(toml.find("\n[model]"),
              "\n[[features]]\nblock = \"iir\"\nband = \"high\"\nedge_hz = 0.5\n"
              "\n[[features]]\nblock = \"frame\"\nlength_ms = 200\nstep_ms = 100\n"
              "\n[[features]]\nblock = \"statistics\"\nwhich = [\"rms\", \"peak_to_peak\", \"kurtosis\"]\n");
  ASSERT_TRUE(write_file(project / "mote.toml", std::string_view(toml)).has_value());
  for (const char* command : {"data", "train", "quantize", "compile", "firmware", "simulate", "diagnose"}) {
    const ProcessResult run = mote({command, "-C", project.string()});
    ASSERT_LE(run.exit_code, 1) << command << run.errors;  // what is learned of so little is another matter
  }
  EXPECT_EQ(facts(project, "compile").at("features").at("columns"), 9);
  EXPECT_EQ(facts(project, "firmware").at("self_test"), true);
  const Json diagnosis = facts(project, "diagnose");
  for (const std::size_t stage : {3u, 4u}) {
    const Json& agreement = diagnosis.at("stages")[stage].at("agreement_with_previous");
    EXPECT_GT(agreement.at("of").get<int>(), 1000);
    EXPECT_EQ(agreement.at("equal"), agreement.at("of"));
  }
}

TEST_F(Demo, NoSampleIsLostAtTheDeclaredRate) {
  for (const Json& recording : facts(project(), "simulate").at("recordings")) {
    EXPECT_EQ(recording.at("end").at("lost"), 0) << recording.at("id");
    EXPECT_TRUE(recording.at("fault").is_null()) << recording.at("id");
  }
}

TEST_F(Demo, TheInstalledToolGivesTheSameModelAndTheSameImageByteForByteInAnotherFolder) {
  const fs::path second = scratch("elsewhere") / "under another name", prefix = scratch("installed");
  const auto installed = run_process({"cmake", "--install", MOTE_BUILD_DIR, "--prefix", prefix.string()});
  ASSERT_TRUE(installed.has_value() && installed->exit_code == 0);
  const auto ran = run_process({(prefix / "bin" / "mote").string(), "demo", second.string()});
  ASSERT_TRUE(ran.has_value());
  ASSERT_EQ(ran->exit_code, 0) << ran->output << ran->errors;
  for (const char* file : {"run/model_float.tflite", "run/model_int8.tflite",
                           "run/firmware/qemu-mps2-an386/build/firmware.elf"}) {
    EXPECT_EQ(sha256_of_file(project() / file).value(), sha256_of_file(second / file).value()) << file;
  }
}

TEST_F(Demo, AChangedModelMakesTheResultsStale) {
  const fs::path copy = copy_of(project(), scratch("stale"));
  std::string model = read_text(copy / "run" / "model_int8.tflite").value();
  model[model.size() / 2] = static_cast<char>(model[model.size() / 2] ^ 1);
  write_text(copy / "run" / "model_int8.tflite", model);
  const Json check = mote_json(copy, {"check"}, 1);
  EXPECT_EQ(checklist(check).at("no-stale-fact"), "fail");
}

TEST_F(Demo, ADecisionWakesTheModelOfAnotherProjectAndBothAreWhatTheHostComputes) {
  const fs::path cascade = copy_of(project(), scratch("cascade"));
  const Json alone = facts(project(), "simulate");
  write_text(cascade / "mote.toml", read_text(cascade / "mote.toml").value() +
                                        "\n[cascade]\nlabel = \"punch\"\nmodel = \"../first\"\n");
  for (const char* stage : {"data", "compile", "firmware"}) mote_json(cascade, {stage});
  const Json simulated = mote_json(cascade, {"simulate"});
  const Json& replay = simulated.at("second_model_replay");
  EXPECT_GT(replay.at("windows").get<int>(), 20);
  EXPECT_TRUE(replay.at("different").empty()) << replay;
  ASSERT_EQ(simulated.at("recordings").size(), alone.at("recordings").size());
  int woken = 0;
  for (std::size_t index = 0; index < alone.at("recordings").size(); ++index) {
    const Json& both = simulated.at("recordings")[index];
    EXPECT_EQ(both.at("windows"), alone.at("recordings")[index].at("windows"));
    woken += static_cast<int>(both.at("woken").size());
  }
  EXPECT_EQ(woken, replay.at("windows").get<int>());
  // The second is the first once more, so both plans are of one size.
  EXPECT_EQ(simulated.at("boot").at("memory"), alone.at("boot").at("memory"));
  const auto checked = checklist(mote_json(cascade, {"check"}, 1));
  EXPECT_EQ(checked.at("only-needed-kernels"), "pass");
}

TEST_F(Demo, ABoardOfAnotherRateDoesNotCompile) {
  const fs::path copy = copy_of(project(), scratch("rate"));
  const fs::path config = copy / "run" / "firmware" / "qemu-mps2-an386" / "board" / "board_config.h";
  std::string text = read_text(config).value();
  const auto at = text.find("100000");
  ASSERT_NE(at, std::string::npos) << text;
  write_text(config, text.replace(at, 6, "50000"));
  const auto built = run_process({"make", "-B", "-C", config.parent_path().parent_path().string()});
  ASSERT_TRUE(built.has_value());
  EXPECT_NE(built->exit_code, 0);
  EXPECT_NE(built->errors.find("the board samples at another rate"), std::string::npos) << built->errors;
  EXPECT_NE(built->errors.find("100000, 50000"), std::string::npos) << built->errors;
}

TEST_F(Demo, ASketchIsWrittenNotCompiledAndWhatWasMeasuredOnAnotherBoardStays) {
  const fs::path copy = copy_of(project(), scratch("sketch"));
  const Json before = facts(copy, "firmware");
  const ProcessResult written =
      mote({"firmware", "--board", "arduino-nano-33-ble-sense-rev2", "-C", copy.string()});
  EXPECT_EQ(written.exit_code, 0) << written.errors;
  EXPECT_NE(written.output.find("written, not compiled here"), std::string::npos) << written.output;
  EXPECT_TRUE(
      fs::exists(copy / "run/firmware/arduino-nano-33-ble-sense-rev2/libraries/Mote/src/mote_firmware.h"));
  EXPECT_EQ(facts(copy, "firmware"), before);
  const ProcessResult simulated =
      mote({"simulate", "--board", "arduino-nano-33-ble-sense-rev2", "-C", copy.string()});
  EXPECT_EQ(simulated.exit_code, 2);
  EXPECT_NE(simulated.errors.find("has no emulator"), std::string::npos) << simulated.errors;
}

}  // namespace
}  // namespace mote::test
