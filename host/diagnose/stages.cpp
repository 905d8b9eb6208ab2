// SPDX-License-Identifier: Apache-2.0
#include "diagnose/stages.h"

#include <fmt/format.h>

#include <charconv>
#include <cstring>
#include <map>

#include "compile/host_program.h"
#include "execute/executor.h"
#include "mote/core/crc.h"
#include "mote/dsp/normalize.h"
#include "mote/kernels/quantize.h"
#include "ops/quantize/kernel.h"

namespace mote::diagnose {
namespace {

constexpr double kFeatureScale = 1.0 / (1 << dsp::kFeatureFractionBits);

/// Refuses a model that does not take these windows or does not answer with a probability for each label.
Result<void> check_ends(const graph::Graph& model, graph::DType type, const HeldOut& held_out) {
  const auto& labels = held_out.dataset->labels;
  const bool fits = model.inputs.size() == 1 && model.outputs.size() == 1 &&
                    model.value(model.inputs[0]).dtype == type &&
                    model.value(model.outputs[0]).dtype == type &&
                    model.value(model.inputs[0]).element_count() == held_out.windows.values_per_window() &&
                    model.value(model.outputs[0]).element_count() == static_cast<std::int64_t>(labels.size());
  if (fits) return {};
  return fail(ErrorKind::kInput,
              fmt::format("the model does not take {} values of {} and answer with {} of it",
                          held_out.windows.values_per_window(), graph::to_string(type), labels.size()),
              model.name, "run `mote train` and `mote quantize` again");
}

StageRun stage(const char* name, const char* title, Rule rule) {
  StageRun run;
  run.name = name;
  run.title = title;
  run.rule = rule;
  return run;
}

dataset::Evaluation evaluate(const HeldOut& held_out, std::span<const float> probabilities) {
  const auto classes = static_cast<std::int32_t>(held_out.dataset->labels.size());
  return dataset::evaluate(*held_out.dataset, dataset::Part::kTest, held_out.windows.recording,
                           dataset::answers(probabilities, classes));
}

/// The windows as the int8 model takes them, computed by the device's own code.
Result<std::vector<std::uint8_t>> int8_windows(const graph::Graph& model, const HeldOut& held_out) {
  const graph::Value& input = model.value(model.inputs[0]);
  if (!input.quantization || input.quantization->scale.empty() || input.quantization->zero_point.empty())
    return fail(ErrorKind::kInput, "the model's input has no scale", model.name);
  const features::WindowSet& windows = held_out.windows;
  MOTE_TRY(const auto shape,
           ops::quantize::quantize_shape(
               windows.values_per_window(), {static_cast<float>(kFeatureScale), 0},
               {input.quantization->scale[0], static_cast<std::int32_t>(input.quantization->zero_point[0])}));
  std::vector<std::uint8_t> bytes(windows.features.size());
  for (std::int64_t window = 0; window < windows.count(); ++window) {
    const auto start = static_cast<std::size_t>(window * windows.values_per_window());
    kernels::Requantize<int16_t, int8_t>::run(shape, windows.window(window).data(),
                                              reinterpret_cast<std::int8_t*>(bytes.data() + start), nullptr);
  }
  return bytes;
}

std::uint16_t crc_of(std::span<const std::uint8_t> bytes) {
  return crc16_update(kCrc16Initial, bytes.data(), static_cast<std::int32_t>(bytes.size()));
}

/// Check sums of every window, grouped as `evaluation` groups them.
std::vector<std::vector<WindowCheckSums>> check_sums(const dataset::Evaluation& evaluation,
                                                     std::span<const std::uint8_t> inputs,
                                                     std::span<const std::uint8_t> outputs,
                                                     std::size_t input_bytes, std::size_t output_bytes) {
  std::vector<std::vector<WindowCheckSums>> sums;
  std::size_t window = 0;
  for (const auto& recording : evaluation.recordings) {
    auto& list = sums.emplace_back();
    for (std::size_t index = 0; index < recording.windows.size(); ++index, ++window)
      list.push_back({crc_of(inputs.subspan(window * input_bytes, input_bytes)),
                      crc_of(outputs.subspan(window * output_bytes, output_bytes))});
  }
  return sums;
}

/// Fills in what the outputs of an int8 model say.
void add_int8_results(StageRun& run, const HeldOut& held_out, std::span<const std::uint8_t> inputs,
                      std::span<const std::uint8_t> outputs) {
  std::vector<float> probabilities;
  probabilities.reserve(outputs.size());
  for (const std::uint8_t byte : outputs)
    probabilities.push_back(static_cast<float>(static_cast<std::int8_t>(byte) + 128) / 256.0f);
  run.evaluation = evaluate(held_out, probabilities);
  run.check_sums = check_sums(run.evaluation, inputs, outputs,
                              static_cast<std::size_t>(held_out.windows.values_per_window()),
                              held_out.dataset->labels.size());
}

std::uint16_t hexadecimal(const std::string& digits) {
  std::uint16_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  return value;
}

/// The device's answers and check sums for the windows of one recording.
struct DeviceWindows {
  std::vector<dataset::WindowAnswer> answers;
  std::vector<WindowCheckSums> sums;
};

Result<DeviceWindows> device_windows(const Json& recording, std::size_t classes) {
  DeviceWindows windows;
  MOTE_TRY(const auto records, json_field<std::vector<Json>>(recording, "windows", "simulate.json"));
  for (const Json& record : records) {
    MOTE_TRY(const auto label, json_field<std::int32_t>(record, "class", "simulate.json"));
    MOTE_TRY(const auto confidence, json_field<double>(record, "confidence", "simulate.json"));
    MOTE_TRY(const auto window_crc, json_field<std::string>(record, "window_crc", "simulate.json"));
    MOTE_TRY(const auto output_crc, json_field<std::string>(record, "output_crc", "simulate.json"));
    if (label < 0 || static_cast<std::size_t>(label) >= classes)
      return fail(ErrorKind::kInput, fmt::format("class {} of {}", label, classes), "simulate.json",
                  "run `mote simulate` again");
    windows.answers.push_back({label, confidence});
    windows.sums.push_back({hexadecimal(window_crc), hexadecimal(output_crc)});
  }
  return windows;
}

Result<std::map<std::string, Json>> device_recordings(const Json& simulate_facts) {
  std::map<std::string, Json> by_id;
  MOTE_TRY(const auto recordings,
           json_field<std::vector<Json>>(simulate_facts, "recordings", "simulate.json"));
  for (const Json& recording : recordings) {
    MOTE_TRY(const auto id, json_field<std::string>(recording, "id", "simulate.json"));
    by_id[id] = recording;
  }
  return by_id;
}

}  // namespace

Result<StageRun> trained_float(const Json& train_facts) {
  StageRun run = stage("trained_float", "trained network", Rule::kFirst);
  MOTE_TRY(const Json test, json_field<Json>(train_facts, "test", "train.json"));
  MOTE_TRY(run.evaluation, dataset::evaluation_from(test, "train.json"));
  return run;
}

Result<StageRun> model_float(const graph::Graph& model, const HeldOut& held_out) {
  MOTE_CHECK(check_ends(model, graph::DType::kFloat32, held_out));
  std::vector<float> inputs;
  inputs.reserve(held_out.windows.features.size());
  for (const std::int16_t feature : held_out.windows.features)
    inputs.push_back(static_cast<float>(feature) * static_cast<float>(kFeatureScale));
  const std::span bytes(reinterpret_cast<const std::uint8_t*>(inputs.data()), inputs.size() * sizeof(float));
  MOTE_TRY(auto executor, execute::Executor::create(model));
  MOTE_TRY(const auto outputs, executor.run_batch(bytes));
  std::vector<float> probabilities(outputs.size() / sizeof(float));
  std::memcpy(probabilities.data(), outputs.data(), probabilities.size() * sizeof(float));
  StageRun run = stage("model_float", "model_float.tflite, read back", Rule::kFloatLoss);
  run.evaluation = evaluate(held_out, probabilities);
  return run;
}

Result<StageRun> int8_host(const graph::Graph& model, const HeldOut& held_out) {
  MOTE_CHECK(check_ends(model, graph::DType::kInt8, held_out));
  MOTE_TRY(const auto inputs, int8_windows(model, held_out));
  MOTE_TRY(auto executor, execute::Executor::create(model));
  MOTE_TRY(const auto outputs, executor.run_batch(inputs));
  StageRun run = stage("int8_host", "model_int8.tflite on the host", Rule::kInt8Loss);
  add_int8_results(run, held_out, inputs, outputs);
  return run;
}

Result<StageRun> int8_generated(const graph::Graph& model, const compile::CompiledModel& compiled,
                                const HeldOut& held_out) {
  MOTE_CHECK(check_ends(model, graph::DType::kInt8, held_out));
  MOTE_TRY(const auto inputs, int8_windows(model, held_out));
  MOTE_TRY(const auto outputs, compile::run_generated_on_host(compiled, inputs));
  StageRun run = stage("int8_generated", "generated code on the host", Rule::kIdentical);
  add_int8_results(run, held_out, inputs, outputs);
  return run;
}

Result<StageRun> int8_device(const Json& simulate_facts, const HeldOut& held_out) {
  MOTE_TRY(const auto by_id, device_recordings(simulate_facts));
  StageRun run = device_not_run("");
  std::vector<std::int32_t> recording_of_window;
  std::vector<dataset::WindowAnswer> answers;
  for (const std::int32_t index : held_out.dataset->in_part(dataset::Part::kTest)) {
    const auto found =
        by_id.find(held_out.dataset->recordings[static_cast<std::size_t>(index)].description.id);
    if (found == by_id.end()) continue;
    MOTE_TRY(DeviceWindows windows, device_windows(found->second, held_out.dataset->labels.size()));
    if (windows.answers.empty()) continue;  // shorter than a window
    recording_of_window.insert(recording_of_window.end(), windows.answers.size(), index);
    answers.insert(answers.end(), windows.answers.begin(), windows.answers.end());
    run.check_sums.push_back(std::move(windows.sums));
  }
  run.evaluation = dataset::evaluate(*held_out.dataset, dataset::Part::kTest, recording_of_window, answers);
  return run;
}

StageRun device_not_run(std::string why) {
  StageRun run = stage("int8_device", "generated code on the emulated device", Rule::kIdentical);
  run.not_run = std::move(why);
  return run;
}

}  // namespace mote::diagnose
