// SPDX-License-Identifier: Apache-2.0
#include "simulate/simulate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

#include "boards/emulator.h"
#include "cli/command.h"
#include "cli/terminal.h"
#include "core/facts.h"
#include "core/text.h"
#include "dataset/data_fact.h"
#include "dataset/dataset.h"
#include "features/pipeline.h"
#include "firmware/self_test.h"
#include "mote/core/crc.h"
#include "recordings/store.h"
#include "tflite/tflite.h"

namespace mote::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string board;
  std::vector<std::string> recordings;
};

/// The recordings to play: those named, else all that are held out.
Result<std::vector<const dataset::Recording*>> chosen(const dataset::Dataset& data, const Options& options) {
  std::vector<const dataset::Recording*> found;
  if (options.recordings.empty()) {
    for (const auto index : data.in_part(dataset::Part::kTest))
      found.push_back(&data.recordings[static_cast<std::size_t>(index)]);
    return found;
  }
  std::vector<std::string> ids;
  for (const auto& recording : data.recordings) ids.push_back(recording.description.id);
  for (const auto& id : options.recordings) {
    const auto at = std::find(ids.begin(), ids.end(), id);
    const std::string near = nearest_name(id, ids);
    if (at == ids.end())
      return fail(ErrorKind::kUsage, fmt::format("there is no recording '{}'", id), "--recording",
                  near.empty() ? "`mote data` lists them" : fmt::format("did you mean '{}'?", near));
    found.push_back(&data.recordings[static_cast<std::size_t>(at - ids.begin())]);
  }
  return found;
}

/// How the windows of one label were decided.
struct Tally {
  int recordings = 0;
  int windows = 0;
  int right = 0;
  int uncertain = 0;
};

void print_tally(const std::vector<const dataset::Recording*>& played_from,
                 const std::vector<simulate::Played>& played, const std::vector<std::string>& labels) {
  std::map<std::int32_t, Tally> tallies;
  for (std::size_t index = 0; index < played.size(); ++index) {
    const std::int32_t label = played_from[index]->label;
    Tally& tally = tallies[label];
    ++tally.recordings;
    for (const auto& window : played[index].transcript.windows) {
      ++tally.windows;
      tally.right += window.class_index == label && window.decision != "uncertain";
      tally.uncertain += window.decision == "uncertain";
    }
  }
  std::vector<std::vector<Cell>> rows = {
      {{"label"}, {"recordings"}, {"windows"}, {"decided right"}, {"uncertain"}, {"decided wrong"}}};
  const auto cell = [](int count) { return Cell{std::to_string(count), Style::kPlain, true}; };
  for (const auto& [label, tally] : tallies)
    rows.push_back({{labels[static_cast<std::size_t>(label)]},
                    cell(tally.recordings),
                    cell(tally.windows),
                    cell(tally.right),
                    cell(tally.uncertain),
                    cell(tally.windows - tally.right - tally.uncertain)});
  print_table(rows);
}

void print_windows(const simulate::Played& played) {
  std::vector<std::vector<Cell>> rows = {{{"window"}, {"decision"}, {"confidence"}, {"lost"}}};
  for (const auto& window : played.transcript.windows)
    rows.push_back({{std::to_string(window.window), Style::kPlain, true},
                    {window.decision, window.decision == "uncertain" ? Style::kWarning : Style::kPlain},
                    {fmt::format("{:.2f}", window.confidence / 256.0), Style::kPlain, true},
                    {std::to_string(window.lost), Style::kPlain, true}});
  print_line(styled(Style::kBold, played.id));
  print_table(rows);
}

/// Prints what went wrong, and returns whether anything did.
bool print_findings(const std::vector<simulate::Played>& played, bool quiet) {
  bool any = false;
  for (const auto& recording : played) {
    const auto& transcript = recording.transcript;
    const std::int64_t lost = transcript.end ? transcript.end->lost : 0;
    std::string text;
    if (transcript.fault)
      text =
          fmt::format("stopped with fault {} (LED: {} blinks), detail {}", transcript.fault->name,
                      recording.blinks ? std::to_string(*recording.blinks) : "no", transcript.fault->detail);
    else if (lost > 0)
      text = fmt::format("lost {} samples", lost);
    else if (transcript.restarts > 0)
      text = fmt::format("restarted {} times", transcript.restarts);
    if (text.empty()) continue;
    any = true;
    if (!quiet) print_line(fmt::format("{}: {}", recording.id, styled(Style::kBad, text)));
  }
  return any;
}

/// The windows that the second model looked at, and what of it is not what the host makes of them.
struct Replay {
  int windows = 0;
  std::vector<std::string> different;  ///< sentences
};

