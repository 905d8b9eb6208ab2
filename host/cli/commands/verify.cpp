// SPDX-License-Identifier: Apache-2.0
#include "verify/verify.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>
#include <optional>

#include "boards/boards.h"
#include "cli/command.h"
#include "cli/terminal.h"
#include "compile/host_program.h"
#include "core/files.h"
#include "tflite/tflite.h"
#include "verify/board_program.h"

namespace mote::cli {
namespace {

namespace fs = std::filesystem;
using verify::Bytes;

struct Options {
  fs::path model;
  fs::path golden;
  fs::path output;
  std::string board;
  std::string rounding = "double";
  std::size_t runs = 8;
};

/// What the generated code gave.
struct Outputs {
  std::vector<Bytes> fresh;
  std::vector<Bytes> sequence;
};

Bytes joined(const std::vector<Bytes>& parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

std::vector<Bytes> cut(const Bytes& all, std::size_t bytes) {
  std::vector<Bytes> parts;
  for (std::size_t at = 0; at < all.size(); at += bytes)
    parts.emplace_back(all.begin() + static_cast<std::ptrdiff_t>(at),
                       all.begin() + static_cast<std::ptrdiff_t>(at + bytes));
  return parts;
}

Result<Outputs> run_on_host(const compile::CompiledModel& model, const verify::Golden& golden) {
  MOTE_TRY(const compile::HostProgram program, compile::HostProgram::build({model}));
  const Bytes inputs = joined(golden.inputs);
  const auto bytes = static_cast<std::size_t>(model.output_bytes);
  Outputs outputs;
  MOTE_TRY(const Bytes fresh, program.run(0, inputs));
  outputs.fresh = cut(fresh, bytes);
  if (golden.sequence_outputs.empty()) return outputs;
  MOTE_TRY(const Bytes sequence, program.run(0, inputs, true));
  outputs.sequence = cut(sequence, bytes);
  return outputs;
}

Result<Outputs> run_outputs(const compile::CompiledModel& model, const std::optional<boards::Board>& board,
                            const verify::Golden& golden) {
  if (!board) return run_on_host(model, golden);
  Outputs outputs;
  MOTE_TRY(outputs.fresh, verify::run_on_board(model, *board, golden.inputs, false));
  if (golden.sequence_outputs.empty()) return outputs;
  MOTE_TRY(outputs.sequence, verify::run_on_board(model, *board, golden.inputs, true));
  return outputs;
}

Result<void> write_outputs(const fs::path& folder, const Outputs& outputs) {
  if (folder.empty()) return {};
  for (std::size_t run = 0; run < outputs.fresh.size(); ++run)
    MOTE_CHECK(write_file(folder / fmt::format("out_{}.bin", run), outputs.fresh[run]));
  for (std::size_t run = 0; run < outputs.sequence.size(); ++run)
    MOTE_CHECK(write_file(folder / fmt::format("seq_out_{}.bin", run), outputs.sequence[run]));
  return {};
}

/// Where results and golden outputs part, in words.
Result<std::string> difference(const graph::Graph& graph, const verify::Golden& golden,
                               const verify::OperatorComparison& operators,
                               const compile::CompileOptions& options) {
  if (!operators.first_difference.empty()) return operators.first_difference;
  MOTE_TRY(const std::string layer, verify::first_differing_layer(graph, golden, options));
  if (layer != "none") return layer + " (the graph executor agrees with the golden check sums)";
  return std::string(
      operators.compared > 0
          ? "no layer differs from the executor on the host: look at the board or the golden outputs"
          : "no layer differs from the executor on the host: the golden outputs are another model's, or of "
            "another "
            "arithmetic (--rounding)");
}

void print_runs(const verify::Comparison& comparison, std::size_t fresh) {
  std::vector<std::vector<Cell>> rows = {{{"run"}, {"result"}, {"largest error", Style::kPlain, true}}};
  for (std::size_t index = 0; index < comparison.runs.size(); ++index) {
    const verify::RunResult& run = comparison.runs[index];
    rows.push_back(
        {{index < fresh ? fmt::format("{}", index) : fmt::format("{}, state kept", index - fresh)},
         {run.equal ? "equal" : "differs", run.equal ? Style::kGood : Style::kBad},
         {run.largest_error > 0 ? fmt::format("{:.2e}", run.largest_error) : "", Style::kPlain, true}});
  }
  print_table(rows);
}

Result<Outcome> run(const Context& context, const Options& options) {
  MOTE_TRY(graph::Graph graph, tflite::read_file(options.model));
  graph.name = options.model.stem().string();
  const Rounding rounding = options.rounding == "single" ? Rounding::kSingle : Rounding::kDouble;
  compile::CompileOptions how{.rounding = rounding};
  std::optional<boards::Board> board;
  if (!options.board.empty()) {
    MOTE_TRY(board, boards::load(options.board));
    how.isa = compile::isa_from(board->isa).value_or(how.isa);
  }
  MOTE_TRY(const compile::CompiledModel model, compile::compile(graph, how));
  MOTE_TRY(const verify::Golden golden, options.golden.empty()
                                            ? verify::make_golden(graph, options.runs, rounding)
                                            : verify::read_golden(options.golden, graph));
  MOTE_TRY(const Outputs outputs, run_outputs(model, board, golden));
  MOTE_CHECK(write_outputs(options.output, outputs));
  const auto comparison = verify::compare(graph, golden, outputs.fresh, outputs.sequence);
  MOTE_TRY(const auto operators, verify::compare_operators(graph, golden, {.rounding = rounding}));

  const bool all_equal =
      comparison.equal() == comparison.runs.size() && operators.equal == operators.compared;
  std::string first;
  if (!all_equal) {
    MOTE_TRY(first, difference(graph, golden, operators, how));
  }
  Outcome outcome{.facts = {{"runs", comparison.runs.size()},
                            {"equal", comparison.equal()},
                            {"operators_compared", operators.compared},
                            {"operators_equal", operators.equal},
                            {"largest_error", comparison.largest_error()},
                            {"error_bound", comparison.bound},
                            {"first_difference", first}},
                  .findings = !all_equal};
  if (context.json) return outcome;
  print_runs(comparison, golden.outputs.size());
  if (comparison.largest_error() > 0)
    print_line(fmt::format("floats: largest error {:.2e}, bound {:.2e} of the largest output",
                           comparison.largest_error(), comparison.bound));
  if (operators.compared > 0)
    print_line(fmt::format("operators on the graph executor: {} of {} have the golden check sums",
                           operators.equal, operators.compared));
  if (!first.empty()) print_line(styled(Style::kBad, "first difference: ") + styled(Style::kPlain, first));
  print_line(fmt::format("{} of {} equal", comparison.equal(), comparison.runs.size()));
  return outcome;
}

}  // namespace

void add_verify(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand(
      "verify",
      "Build the code of a model, run it, and compare with golden outputs or with the graph executor");
  const auto options = std::make_shared<Options>();
  command->add_option("model", options->model, "A .tflite file")->required();
  command->add_option(
      "--golden", options->golden,
      "Folder with golden.json, in_<k>.bin, out_<k>.bin (default: seeded random inputs through the "
      "graph executor's reference kernels)");
  command->add_option("--board", options->board, "Run on this emulated board instead of this computer");
  command->add_option("--out", options->output, "Leave the raw output bytes in this folder");
  command->add_option("--runs", options->runs, "Random inputs without --golden")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--rounding", options->rounding, "Of scaled sums, as for `mote compile`")
      ->check(CLI::IsMember({"double", "single"}))
      ->capture_default_str();
  on_run(*command, context, [options, &context] { return run(context, *options); });
}

}  // namespace mote::cli
