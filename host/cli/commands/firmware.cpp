// SPDX-License-Identifier: Apache-2.0
#include "firmware/firmware.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "cli/command.h"
#include "cli/terminal.h"
#include "core/facts.h"
#include "core/files.h"
#include "dataset/dataset.h"
#include "tflite/tflite.h"

namespace mote::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string board;
  bool debug_log = false;
};

void print_memory(const char* name, std::int64_t used, std::int64_t available, const std::string& detail) {
  const double share = static_cast<double>(used) / static_cast<double>(available);
  print_line(fmt::format("{:6} {} {} of {}   {}", name, bar(share), bytes_text(used), bytes_text(available),
                         styled(Style::kDim, detail)));
}

void print_stack(const Json& stack) {
  const auto reserved = stack["reserved_bytes"].get<std::int64_t>();
  if (!stack["known"].get<bool>())
    return print_line(fmt::format("stack  {} reserved; how deep it gets is not known: {}",
                                  bytes_text(reserved), stack["reason"].get<std::string>()));
  print_memory(
      "stack", stack["worst_case_bytes"].get<std::int64_t>(), reserved,
      fmt::format("at worst: main loop {}, interrupt {}", bytes_text(stack["main_bytes"].get<std::int64_t>()),
                  bytes_text(stack["interrupt_bytes"].get<std::int64_t>() +
                             stack["exception_frame_bytes"].get<std::int64_t>())));
}

void print_summary(const boards::Board& board, const Json& facts, const firmware::MemoryUse& use) {
  print_line(fmt::format("{} for {}{}", styled(Style::kBold, facts["model"].get<std::string>()), board.title,
                         board.checked_on_silicon ? "" : ", not checked on silicon"));
  print_memory(
      "flash", use.flash_bytes, board.flash_bytes,
      fmt::format("code {}, constants {}", bytes_text(use.code_bytes), bytes_text(use.constant_bytes)));
  print_memory("RAM", use.ram_bytes, board.ram_bytes,
               fmt::format("stack {}, static {}", bytes_text(use.stack_bytes),
                           bytes_text(use.ram_bytes - use.stack_bytes)));
  print_stack(facts["stack"]);
  print_line(fmt::format("image  {}", facts["image"].get<std::string>()));
  if (facts["debug_log"].get<bool>())
    print_line(styled(Style::kWarning, "built with the debug log: not for release"));
}

/// A window that the firmware tests itself with: from the middle of the first training recording of a label
/// that is not the background; noise if that would take too much memory. None without a recording of that
/// length.
Result<std::optional<firmware::SelfTest>> self_test(const project::Project& project) {
  const auto values = static_cast<std::int64_t>(project.window_samples) * project.sensor.axis_count();
  MOTE_TRY(const auto model, tflite::read_file(project.model_int8()));
  if (values * 2 > firmware::kLargestSelfTestBytes) {
    MOTE_TRY(auto test, firmware::self_test_of_noise(model, values));
    return test;
  }
  MOTE_TRY(const auto data, dataset::load(project));
  const dataset::Recording* chosen = nullptr;
  for (const auto index : data.in_part(dataset::Part::kTrain)) {
    const auto& recording = data.recordings[static_cast<std::size_t>(index)];
    if (recording.samples < project.window_samples) continue;
    const bool is_background = data.background == data.labels[static_cast<std::size_t>(recording.label)];
    if (chosen == nullptr || !is_background) chosen = &recording;
    if (!is_background) break;
  }
  if (chosen == nullptr) return std::nullopt;
  const auto first =
      chosen->counts.begin() + (chosen->samples - project.window_samples) / 2 * project.sensor.axis_count();
  MOTE_TRY(auto test, firmware::self_test_of(model, std::vector<std::int16_t>(first, first + values)));
  return test;
}

/// A project that another tool compiles. Nothing was measured, so there is no fact: checklist and report keep
/// to the board that was built last.
Outcome written_only(const Context& context, const firmware::FirmwareRequest& request, const Json& facts) {
  Outcome outcome{.facts = facts};
  if (context.json) return outcome;
  print_line(fmt::format("{} for {}{}: written, not compiled here", styled(Style::kBold, request.model),
                         request.board.title,
                         request.board.checked_on_silicon ? "" : ", not checked on silicon"));
  print_line(fmt::format("folder {}", request.output.string()));
  print_line("nothing was measured: checklist and report keep to the board that was built last");
  print_next(fmt::format("less {}", (request.output / "README.md").string()),
             "how to compile it and put it on the board");
  return outcome;
}

/// The second model that `mote compile` has written.
Result<firmware::WokenModel> woken_model(const project::Project& project, const Json& compiled) {
  MOTE_TRY(const auto facts, json_field<Json>(compiled, "woken", "compile.json"));
  firmware::WokenModel woken;
  MOTE_TRY(woken.model, json_field<std::string>(facts, "model", "compile.json"));
  woken.generated = project.generated_woken();
  woken.class_index = static_cast<std::int32_t>(std::ranges::find(project.labels, project.cascade->label) -
                                                project.labels.begin());
  return woken;
}

Result<Outcome> run(const Context& context, const Options& options) {
  MOTE_TRY(const auto project, project::load(context.project));
  MOTE_TRY(const auto compiled, read_fact(project.root, {.stage = "compile"}));
  firmware::FirmwareRequest request;
  MOTE_TRY(request.model, json_field<std::string>(compiled, "model", "compile.json"));
  MOTE_TRY(request.board, boards::load(options.board.empty() ? project.board : options.board));
  request.generated = project.generated();
  request.sensor = project.sensor;
  request.hop_samples = project.hop_samples;
  request.output = project.firmware(request.board.name);
  request.debug_log = options.debug_log;
  request.decision = project.decision;
  request.watch = project.watch;
  if (project.cascade) {
    MOTE_TRY(request.woken, woken_model(project, compiled));
  }
  MOTE_TRY(request.self_test, self_test(project));
  ProgressBar progress("firmware", context.json);
  MOTE_TRY(auto result, firmware::build(request, progress.sink()));
  progress.finish();
  if (result.image.empty()) return written_only(context, request, result.facts);
  result.facts["image"] = result.image.lexically_relative(project.root).string();
  std::vector<fs::path> inputs = {project.file(), fact_path(project.root, "compile"), project.model_int8()};
  for (const auto& folder : {project.generated(), project.generated_woken()})
    for (const char* suffix : {".h", ".cpp"})
      for (const auto& file : list_files(folder, suffix)) inputs.push_back(file);
  MOTE_CHECK(write_fact(project.root, {.stage = "firmware"}, inputs,
                        {result.image, request.output / "README.md"}, result.facts));
  Outcome outcome{.facts = result.facts};
  if (context.json) return outcome;
  print_summary(request.board, result.facts, result.memory);
  if (request.board.emulator.empty())
    print_next(fmt::format("less {}", (request.output / "README.md").string()), "how to put it on the board");
  else
    print_next("mote simulate", "plays the held-out recordings into the firmware");
  return outcome;
}

}  // namespace

void add_firmware(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("firmware", "Build the firmware of a board around the generated model");
  auto options = std::make_shared<Options>();
  command->add_option("--board", options->board,
                      "Board, a folder of boards/ (default: the one in mote.toml)");
  command->add_flag("--debug-log", options->debug_log,
                    "Print every class's confidence after each window; not for release");
  on_run(*command, context, [&context, options] { return run(context, *options); });
}

}  // namespace mote::cli