Result<Replay> replay_second(const project::Project& project,
                             const std::vector<const dataset::Recording*>& recordings,
                             const std::vector<simulate::Played>& played) {
  Replay replay;
  if (!project.cascade) return replay;
  MOTE_TRY(const graph::Graph model, tflite::read_file(project.woken_model_int8()));
  MOTE_TRY(const auto pipeline, features::Pipeline::create(model.metadata.features, project.sensor));
  MOTE_TRY(const std::int64_t window_rows, pipeline.window_rows(project.window_samples));
  for (std::size_t index = 0; index < played.size(); ++index) {
    const std::vector<std::int16_t> rows = rows_of(pipeline, recordings[index]->counts);
    for (const auto& woken : played[index].transcript.woken) {
      // Behind lost samples nobody knows where in the recording a window lies; they are a finding themselves.
      if (played[index].transcript.windows[static_cast<std::size_t>(woken.window)].lost != 0) continue;
      ++replay.windows;
      const std::int64_t first = woken.window * project.hop_samples / pipeline.samples_per_row();
      if ((first + window_rows) * pipeline.columns() > std::ssize(rows))
        return fail(ErrorKind::kFinding, "the firmware counts more windows than there are", played[index].id);
      const auto row = rows.begin() + first * pipeline.columns();
      MOTE_TRY(const auto expected,
               firmware::computed_from_rows(model, {row, row + window_rows * pipeline.columns()}));
      const std::uint16_t output_crc = crc16_update(kCrc16Initial, expected.outputs.data(),
                                                    static_cast<std::int32_t>(expected.outputs.size()));
      if (woken.window_crc != fmt::format("{:04x}", expected.input_crc))
        replay.different.push_back(fmt::format("{}: the second model's input in window {} is not the host's",
                                               played[index].id, woken.window));
      else if (woken.output_crc != fmt::format("{:04x}", output_crc))
        replay.different.push_back(fmt::format(
            "{}: the second model's output for window {} is not the host's", played[index].id, woken.window));
    }
  }
  return replay;
}

void print_replay(const project::Project& project, const Replay& replay) {
  if (!project.cascade) return;
  for (const auto& text : replay.different) print_line(styled(Style::kBad, text));
  print_line(fmt::format(
      "'{}' woke the second model for {} windows; {} as on the host", project.cascade->label, replay.windows,
      replay.different.empty() ? std::string("all")
                               : std::to_string(replay.windows - std::ssize(replay.different))));
}

void print_summary(const boards::Board& board, const Json& facts, std::size_t recordings) {
  const char* const unit = board.icount_shift ? "instructions" : "cycles";
  const auto steps = facts[fmt::format("{}_per_inference", unit)].get<std::int64_t>();
  print_line(fmt::format("{} recordings played; {} {} an inference, {:.2f} ms at {:.1f} million a second",
                         recordings, steps, unit, static_cast<double>(steps) * board.step_ns() * 1e-6,
                         1e3 / board.step_ns()));
}

/// Files that the result depends on besides the image.
std::vector<fs::path> inputs_of(const project::Project& project,
                                const std::vector<const dataset::Recording*>& recordings,
                                const fs::path& image) {
  std::vector<fs::path> inputs = {project.file(), image};
  if (project.cascade) inputs.push_back(project.woken_model_int8());
  for (const auto* recording : recordings)
    inputs.push_back(recordings::samples_path(project, recording->description));
  return inputs;
}

Result<Outcome> run(const Context& context, const Options& options) {
  MOTE_TRY(const auto project, project::load(context.project));
  MOTE_TRY(const auto built, read_fact(project.root, {.stage = "firmware"}));
  MOTE_TRY(const auto built_for, json_field<std::string>(built, "board", "firmware.json"));
  const std::string board_name = options.board.empty() ? built_for : options.board;
  simulate::SimulateRequest request;
  MOTE_TRY(request.board, boards::load(board_name));
  MOTE_CHECK(boards::require_emulator(request.board));
  if (board_name != built_for)
    return fail(ErrorKind::kUsage,
                fmt::format("the firmware was built for board '{}', not '{}'", built_for, board_name), "",
                fmt::format("run `mote firmware --board {}` first", board_name));
  request.image = project.firmware(board_name) / "build" / "firmware.elf";
  request.axes = project.sensor.axis_count();
  request.rate_millihertz = project.sensor.rate_millihertz;
  MOTE_CHECK(dataset::require_data(project));
  MOTE_TRY(const auto data, dataset::load(project));
  MOTE_TRY(const auto recordings, chosen(data, options));
  std::vector<simulate::Recording> to_play;
  for (const auto* recording : recordings) to_play.push_back({recording->description.id, recording->counts});

  ProgressBar progress("simulate", context.json);
  MOTE_TRY(const auto played, simulate::play_all(request, to_play, progress.sink()));
  progress.finish();
  MOTE_TRY(Json facts, simulate::facts(request.board, played));
  MOTE_TRY(const Replay replay, replay_second(project, recordings, played));
  if (project.cascade)
    facts["second_model_replay"] = {{"windows", replay.windows}, {"different", replay.different}};
  // A hand-picked recording is for looking at; the fact is about all that are held out.
  if (options.recordings.empty())
    MOTE_CHECK(write_fact(project.root, {.stage = "simulate"}, inputs_of(project, recordings, request.image),
                          {}, facts));
  const bool is_bad = print_findings(played, context.json) || !replay.different.empty();
  Outcome outcome{.facts = facts, .findings = is_bad};
  if (context.json) return outcome;
  if (!options.recordings.empty()) std::for_each(played.begin(), played.end(), print_windows);
  print_tally(recordings, played, data.labels);
  print_replay(project, replay);
  print_summary(request.board, facts, played.size());
  print_next("mote diagnose", "compares every stage on the same windows");
  return outcome;
}

}  // namespace

void add_simulate(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("simulate", "Run the firmware in an emulator, fed with the held-out recordings");
  auto options = std::make_shared<Options>();
  command->add_option("--board", options->board,
                      "Board that the firmware was built for (default: the last one)");
  command->add_option("--recording", options->recordings,
                      "Play only these recordings and show every window; writes no facts");
  on_run(*command, context, [&context, options] { return run(context, *options); });
}

}  // namespace mote::cli
