// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

#include "bench/comparison.h"
#include "bench/measure.h"
#include "boards/boards.h"
#include "cli/command.h"
#include "cli/terminal.h"
#include "core/files.h"
#include "tflite/tflite.h"

namespace mote::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path model;
  std::string board = "qemu-mps2-an386";
  std::string optimize = "speed";
  std::string rounding = "double";
  std::string commit;
  std::vector<fs::path> compared;
  fs::path accepted;
};

Cell number(std::int64_t value, Style style = Style::kPlain) {
  return {fmt::format("{}", value), style, true};
}

/// A share with two decimals; nothing without a divisor.
Cell per(std::int64_t value, std::int64_t divisor, Style style = Style::kPlain) {
  return {divisor > 0 ? fmt::format("{:.2f}", static_cast<double>(value) / static_cast<double>(divisor)) : "",
          style, true};
}

Cell cycles_cell(std::int64_t cycles, Style style = Style::kPlain) {
  return {cycles > 0 ? fmt::format("{}", cycles) : "", style, true};
}

Cell milliseconds(std::int64_t cycles, std::int64_t clock_hz, Style style = Style::kPlain) {
  return {cycles > 0 && clock_hz > 0
              ? fmt::format("{:.3f}", 1e3 * static_cast<double>(cycles) / static_cast<double>(clock_hz))
              : "",
          style, true};
}

/// Why this variant, and what the next best one would have cost.
std::string choice(const bench::LayerMeasurement& layer) {
  std::string text;
  if (!layer.refused.empty()) text = fmt::format("{} not exact here", fmt::join(layer.refused, ", "));
  if (layer.next_instructions)
    text += fmt::format("{}{}: {} instructions", text.empty() ? "" : "; ", layer.next_variant,
                        *layer.next_instructions);
  return text;
}

void print_measurement(const bench::Measurement& measured) {
  std::vector<std::vector<Cell>> rows = {{{"layer"},
                                          {"kernel"},
                                          {"MAC", Style::kPlain, true},
                                          {"instructions", Style::kPlain, true},
                                          {"/ MAC", Style::kPlain, true},
                                          {"cycles (est.)", Style::kPlain, true},
                                          {"ms", Style::kPlain, true},
                                          {"code", Style::kPlain, true},
                                          {"instead of"}}};
  for (const auto& layer : measured.layers)
    rows.push_back({{layer.op},
                    {layer.variant},
                    number(layer.macs),
                    number(layer.counts.instructions),
                    per(layer.counts.instructions, layer.macs),
                    cycles_cell(layer.counts.cycles),
                    milliseconds(layer.counts.cycles, measured.clock_hz),
                    number(layer.counts.code_bytes),
                    {choice(layer), Style::kDim}});
  const bench::Counts& total = measured.total;
  rows.push_back({{"total", Style::kBold},
                  {},
                  number(measured.macs, Style::kBold),
                  number(total.instructions, Style::kBold),
                  per(total.instructions, measured.macs, Style::kBold),
                  cycles_cell(total.cycles, Style::kBold),
                  milliseconds(total.cycles, measured.clock_hz, Style::kBold),
                  number(measured.code_bytes, Style::kBold),
                  {}});
  print_table(rows);
  print_line();
  print_line(fmt::format("{} on {} ({}), for {}, {}", measured.model, measured.board, measured.core,
                         measured.optimize, measured.compiler));
  print_line(fmt::format("RAM {} bytes and {} of stack; flash {} bytes of code and {} of constants",
                         measured.ram_bytes, measured.stack_bytes, measured.code_bytes,
                         measured.constant_bytes));
  if (measured.model_macs != measured.macs)
    print_line(
        fmt::format("folding left {} of the model's {} MAC: {:.2f} instructions per MAC of the model",
                    measured.macs, measured.model_macs,
                    static_cast<double>(total.instructions) / static_cast<double>(measured.model_macs)));
  if (total.cycles > 0)
    print_line(
        fmt::format("estimated {:.2f} cycles per MAC of the model, without flash wait states; ms at the "
                    "board's {:.0f} MHz",
                    static_cast<double>(total.cycles) /
                        static_cast<double>(std::max<std::int64_t>(measured.model_macs, 1)),
                    static_cast<double>(measured.clock_hz) / 1e6));
}

