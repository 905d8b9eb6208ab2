// SPDX-License-Identifier: Apache-2.0
// The nine steps on recordings of real sensors. The accuracy that is reached depends on the data and is
// printed; what must hold is that it is far above chance, that every stage agrees with the one before, and
// that the evidence is whole.
#include <fmt/format.h>

#include "end_to_end/tool.h"
#include "support/require.h"

namespace mote::test {
namespace {

namespace fs = std::filesystem;

/// 6 axes at 119 Hz, one person in one session, no idle: the weakest split there is.
constexpr const char* kNanoGestures = R"(name = "nano"
version = "1.0.0"
board = "qemu-mps2-an386"
[sensor]
name = "Arduino Nano 33 BLE Sense"
rate_hz = 119
[[sensor.group]]
kind = "accelerometer"
axes = ["aX", "aY", "aZ"]
unit = "g"
range = 4
[[sensor.group]]
kind = "gyroscope"
axes = ["gX", "gY", "gZ"]
unit = "dps"
range = 2000
[model]
window = 119
hop = 119
labels = ["circ", "flex", "hori", "punch", "vert"]
[split]
by = "capture"
test_fraction = 0.2
validation_fraction = 0.2
[training]
architecture = "conv"
)";

/// A smart watch at 100 Hz with a label for every sample; two of seven persons are held out.
constexpr const char* kWatch = R"(name = "watch"
version = "1.0.0"
board = "qemu-mps2-an386"
[sensor]
name = "smart watch"
rate_hz = 100
[[sensor.group]]
kind = "accelerometer"
axes = ["x_acc", "y_acc", "z_acc"]
unit = "m/s2"
range = 39.227
[[sensor.group]]
kind = "gyroscope"
axes = ["x_gyro", "y_gyro", "z_gyro"]
unit = "rad/s"
range = 34.9
[model]
window = 100
hop = 20
labels = ["SEATED", "STANDING_UP", "WALKING", "TURNING", "SITTING_DOWN"]
background = "SEATED"
[split]
by = "person"
test_persons = ["s06", "s07"]
validation_persons = ["s05"]
[training]
architecture = "conv"
)";

/// From the split to the report. Returns the diagnosis.
Json run_stages(const fs::path& project) {
  mote_json(project, {"train"});
  mote_json(project, {"quantize"});
  mote_json(project, {"compile"});
  mote_json(project, {"firmware", "--board", "qemu-mps2-an386"});
  mote_json(project, {"simulate"});
  mote({"diagnose", "-C", project.string(), "--json"});
  EXPECT_EQ(mote({"report", "-C", project.string(), "--json"}).exit_code, 0);
  EXPECT_TRUE(fs::exists(project / "run" / "report.html"));
  return facts(project, "diagnose");
}

/// int8 on the host, generated code and device give equal bytes for every window, and all stages ran.
void expect_integer_stages_agree(const Json& diagnosis) {
  const Json& stages = diagnosis.at("stages");
  ASSERT_EQ(stages.size(), 5u);
  for (const std::size_t stage : {3u, 4u}) {
    const Json& agreement = stages[stage].at("agreement_with_previous");
    EXPECT_GT(agreement.at("of").get<int>(), 0);
    EXPECT_EQ(agreement.at("equal"), agreement.at("of")) << stages[stage].at("name");
  }
}

void print_accuracies(const Json& diagnosis) {
  for (const Json& stage : diagnosis.at("stages"))
    fmt::print("{}: {:.1f} % of {} recordings, 95 % interval {:.1f} ... {:.1f} %\n",
               stage.at("name").get<std::string>(), 100 * stage.at("accuracy").get<double>(),
               stage.at("recordings_total").get<int>(), 100 * stage.at("interval")[0].get<double>(),
               100 * stage.at("interval")[1].get<double>());
}

TEST(RealRecordings, NanoGesturesFromOneSession) {
  const fs::path data = reference_data_dir() / "gestures" / "nano_gestures";
  MOTE_REQUIRE_OR_SKIP(fs::exists(data), "reference recordings gestures/nano_gestures");
  MOTE_REQUIRE_OR_SKIP(have_tool("qemu-system-arm") && have_tool("arm-none-eabi-g++"),
                       "Arm compiler and QEMU");
  const TemporaryDirectory directory;
  const fs::path project = directory.path() / "nano";
  write_text(project / "mote.toml", kNanoGestures);
  std::size_t captures = 0;
  for (const char* label : {"circ", "flex", "hori", "punch", "vert"}) {
    const fs::path file = data / (std::string(label) + ".csv");
    const Json imported =
        mote_json(project, {"import", file.string(), "--label", label, "--session", "s1", "--rate", "119"});
    captures += imported.at("recordings").size();
  }
  EXPECT_EQ(captures, 265u);
  EXPECT_EQ(mote({"data", "-C", project.string(), "--json"}).exit_code, 1)
      << "no background class is a finding";
  mote_json(project, {"data", "--no-background"});
  const Json diagnosis = run_stages(project);
  print_accuracies(diagnosis);
  expect_integer_stages_agree(diagnosis);
  EXPECT_GT(diagnosis.at("stages").back().at("accuracy").get<double>(), 0.8);
  EXPECT_NE(read_text(project / "run" / "report.html").value().find("--no-background"), std::string::npos);
}

TEST(RealRecordings, WatchWithTwoPersonsHeldOut) {
  const fs::path data = reference_data_dir() / "streams" / "sp_sw_har";
  MOTE_REQUIRE_OR_SKIP(fs::exists(data), "reference recordings streams/sp_sw_har");
  MOTE_REQUIRE_OR_SKIP(have_tool("qemu-system-arm") && have_tool("arm-none-eabi-g++"),
                       "Arm compiler and QEMU");
  const TemporaryDirectory directory;
  const fs::path project = directory.path() / "watch";
  write_text(project / "mote.toml", kWatch);
  for (const char* person : {"s01", "s02", "s03", "s04", "s05", "s06", "s07"}) {
    std::vector<std::string> arguments = {"import"};
    for (const fs::path& file : list_files(data / person, "_sw.csv")) arguments.push_back(file.string());
    arguments.insert(arguments.end(), {"--label-column", "label", "--session", person, "--person", person});
    mote_json(project, arguments);
  }
  mote_json(project, {"data"});
  const Json diagnosis = run_stages(project);
  print_accuracies(diagnosis);
  expect_integer_stages_agree(diagnosis);
  EXPECT_GT(diagnosis.at("stages").back().at("accuracy").get<double>(), 0.6);
  for (const Json& recording : facts(project, "data").at("recordings"))
    EXPECT_EQ(recording.at("split") == "test",
              recording.at("person") == "s06" || recording.at("person") == "s07");
}

}  // namespace
}  // namespace mote::test
