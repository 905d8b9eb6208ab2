// SPDX-License-Identifier: Apache-2.0
#include "run_fixture/run_fixture.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <numbers>

#include "core/facts.h"
#include "core/files.h"
#include "core/random.h"
#include "core/statistics.h"

namespace mote::test {
namespace {

constexpr int kLabels = 3;
constexpr std::array<const char*, kLabels> kNames = {"punch", "flex", "idle"};
constexpr int kRecordingsPerLabel = 24;  // in each of validation and test
constexpr int kWindows = 5;              // in each recording
constexpr const char* kHash = "5d41402abc4b2a76b9719d911017c5925d41402abc4b2a76b9719d911017c592";

/// One axis of a typical movement, in g.
double movement(int label, int axis, double seconds) {
  const double gravity = axis == 2 ? 1.0 : 0.0;
  if (label == 0) {
    const double stroke = (seconds - 0.5) / 0.09;
    return gravity + (axis == 0 ? 2.8 : 0.6) * -stroke * std::exp(-stroke * stroke / 2);
  }
  if (label == 1) return gravity + 0.5 * std::sin(2 * std::numbers::pi * 1.4 * seconds + axis);
  return gravity;
}

Json signals() {
  Json result = Json::object();
  Rng rng(11);
  for (int label = 0; label < kLabels; ++label) {
    Json axes = Json::array();
    for (int axis = 0; axis < 3; ++axis) {
      Json values = Json::array();
      for (int sample = 0; sample < 100; ++sample)
        values.push_back(std::round(1000 * (movement(label, axis, sample / 100.0) + 0.02 * rng.normal())) /
                         1000);
      axes.push_back(values);
    }
    result[kNames[static_cast<std::size_t>(label)]] = {
        {"id", fmt::format("s1-{}-003", kNames[static_cast<std::size_t>(label)])},
        {"rate_hz", 100.0},
        {"axes", {"aX", "aY", "aZ"}},
        {"units", {"g", "g", "g"}},
        {"values", axes}};
  }
  return result;
}

/// The recordings of a part: id, label and session.
Json recordings_of(const char* part, const char* session, int per_label) {
  Json list = Json::array();
  for (const char* label : kNames)
    for (int number = 0; number < per_label; ++number)
      list.push_back({{"id", fmt::format("{}-{}-{:03}", session, label, number)},
                      {"label", label},
                      {"session", session},
                      {"person", number % 2 == 0 ? "ada" : "ben"},
                      {"device", "board-1"},
                      {"split", part},
                      {"samples", 180},
                      {"seconds", 1.8},
                      {"rate_hz_declared", 100.0},
                      {"rate_hz_measured", 99.9},
                      {"clipped_fraction", 0.0},
                      {"recorded", "2026-03-01T10:00:00"}});
  return list;
}

Json data_facts() {
  Json recordings = recordings_of("train", "s1", 40);
  for (const auto& [part, session] : {std::pair{"validation", "s2"}, std::pair{"test", "s3"}})
    for (const Json& recording : recordings_of(part, session, kRecordingsPerLabel))
      recordings.push_back(recording);
  Json balance = Json::object();
  for (const char* label : kNames)
    balance[label] = {{"train", 40},
                      {"validation", kRecordingsPerLabel},
                      {"test", kRecordingsPerLabel},
                      {"seconds", (40 + 2 * kRecordingsPerLabel) * 1.8}};
  return {{"recordings", recordings}, {"split_by", "session"}, {"background", "idle"},
          {"no_background", false},   {"labels", kNames},      {"balance", balance},
          {"signals", signals()}};
}

/// Class and confidence that the invented model gives to a window: right, except that one test recording is
/// taken for another, and single windows here and there are wrong.
std::pair<int, int> window_answer(int recording, int window, bool test) {
  const int truth = recording / kRecordingsPerLabel;
  if (test && recording == 30) return {2, 150 + 10 * window};
  const int spread = (recording * 37 + window * 61) % 90;
  if ((recording * 5 + window) % 53 == 0) return {(truth + 1) % kLabels, 130 + spread / 2};
  return {truth, 252 - spread};
}

/// An Evaluation: see the schema of train.json.
Json evaluation(const char* part, const char* session) {
  const bool test = std::string_view(part) == "test";
  Json recordings = recordings_of(part, session, kRecordingsPerLabel);
  std::array<std::array<int, kLabels>, kLabels> confusion = {};
  int right = 0, windows_right_total = 0;
  for (std::size_t index = 0; index < recordings.size(); ++index) {
    const int truth = static_cast<int>(index) / kRecordingsPerLabel;
    Json classes = Json::array(), confidences = Json::array();
    std::array<int, kLabels> sums = {};
    int windows_right = 0;
    for (int window = 0; window < kWindows; ++window) {
      const auto [answer, confidence] = window_answer(static_cast<int>(index), window, test);
      classes.push_back(answer);
      confidences.push_back(confidence);
      sums[static_cast<std::size_t>(answer)] += confidence;
      windows_right += answer == truth ? 1 : 0;
    }
    const auto predicted =
        static_cast<std::size_t>(std::max_element(sums.begin(), sums.end()) - sums.begin());
    recordings[index] = {{"id", recordings[index]["id"]},
                         {"label", recordings[index]["label"]},
                         {"predicted", kNames[predicted]},
                         {"windows_right", windows_right},
                         {"windows", kWindows},
                         {"window_classes", classes},
                         {"window_confidences", confidences}};
    ++confusion[static_cast<std::size_t>(truth)][predicted];
    right += static_cast<int>(predicted) == truth ? 1 : 0;
    windows_right_total += windows_right;
  }
  const auto total = static_cast<int>(recordings.size());
  const Interval interval = clopper_pearson(right, total);
  return {{"part", part},
          {"recordings", recordings},
          {"recordings_right", right},
          {"recordings_total", total},
          {"accuracy", static_cast<double>(right) / total},
          {"interval", {interval.low, interval.high}},
          {"windows_right", windows_right_total},
          {"windows_total", total * kWindows},
          {"confusion", confusion}};
}

Json normalization() {
  return {{{"axis", "aX"},
           {"mean", 0.021},
           {"standard_deviation", 0.81},
           {"multiplier", 20712},
           {"bias", -3514},
           {"shift", 16}},
          {{"axis", "aY"},
           {"mean", -0.013},
           {"standard_deviation", 0.42},
           {"multiplier", 19972},
           {"bias", 2090},
           {"shift", 15}},
          {{"axis", "aZ"},
           {"mean", 0.978},
           {"standard_deviation", 0.39},
           {"multiplier", 21509},
           {"bias", -83110},
           {"shift", 15}}};
}

Json train_facts() {
  Json history = Json::array();
  for (int epoch = 1; epoch <= 46; ++epoch) {
    const double loss = 1.05 * std::exp(-epoch / 7.0) + 0.03;
    history.push_back(
        {{"epoch", epoch},
         {"train_loss", loss},
         {"validation_loss", loss * 1.1 + 0.05 + 0.01 * std::sin(epoch * 1.7)},
         {"train_accuracy", 1 - 0.55 * std::exp(-epoch / 5.0)},
         {"validation_accuracy", 0.975 - 0.55 * std::exp(-epoch / 5.5) + 0.006 * std::sin(epoch * 2.1)}});
  }
  return {{"architecture", "dense"},
          {"parameters", 10211},
          {"seed", 1},
          {"isa", "baseline"},
          {"epochs_run", 46},
          {"best_epoch", 26},
          {"history", history},
          {"normalization", normalization()},
          {"windows", {{"train", 600}, {"validation", 360}, {"test", 360}}},
          {"validation", evaluation("validation", "s2")},
          {"test", evaluation("test", "s3")}};
}

Json layer(const char* op, const char* name, const char* variant, int macs, int width, int constant_bytes) {
  return {{"op", op},
          {"name", name},
          {"variant", variant},
          {"macs", macs},
          {"output_shape", {1, width}},
          {"constant_bytes", constant_bytes}};
}

Json compile_facts() {
  return {{"model", "gesture"},
          {"name", "gesture"},
          {"version", "1.0.0"},
          {"date", "2026-03-02"},
          {"content_hash", kHash},
          {"memory_bytes", 332},
          {"threshold_q8", 180},
          {"constant_bytes", 10416},
          {"macs", 10160},
          {"layers", Json::array({layer("fully_connected", "dense_1", "cortex_m_dsp", 9600, 32, 9888),
                                  layer("fully_connected", "dense_2", "cortex_m_dsp", 512, 16, 656),
                                  layer("fully_connected", "logits", "cortex_m_dsp", 48, 3, 75),
                                  layer("softmax", "probabilities", "reference", 0, 3, 0)})},
          {"kernels_linked", {"mote::kernels::FullyConnectedDsp", "mote::kernels::SoftmaxReference"}},
          {"normalization", normalization()},
          {"files", {"gesture.h", "gesture.cpp", "norm_params.h"}}};
}

Json firmware_facts() {
  return {{"board", "qemu-mps2-an386"},
          {"image", "run/firmware/qemu-mps2-an386/gesture.elf"},
          {"flash_bytes", 18904},
          {"board_flash_bytes", 4194304},
          {"ram_bytes", 4580},
          {"board_ram_bytes", 4194304},
          {"code_bytes", 7604},
          {"constant_bytes", 11300},
          {"stack_bytes", 2048},
          {"stack",
           {{"known", true},
            {"reserved_bytes", 2048},
            {"guard_bytes", 16},
            {"worst_case_bytes", 516},
            {"main_bytes", 424},
            {"interrupt_bytes", 56},
            {"exception_frame_bytes", 36},
            {"fault_bytes", 200},
            {"deepest_path",
             {{{"function", "mote_reset"}, {"bytes", 16}},
              {{"function", "Board::check_sensor()"}, {"bytes", 408}}}},
            {"interrupt_path", {{{"function", "mote_timer_interrupt"}, {"bytes", 56}}}},
            {"recursion", Json::array()},
            {"assumed", {"interrupts do not interrupt each other"}}}},
          {"sections", {{".text", 18840}, {".data", 64}, {".bss", 2468}, {".stack", 2048}}},
          {"heap_symbols", Json::array()},
          {"debug_strings", Json::array()},
          {"symbols_of_kernels", {"mote::kernels::FullyConnectedDsp", "mote::kernels::SoftmaxReference"}},
          {"debug_log", false}};
}

/// Records of the device; also what the host's int8 code says, record by record.
Json simulate_facts(const Json& test) {
  Json recordings = Json::array();
  for (const Json& recording : test.at("recordings")) {
    Json windows = Json::array();
    for (int window = 0; window < kWindows; ++window) {
      const int answer = recording["window_classes"][static_cast<std::size_t>(window)];
      const int confidence = recording["window_confidences"][static_cast<std::size_t>(window)];
      const auto mark = static_cast<unsigned>(recordings.size() * 16 + static_cast<std::size_t>(window));
      windows.push_back(
          {{"window", window},
           {"class", answer},
           {"confidence", confidence},
           {"decision", confidence >= 180 ? kNames[static_cast<std::size_t>(answer)] : "uncertain"},
           {"window_crc", fmt::format("{:04x}", 0x1000 + mark)},
           {"output_crc", fmt::format("{:04x}", 0x8000 + mark)},
           {"lost", 0}});
    }
    recordings.push_back({{"id", recording["id"]},
                          {"windows", windows},
                          {"end", {{"windows", kWindows}, {"samples", 180}, {"lost", 0}}},
                          {"fault", nullptr},
                          {"led_edges", 4}});
  }
  return {{"board", "qemu-mps2-an386"},
          {"boot",
           {{"model", "gesture"},
            {"version", "1.0.0"},
            {"date", "2026-03-02"},
            {"hash", std::string(kHash, 16)},
            {"board", "qemu-mps2-an386"},
            {"rate_millihertz", "100000"},
            {"window", "100"},
            {"hop", "20"},
            {"axes", "3"},
            {"memory", "332"}}},
          {"recordings", recordings},
          {"instructions_per_inference", 13840},
          {"icount_shift", 4}};
}

/// A stage of diagnose.json: the evaluation of `base` with the device's record of every window.
Json stage(const char* name, const char* title, Json base, const Json& device, bool integer,
           const char* verdict) {
  base["name"] = name;
  base["title"] = title;
  base["status"] = "pass";
  base["verdict"] = verdict;
  const int windows = base["windows_total"];
  if (std::string_view(name) != "trained_float")
    base["agreement_with_previous"] = {{"equal", windows}, {"of", windows}};
  for (std::size_t index = 0; integer && index < device.size(); ++index) {
    Json window_crcs = Json::array(), output_crcs = Json::array();
    for (const Json& window : device[index]["windows"]) {
      window_crcs.push_back(window["window_crc"]);
      output_crcs.push_back(window["output_crc"]);
    }
    base["recordings"][index]["window_crcs"] = window_crcs;
    base["recordings"][index]["output_crcs"] = output_crcs;
  }
  return base;
}

Json diagnose_facts(const Json& test, const Json& device) {
  Json stages = Json::array();
  stages.push_back(
      stage("trained_float", "trained network", test, device, false, "98.6 % of 72 recordings right"));
  stages.push_back(stage("model_float", "model_float.tflite read back", test, device, false,
                         "float conversion: 0 of 360 windows differ"));
  stages.push_back(stage("int8_host", "model_int8.tflite on the host", test, device, true,
                         "int8: 0 of 360 windows differ"));
  stages.push_back(stage("int8_generated", "generated code on the host", test, device, true,
                         "generated code: all 360 windows identical"));
  stages.push_back(stage("int8_device", "generated code on the device", test, device, true,
                         "device: all 360 windows identical"));
  return {{"stages", stages},
          {"verdict", "what runs on the device is what was trained: 98.6 % of 72 held-out recordings"},
          {"status", "pass"},
          {"passed", true}};
}

std::string firmware_readme() {
  std::string text = "# Firmware of gesture\n\n| blinks | fault | meaning |\n|---|---|---|\n";
#define MOTE_FAULT(code, blinks, enumerator, name, meaning, cause, remedy) \
  text += fmt::format("| {} | {} | {} |\n", blinks, name, meaning);
#include "mote/runtime/faults.def"
#undef MOTE_FAULT
  return text;
}

struct Provenance {
  const char* stage;
  std::vector<std::filesystem::path> inputs, outputs;
};

const std::vector<Provenance>& provenance() {
  static const std::vector<Provenance> kList = {
      {"data", {"mote.toml", "recordings/punch/s1-punch-000.csv"}, {}},
      {"features", {"mote.toml", "run/data.json"}, {}},
      {"train", {"mote.toml", "run/data.json"}, {"run/model_float.tflite"}},
      {"quantize", {"run/model_float.tflite"}, {"run/model_int8.tflite"}},
      {"compile", {"run/model_int8.tflite"}, {"run/generated/gesture.cpp"}},
      {"firmware",
       {"run/generated/gesture.cpp"},
       {"run/firmware/qemu-mps2-an386/gesture.elf", "run/firmware/qemu-mps2-an386/README.md"}},
      {"simulate", {"run/firmware/qemu-mps2-an386/gesture.elf"}, {}},
      {"diagnose", {"run/model_float.tflite", "run/model_int8.tflite", "run/simulate.json"}, {}}};
  return kList;
}

}  // namespace

RunFixture::RunFixture() {
  facts["data"] = data_facts();
  facts["features"] = {{"blocks", Json::array()}};
  facts["train"] = train_facts();
  facts["quantize"] = {{"calibration_windows", 600},
                       {"content_hash", kHash},
                       {"version", "1.0.0"},
                       {"tensors", Json::array({{{"name", "window"},
                                                 {"minimum", -5.1},
                                                 {"maximum", 5.3},
                                                 {"scale", 0.0408},
                                                 {"zero_point", -3}}})}};
  facts["compile"] = compile_facts();
  facts["firmware"] = firmware_facts();
  const Json& test = facts["train"]["test"];
  facts["simulate"] = simulate_facts(test);
  facts["diagnose"] = diagnose_facts(test, facts["simulate"]["recordings"]);
  files = {
      {"mote.toml", "name = \"gesture\"\n"},
      {"recordings/punch/s1-punch-000.csv", "aX,aY,aZ\n0,0,1\n"},
      {"run/model_float.tflite", "float"},
      {"run/model_int8.tflite", "int8"},
      {"run/generated/gesture.cpp", "// generated\n"},
      {"run/firmware/qemu-mps2-an386/gesture.elf", "elf"},
      {"run/firmware/qemu-mps2-an386/README.md", firmware_readme()},
      {"signoff.toml", "[supply-voltage]\nname = \"Ada L.\"\ndate = \"2026-03-02\"\nversion = \"1.0.0\"\n"}};
}

void RunFixture::write() const {
  for (const auto& [path, content] : files)
    ASSERT_TRUE(write_file(root() / path, content).has_value()) << path;
  for (const Provenance& item : provenance()) {
    const auto found = facts.find(item.stage);
    if (found == facts.end()) continue;
    const auto written =
        write_fact(root(), {.stage = item.stage, .version = 1}, item.inputs, item.outputs, found->second);
    ASSERT_TRUE(written.has_value()) << to_text(written.error());
  }
}

}  // namespace mote::test
