// SPDX-License-Identifier: Apache-2.0
#include "features/features.h"

#include <fmt/format.h>

#include <chrono>
#include <memory>

#include "bench/measure_features.h"
#include "boards/boards.h"
#include "cli/command.h"
#include "cli/terminal.h"
#include "dataset/data_fact.h"
#include "dataset/dataset.h"
#include "features/features_fact.h"
#include "project/project.h"

namespace mote::cli {
namespace {

struct Options {
  std::string board;
  bool list = false;
};

Cell number(std::string text) {
  return {std::move(text), Style::kPlain, true};
}

Outcome list_blocks(const Context& context) {
  Outcome outcome;
  outcome.facts["blocks"] = Json::array();
  std::vector<std::vector<Cell>> rows = {{{"block"}, {"what it does"}}};
  for (const features::BlockKind* kind : features::block_kinds()) {
    outcome.facts["blocks"].push_back({{"block", kind->name}, {"summary", kind->summary}});
    rows.push_back({{std::string(kind->name)}, {std::string(kind->summary)}});
  }
  if (!context.json) print_table(rows);
  return outcome;
}

/// One line a block; with what it costs on a board where that was measured.
void print_blocks(const features::Pipeline& pipeline, const bench::FeatureMeasurement* measured) {
  std::vector<std::vector<Cell>> rows = {
      {{"block"}, {"gives"}, number("per second"), number("state"), number("scratch")}};
  if (measured != nullptr) rows[0].push_back(number("instructions a row"));
  for (std::size_t index = 0; index < pipeline.blocks().size(); ++index) {
    const features::Block& block = *pipeline.blocks()[index];
    rows.push_back({{block.name},
                    {fmt::format("{} x {} {}", block.output.rows, block.output.columns,
                                 features::to_string(block.output.element))},
                    number(fmt::format("{:.6g}", block.output.frames_hz)),
                    number(bytes_text(block.state_bytes())),
                    number(bytes_text(block.scratch_bytes()))});
    if (measured != nullptr)
      rows.back().push_back(number(fmt::format("{}", measured->block[index].instructions)));
  }
  print_table(rows);
}

Json measured_json(const bench::FeatureMeasurement& measured, double rows_hz) {
  Json blocks = Json::array();
  for (const bench::Counts& counts : measured.block) blocks.push_back(counts.instructions);
  return {{"board", measured.board},
          {"instructions_per_row", measured.row.instructions},
          {"instructions_per_second", static_cast<double>(measured.row.instructions) * rows_hz},
          {"cycles_estimate_per_row", measured.row.cycles > 0 ? Json(measured.row.cycles) : Json()},
          {"blocks", std::move(blocks)},
          {"code_bytes", measured.code_bytes},
          {"constant_bytes", measured.constant_bytes},
          {"ram_bytes", measured.ram_bytes}};
}

void print_measured(const bench::FeatureMeasurement& measured, const boards::Board& board, double rows_hz) {
  const double share =
      static_cast<double>(measured.row.cycles > 0 ? measured.row.cycles : measured.row.instructions) *
      rows_hz / static_cast<double>(board.clock_hz);
  print_line(fmt::format(
      "{}: {} instructions a row, {:.3g} million a second ({} {:.1f} % of its {} MHz); code {}, tables {}, "
      "RAM {}; rows "
      "equal the host's",
      board.name, measured.row.instructions, static_cast<double>(measured.row.instructions) * rows_hz / 1e6,
      measured.row.cycles > 0 ? "estimated" : "at one cycle each", 100 * share, board.clock_hz / 1000000,
      bytes_text(measured.code_bytes), bytes_text(measured.constant_bytes), bytes_text(measured.ram_bytes)));
}

double seconds_of(const dataset::Dataset& dataset) {
  double seconds = 0;
  for (const auto& recording : dataset.recordings) seconds += recording.seconds();
  return seconds;
}

Result<Outcome> run(const Context& context, const Options& options) {
  if (options.list) return list_blocks(context);
  MOTE_TRY(const auto project, project::load(context.project));
  MOTE_TRY(const auto pipeline, features::Pipeline::create(project.features, project.sensor));
  MOTE_TRY(const auto window_rows, pipeline.window_rows(project.window_samples));
  MOTE_TRY(const auto hop_rows, pipeline.hop_rows(project.hop_samples));
  const double rows_hz = project.sensor.rate_hz() / pipeline.samples_per_row();
  Outcome outcome;
  std::optional<bench::FeatureMeasurement> measured;
  std::optional<boards::Board> board;
  if (!options.board.empty()) {
    MOTE_TRY(board, boards::load(options.board));
    MOTE_TRY(measured, bench::measure_features(pipeline, *board));
  }
  if (!context.json) {
    if (!pipeline.blocks().empty()) {
      print_blocks(pipeline, measured ? &*measured : nullptr);
      print_line();
    }
    print_line(
        fmt::format("row     {} features, {:.6g} a second; {} x {} make a window, a decision every {} rows",
                    pipeline.columns(), rows_hz, window_rows, pipeline.columns(), hop_rows));
    print_line(fmt::format("RAM     {} of state, {} of work area", bytes_text(pipeline.state_bytes()),
                           bytes_text(pipeline.work_bytes())));
    if (measured) print_measured(*measured, *board, rows_hz);
  }
  MOTE_TRY(const auto data, dataset::load(project));
  ProgressBar bar("features", context.json);
  const auto start = std::chrono::steady_clock::now();
  MOTE_TRY(const auto features, features::compute(data, project, bar.sink()));
  const double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  bar.finish();
  outcome.facts = features::feature_facts(features, data, project);
  if (measured) outcome.facts["measured"] = measured_json(*measured, rows_hz);
  MOTE_CHECK(features::write_features_fact(project, outcome.facts));
  if (context.json) return outcome;
  if (!pipeline.blocks().empty())
    print_line(fmt::format(
        "{} recordings, {:.1f} s: computed in {:.2f} s ({:.0f} times real time), {} from the cache",
        data.recordings.size(), seconds_of(data), took, seconds_of(data) / std::max(took, 1e-9),
        features.from_cache));
  print_next("mote train");
  return outcome;
}

}  // namespace

void add_features(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("features", "Compute the features of all recordings, and show what they cost");
  const auto options = std::make_shared<Options>();
  command->add_option("--board", options->board,
                      "Measure the blocks on this emulated board too, and compare its rows with the host's");
  command->add_flag("--list", options->list, "Only list the blocks that [[features]] may name");
  on_run(*command, context, [&context, options] { return run(context, *options); });
}

}  // namespace mote::cli
