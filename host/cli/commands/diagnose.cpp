// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <memory>
#include <optional>

#include "boards/boards.h"
#include "boards/emulator.h"
#include "cli/command.h"
#include "cli/terminal.h"
#include "compile/compile.h"
#include "core/facts.h"
#include "core/files.h"
#include "core/temporary_folder.h"
#include "dataset/data_fact.h"
#include "dataset/dataset.h"
#include "diagnose/diagnosis.h"
#include "diagnose/stages.h"
#include "features/features.h"
#include "firmware/firmware.h"
#include "project/project.h"
#include "simulate/simulate.h"
#include "tflite/tflite.h"

namespace mote::cli {
namespace {

namespace fs = std::filesystem;
using diagnose::Diagnosis;
using diagnose::HeldOut;
using diagnose::StageRun;

/// What the stages are made from.
struct Material {
  project::Project project;
  Json train_facts;
  graph::Graph model_float, model_int8;
  dataset::Dataset dataset;
  features::Features features;
  compile::CompiledModel compiled;
  std::vector<fs::path> inputs;  ///< files that the diagnosis depends on
};

/// The facts of a stage that must have run. Out of order is the command line's matter, not a finding about
/// the product.
Result<Json> required_facts(const project::Project& project, const char* stage) {
  auto facts = read_fact(project.root, {.stage = stage});
  if (!facts.has_value() && facts.error().kind == ErrorKind::kFinding) facts.error().kind = ErrorKind::kUsage;
  return facts;
}

/// Generates code for the core that `mote compile` chose, else for that of the project's board.
Result<compile::CompiledModel> generate(const project::Project& project, const graph::Graph& model) {
  compile::CompileOptions options;
  if (const auto facts = read_fact(project.root, {.stage = "compile"})) {
    options.isa = compile::isa_from(facts->value("isa", "")).value_or(options.isa);
  } else {
    MOTE_TRY(const boards::Board board, boards::load(project.board));
    options.isa = compile::isa_from(board.isa).value_or(options.isa);
  }
  return compile::compile(model, options);
}

Result<Material> gather(const fs::path& folder) {
  Material material;
  MOTE_TRY(material.project, project::load(folder));
  const project::Project& project = material.project;
  MOTE_TRY(material.train_facts, required_facts(project, "train"));
  MOTE_CHECK(required_facts(project, "quantize"));
  MOTE_TRY(material.model_float, tflite::read_file(project.model_float()));
  MOTE_TRY(material.model_int8, tflite::read_file(project.model_int8()));
  MOTE_CHECK(dataset::require_data(project));
  MOTE_TRY(material.dataset, dataset::load(project));
  MOTE_TRY(material.features, features::compute(material.dataset, project));
  MOTE_TRY(material.compiled, generate(project, material.model_int8));
  material.inputs = {project.file(),
                     fact_path(project.root, "data"),
                     fact_path(project.root, "train"),
                     fact_path(project.root, "quantize"),
                     project.model_float(),
                     project.model_int8()};
  return material;
}

HeldOut held_out(const Material& material, const graph::Graph& model) {
  return {&material.dataset,
          features::windows(material.features, dataset::Part::kTest, model.metadata.normalization)};
}

/// simulate.json, if it is there, up to date and about this very model.
std::optional<Json> known_device_facts(const Material& material) {
  const auto facts = read_fact(material.project.root, {.stage = "simulate"});
  if (!facts.has_value() || !facts->contains("boot") || !(*facts)["boot"].is_object()) return std::nullopt;
  const auto hash = (*facts)["boot"].value("hash", std::string());
  if (hash.empty() || !graph::content_hash(material.model_int8).starts_with(hash)) return std::nullopt;
  return *facts;
}

/// Builds the firmware in a temporary folder and plays the held-out recordings into it.
Result<Json> run_on_device(const Material& material, const ProgressSink& progress) {
  const project::Project& project = material.project;
  MOTE_TRY(const TemporaryFolder folder, TemporaryFolder::create("mote-diagnose"));
  firmware::FirmwareRequest request;
  request.model = material.compiled.identifier;
  request.generated = folder.path() / "generated";
  for (const auto& file : material.compiled.files)
    MOTE_CHECK(write_file(request.generated / file.name, file.content));
  request.sensor = project.sensor;
  request.hop_samples = project.hop_samples;
  request.decision = project.decision;
  request.watch = project.watch;
  MOTE_TRY(request.board, boards::load(project.board));
  MOTE_CHECK(boards::require_emulator(request.board));
  request.output = folder.path() / "firmware";
  MOTE_TRY(const auto built, firmware::build(request));
  const simulate::SimulateRequest simulation{.image = built.image,
                                             .board = request.board,
                                             .axes = project.sensor.axis_count(),
                                             .rate_millihertz = project.sensor.rate_millihertz};
  std::vector<simulate::Recording> recordings;
  for (const auto index : material.dataset.in_part(dataset::Part::kTest)) {
    const auto& recording = material.dataset.recordings[static_cast<std::size_t>(index)];
    recordings.push_back({recording.description.id, recording.counts});
  }
  MOTE_TRY(const auto played, simulate::play_all(simulation, recordings, progress));
  return simulate::facts(request.board, played);
}

/// The last stage. A missing tool leaves it out; everything else that goes wrong is an error.
Result<StageRun> device_stage(Material& material, const HeldOut& windows, bool wanted,
                              const ProgressSink& progress) {
  if (!wanted) return diagnose::device_not_run("left out with --no-device");
  if (const auto known = known_device_facts(material)) {
    material.inputs.push_back(fact_path(material.project.root, "simulate"));
    return diagnose::int8_device(*known, windows);
  }
  const auto facts = run_on_device(material, progress);
  if (facts.has_value()) return diagnose::int8_device(*facts, windows);
  if (facts.error().kind == ErrorKind::kUsage) return diagnose::device_not_run(facts.error().what);
  return std::unexpected(Error(facts.error()).during("running the firmware for the last stage"));
}

Result<Diagnosis> diagnose_material(Material& material, bool with_device, ProgressBar& bar) {
  std::vector<StageRun> runs;
  const ProgressSink sink = bar.sink();
  const auto add = [&](StageRun run) {
    sink({static_cast<std::int64_t>(runs.size()) + 1, 5, run.title});
    runs.push_back(std::move(run));
  };
  MOTE_TRY(StageRun trained, diagnose::trained_float(material.train_facts));
  add(std::move(trained));
  MOTE_TRY(StageRun read_back,
           diagnose::model_float(material.model_float, held_out(material, material.model_float)));
  add(std::move(read_back));
  const HeldOut windows = held_out(material, material.model_int8);
  MOTE_TRY(StageRun on_host, diagnose::int8_host(material.model_int8, windows));
  add(std::move(on_host));
  MOTE_TRY(StageRun generated, diagnose::int8_generated(material.model_int8, material.compiled, windows));
  add(std::move(generated));
  MOTE_TRY(StageRun device, device_stage(material, windows, with_device, sink));
  add(std::move(device));
  return diagnose::judge(std::move(runs));
}

Style style_of(diagnose::Status status) {
  switch (status) {
    case diagnose::Status::kPass:
      return Style::kGood;
    case diagnose::Status::kFail:
      return Style::kBad;
    case diagnose::Status::kNotEnoughData:
    case diagnose::Status::kNotRun:
      break;
  }
  return Style::kWarning;
}

void print_diagnosis(const Diagnosis& diagnosis) {
  std::vector<std::vector<Cell>> rows = {{{"stage"},
                                          {"accuracy", Style::kPlain, true},
                                          {"95 % interval", Style::kPlain, true},
                                          {"windows equal", Style::kPlain, true},
                                          {"verdict"}}};
  for (const auto& stage : diagnosis.stages) {
    const auto& evaluation = stage.run.evaluation;
    const bool ran = stage.status != diagnose::Status::kNotRun;
    const auto number = [&](const std::string& words) {
      return Cell{ran ? words : "-", Style::kPlain, true};
    };
    rows.push_back(
        {{stage.run.title},
         number(fmt::format("{:.1f} %", 100 * evaluation.accuracy())),
         number(
             fmt::format("{:.1f} ... {:.1f}", 100 * evaluation.interval.low, 100 * evaluation.interval.high)),
         number(stage.agreement ? fmt::format("{}/{}", stage.agreement->equal, stage.agreement->of) : "-"),
         {stage.verdict, style_of(stage.status)}});
  }
  print_table(rows);
  print_line();
  print_line(styled(style_of(diagnosis.status), diagnosis.verdict));
  if (!diagnosis.help.empty()) print_line(diagnosis.help);
}

Result<Outcome> run_diagnose(const Context& context, bool with_device) {
  MOTE_TRY(Material material, gather(context.project));
  ProgressBar bar("diagnose", context.json);
  auto diagnosis = diagnose_material(material, with_device, bar);
  bar.finish();
  if (!diagnosis.has_value()) return std::unexpected(std::move(diagnosis.error()));
  Outcome outcome{.facts = diagnose::to_json(*diagnosis),
                  .findings = diagnosis->status == diagnose::Status::kFail};
  MOTE_CHECK(write_fact(material.project.root, {.stage = "diagnose"}, material.inputs, {}, outcome.facts));
  if (context.json) return outcome;
  print_diagnosis(*diagnosis);
  const bool simulated = read_fact(material.project.root, {.stage = "simulate"}).has_value();
  if (simulated)
    print_next("mote check", "the deployment checklist");
  else
    print_next("mote compile", "C++ for the device, then `mote firmware` and `mote simulate`");
  return outcome;
}

}  // namespace

void add_diagnose(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("diagnose", "Compare every form of the model, from trained float to the device");
  const auto no_device = std::make_shared<bool>(false);
  command->add_flag("--no-device", *no_device, "Leave out the stage that needs an emulator");
  on_run(*command, context, [&context, no_device] { return run_diagnose(context, !*no_device); });
}

}  // namespace mote::cli
