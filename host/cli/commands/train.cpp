// SPDX-License-Identifier: Apache-2.0
#include "train/train.h"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <optional>

#include "cli/command.h"
#include "cli/terminal.h"
#include "dataset/data_fact.h"
#include "dataset/dataset.h"
#include "features/features_fact.h"
#include "project/project.h"
#include "tflite/tflite.h"
#include "train/train_fact.h"

namespace mote::cli {
namespace {

using dataset::Evaluation;
using dataset::Part;

struct TrainOptions {
  std::string architecture, isa = "auto", date;
  std::optional<std::int32_t> epochs;
  std::optional<std::uint64_t> seed;
};

/// What is known before training starts.
struct Prepared {
  project::Project project;
  dataset::Dataset dataset;
  features::Features features;
  std::vector<graph::AxisNormalization> normalization;
  train::WindowSets windows;
  std::string date;
  train::IsaChoice isa = train::IsaChoice::kAuto;
};

features::WindowSet windows_of(const Prepared& prepared, Part part) {
  return features::windows(prepared.features, part, prepared.normalization);
}

std::string today() {
  const std::chrono::year_month_day date{
      std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now())};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

/// --date, SOURCE_DATE_EPOCH or the newest recording's day, so that the same recordings give the same bytes;
/// only where none of them tells, the clock, and then that is said.
Result<std::string> model_date(const std::string& given, const dataset::Dataset& dataset, bool quiet) {
  MOTE_TRY(std::string date, build_date(given, train::newest_recording_date(dataset)));
  if (!date.empty()) return date;
  if (!quiet)
    print_line("no recording says when it was made: the model is dated today; --date makes that repeatable");
  return today();
}

/// Out of order or not yet decided is the command line's matter, not a finding about the product.
Error as_usage(Error error) {
  if (error.kind == ErrorKind::kFinding) error.kind = ErrorKind::kUsage;
  return error;
}

Result<Prepared> prepare(const Context& context, const TrainOptions& options) {
  Prepared prepared;
  MOTE_TRY(prepared.isa, train::isa_choice_from(options.isa));
  MOTE_TRY(prepared.project, project::load(context.project));
  project::TrainingSettings& settings = prepared.project.training;
  if (!options.architecture.empty()) settings.architecture = options.architecture;
  if (options.epochs.has_value()) settings.epochs = *options.epochs;
  if (options.seed.has_value()) settings.seed = *options.seed;
  const auto data = dataset::require_data(prepared.project);
  if (!data.has_value()) return std::unexpected(as_usage(data.error()));
  MOTE_TRY(prepared.dataset, dataset::load(prepared.project));
  MOTE_TRY(prepared.date, model_date(options.date, prepared.dataset, context.json));
  ProgressBar bar("features", context.json);
  MOTE_TRY(prepared.features, features::compute(prepared.dataset, prepared.project, bar.sink()));
  bar.finish();
  // What `mote features` left holds more, such as what a board needs for them.
  if (!read_fact(prepared.project.root, features::kFeaturesSchema))
    MOTE_CHECK(features::write_features_fact(
        prepared.project, features::feature_facts(prepared.features, prepared.dataset, prepared.project)));
  MOTE_TRY(prepared.normalization, features::fit_normalization(prepared.features));
  prepared.windows.training = windows_of(prepared, Part::kTrain);
  prepared.windows.validation = windows_of(prepared, Part::kValidation);
  return prepared;
}

Result<train::TrainResult> train_network(const Prepared& prepared, const Context& context) {
  train::TrainRequest request;
  request.name = prepared.project.name;
  request.settings = prepared.project.training;
  request.labels = prepared.project.labels;
  request.training = &prepared.windows.training;
  request.validation = &prepared.windows.validation;
  request.isa = prepared.isa;
  ProgressBar bar("training", context.json);
  auto result = train::train(request, bar.sink());
  bar.finish();
  if (result.has_value())
    result->network.metadata = train::model_metadata(prepared.project, prepared.normalization, prepared.date);
  return result;
}

void print_accuracy(const char* part, const Evaluation& evaluation) {
  if (evaluation.recordings_total() == 0) {
    print_line(
        fmt::format("  {:<18} {}", part, styled(Style::kWarning, "no recording of a window's length")));
    return;
  }
  print_line(fmt::format(
      "  {:<18} {:5.1f} %  ({} of {} recordings, 95 % interval {:.1f} ... {:.1f} %; {} of {} windows)", part,
      100 * evaluation.accuracy(), evaluation.recordings_right(), evaluation.recordings_total(),
      100 * evaluation.interval.low, 100 * evaluation.interval.high, evaluation.windows_right(),
      evaluation.windows_total()));
}

void print_result(const Prepared& prepared, const train::TrainResult& result, const Evaluation& validation,
                  const Evaluation& test) {
  const auto& windows = prepared.windows;
  print_line(
      fmt::format("{} network, {} parameters, trained on {} windows; best epoch {} of {} ({} code, seed {})",
                  prepared.project.training.architecture, result.parameters, windows.training.count(),
                  result.best_epoch, result.history.size(), result.isa, prepared.project.training.seed));
  print_accuracy("validation", validation);
  print_accuracy("test (held out)", test);
  const std::int64_t short_recordings =
      windows.training.short_recordings + windows.validation.short_recordings + windows.test.short_recordings;
  if (short_recordings > 0)
    print_line(
        styled(Style::kWarning, fmt::format("warning: {} recordings are shorter than a window and count "
                                            "for nothing",
                                            short_recordings)));
  print_line(fmt::format("{}  (version {}, {})", prepared.project.model_float().string(),
                         prepared.project.version, prepared.date));
  print_next("mote quantize", "int8 for the device");
}

Result<Outcome> run_train(const Context& context, const TrainOptions& options) {
  MOTE_TRY(Prepared prepared, prepare(context, options));
  const project::Project& project = prepared.project;
  MOTE_TRY(const train::TrainResult result, train_network(prepared, context));
  MOTE_CHECK(tflite::write_file(project.model_float(), result.network));
  // The model file is finished; only now is it asked about the held-out recordings.
  prepared.windows.test = windows_of(prepared, Part::kTest);
  MOTE_TRY(const Evaluation validation, train::evaluate(result, prepared.dataset, Part::kValidation,
                                                        prepared.windows.validation, prepared.isa));
  MOTE_TRY(const Evaluation test,
           train::evaluate(result, prepared.dataset, Part::kTest, prepared.windows.test, prepared.isa));
  Outcome outcome{.facts =
                      train::train_facts(result, project.training, prepared.features.pipeline.column_names(),
                                         prepared.normalization, prepared.windows, validation, test)};
  MOTE_CHECK(write_fact(project.root, train::kTrainSchema,
                        {project.file(), fact_path(project.root, dataset::kDataSchema.stage)},
                        {project.model_float()}, outcome.facts));
  if (!context.json) print_result(prepared, result, validation, test);
  return outcome;
}

}  // namespace

void add_train(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("train", "Train a network on the training recordings");
  const auto options = std::make_shared<TrainOptions>();
  command->add_option("--arch", options->architecture, "dense or conv (default: as mote.toml says)");
  command->add_option("--epochs", options->epochs, "Most epochs to train (default: as mote.toml says)")
      ->check(CLI::Range(1, 100000));
  command->add_option("--seed", options->seed, "Another seed gives another network of the same kind");
  command->add_option("--isa", options->isa, "auto, baseline (the same bytes on every machine) or v3 (AVX2)");
  command->add_option("--date", options->date,
                      "Date of the model, YYYY-MM-DD (default: SOURCE_DATE_EPOCH, else the day of the newest "
                      "recording that trains or validates)");
  on_run(*command, context, [&context, options] { return run_train(context, *options); });
}

}  // namespace mote::cli