Result<Outcome> run_measurement(const Context& context, const Options& options) {
  MOTE_TRY(graph::Graph graph, tflite::read_file(options.model));
  graph.name = options.model.stem().string();
  MOTE_TRY(const boards::Board board, boards::load(options.board));
  const auto isa = compile::isa_from(board.isa);
  if (!isa)
    return fail(ErrorKind::kInternal, fmt::format("board '{}' has no known instruction set", board.name));
  MOTE_TRY(
      const bench::Measurement measured,
      bench::measure(graph, board,
                     {.isa = *isa,
                      .optimize = compile::optimize_from(options.optimize).value(),
                      .rounding = options.rounding == "single" ? Rounding::kSingle : Rounding::kDouble}));
  Outcome outcome{.facts = bench::to_json(measured)};
  if (!options.commit.empty()) outcome.facts["commit"] = options.commit;
  if (!context.json) print_measurement(measured);
  return outcome;
}

Result<Outcome> run_comparison(const Context& context, const Options& options) {
  MOTE_TRY(const auto before, bench::read_recorded(options.compared[0]));
  MOTE_TRY(const auto after, bench::read_recorded(options.compared[1]));
  std::vector<bench::Accepted> accepted;
  if (!options.accepted.empty()) {
    MOTE_TRY(const std::string text, read_text(options.accepted));
    MOTE_TRY(accepted, bench::parse_accepted(text, options.accepted.string()));
  }
  const auto changes = bench::compare(before, after, accepted);
  if (changes.empty())
    return fail(ErrorKind::kInput, "no model and board are in both", options.compared[1].string(),
                "results are paired by model, board and optimisation");
  Outcome outcome;
  Json& list = outcome.facts["changes"] = Json::array();
  std::vector<std::vector<Cell>> rows = {{{"model"},
                                          {"board"},
                                          {"for"},
                                          {"before", Style::kPlain, true},
                                          {"after", Style::kPlain, true},
                                          {"change", Style::kPlain, true},
                                          {}}};
  for (const bench::Change& change : changes) {
    const bool is_bad = change.is_loss && change.accepted.empty();
    outcome.findings |= is_bad;
    list.push_back({{"model", change.after.model},
                    {"board", change.after.board},
                    {"optimize", change.after.optimize},
                    {"instructions_before", change.before.instructions},
                    {"instructions_after", change.after.instructions},
                    {"loss", change.is_loss},
                    {"accepted", change.accepted}});
    rows.push_back({{change.after.model},
                    {change.after.board},
                    {change.after.optimize},
                    number(change.before.instructions),
                    number(change.after.instructions),
                    {fmt::format("{:+.1f} %", 100 * (change.ratio() - 1)),
                     is_bad               ? Style::kBad
                     : change.ratio() < 1 ? Style::kGood
                                          : Style::kPlain,
                     true},
                    {is_bad ? "loss" : change.accepted}});
  }
  if (!context.json) print_table(rows);
  return outcome;
}

Result<Outcome> run(const Context& context, const Options& options) {
  if (!options.compared.empty()) return run_comparison(context, options);
  if (options.model.empty())
    return fail(ErrorKind::kUsage, "which model?", "", "mote bench MODEL, or mote bench --compare OLD NEW");
  return run_measurement(context, options);
}

}  // namespace

void add_bench(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand(
      "bench",
      "Count a model's instructions layer by layer on an emulated board, or compare two such results");
  const auto options = std::make_shared<Options>();
  command->add_option("model", options->model, "A .tflite file");
  command->add_option("--board", options->board, "Emulated board")->capture_default_str();
  command->add_option("--optimize", options->optimize, "Prefer speed, small code or little memory")
      ->check(CLI::IsMember(compile::optimize_names()))
      ->capture_default_str();
  command->add_option("--rounding", options->rounding, "Of scaled sums, as for `mote compile`")
      ->check(CLI::IsMember({"double", "single"}))
      ->capture_default_str();
  command->add_option("--commit", options->commit, "Kept in the result: what was measured");
  command
      ->add_option("--compare", options->compared,
                   "Two results of `mote bench --json`, or two folders of them, older first")
      ->expected(2);
  command->add_option("--accepted", options->accepted,
                      "With --compare: a TOML file of the losses that were taken on purpose");
  on_run(*command, context, [options, &context] { return run(context, *options); });
}

}  // namespace mote::cli
