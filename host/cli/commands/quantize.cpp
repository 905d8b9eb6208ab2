// SPDX-License-Identifier: Apache-2.0
#include "quantize/quantize.h"

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/terminal.h"
#include "core/facts.h"
#include "dataset/data_fact.h"
#include "dataset/dataset.h"
#include "features/features.h"
#include "project/project.h"
#include "tflite/tflite.h"

namespace mote::cli {
namespace {

const FactSchema kTrainSchema = {.stage = "train"};
const FactSchema kQuantizeSchema = {.stage = "quantize"};

/// Recordings and float model are what `mote data` and `mote train` left. Out of order or outdated is the
/// command line's matter, not a finding about the product.
Result<void> require_trained(const project::Project& project) {
  auto facts = dataset::require_data(project);
  if (facts) facts = read_fact(project.root, kTrainSchema);
  if (facts) return {};
  if (facts.error().kind == ErrorKind::kFinding) facts.error().kind = ErrorKind::kUsage;
  return std::unexpected(std::move(facts.error()));
}

/// The training windows as the float model takes them.
Result<std::vector<float>> calibration_windows(const project::Project& project, const graph::Graph& model) {
  const graph::ModelMetadata& metadata = model.metadata;
  if (metadata.sensor != project.sensor || metadata.features != project.features ||
      metadata.window_samples != project.window_samples || metadata.labels != project.labels)
    return fail(ErrorKind::kUsage,
                "the model was trained for another sensor, other features, window or labels",
                project.model_float().string(), "mote train");
  MOTE_TRY(const dataset::Dataset dataset, dataset::load(project));
  MOTE_TRY(const features::Features features, features::compute(dataset, project));
  const features::WindowSet windows =
      features::windows(features, dataset::Part::kTrain, metadata.normalization);
  std::vector<float> values;
  values.reserve(windows.features.size());
  for (const std::int16_t feature : windows.features) values.push_back(static_cast<float>(feature) / 2048.0f);
  return values;
}

void print_result(const project::Project& project, const quantize::Quantized& quantized) {
  std::vector<std::vector<Cell>> rows = {{{"tensor"},
                                          {"minimum", Style::kPlain, true},
                                          {"maximum", Style::kPlain, true},
                                          {"step", Style::kPlain, true},
                                          {"zero point", Style::kPlain, true}}};
  const auto number = [](auto value) { return Cell{fmt::format("{:.4g}", value), Style::kPlain, true}; };
  for (const quantize::CalibratedTensor& tensor : quantized.tensors)
    rows.push_back({{tensor.name},
                    number(tensor.minimum),
                    number(tensor.maximum),
                    number(tensor.scale.scale),
                    {std::to_string(tensor.scale.zero_point), Style::kPlain, true}});
  print_table(rows);
  std::int64_t float_bytes = 0;
  std::int64_t int8_bytes = 0;
  for (const graph::Value& value : quantized.graph.values) {
    int8_bytes += static_cast<std::int64_t>(value.data.size());
    if (value.is_constant()) float_bytes += value.element_count() * graph::size_of(graph::DType::kFloat32);
  }
  print_line(fmt::format("calibrated on {} training windows; constants {} -> {}",
                         quantized.calibration_windows, bytes_text(float_bytes), bytes_text(int8_bytes)));
  print_line(fmt::format("{}  (version {}, {})", project.model_int8().string(),
                         quantized.graph.metadata.version, quantized.graph.metadata.date));
  print_next("mote compile", "C++ for the device");
}

Result<Outcome> run_quantize(const Context& context) {
  MOTE_TRY(const project::Project project, project::load(context.project));
  MOTE_CHECK(require_trained(project));
  MOTE_TRY(const graph::Graph model, tflite::read_file(project.model_float()));
  MOTE_TRY(const std::vector<float> windows, calibration_windows(project, model));
  auto quantized = quantize::quantize(model, windows);
  if (!quantized)
    return std::unexpected(
        std::move(quantized.error()).during("quantising " + project.model_float().string()));
  MOTE_CHECK(tflite::write_file(project.model_int8(), quantized->graph));
  Outcome outcome{.facts = quantize::to_json(*quantized)};
  MOTE_CHECK(write_fact(project.root, kQuantizeSchema,
                        {project.model_float(), fact_path(project.root, kTrainSchema.stage)},
                        {project.model_int8()}, outcome.facts));
  if (!context.json) print_result(project, *quantized);
  return outcome;
}

}  // namespace

void add_quantize(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("quantize", "Make the int8 model, calibrated on the training recordings");
  on_run(*command, context, [&context] { return run_quantize(context); });
}

}  // namespace mote::cli
