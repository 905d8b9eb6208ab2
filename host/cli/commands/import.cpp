// SPDX-License-Identifier: Apache-2.0
#include "recordings/import.h"

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/terminal.h"
#include "core/text.h"
#include "project/project.h"

namespace mote::cli {
namespace {

struct ImportArguments {
  recordings::ImportOptions options;
  std::vector<std::filesystem::path> files;
  std::vector<std::string> map;
  std::vector<std::string> conditions;
  std::string label_column, time_column;
  double rate_hz = 0;
  bool header = false, no_header = false;
};

/// "a=b" as an entry of `map`.
Result<void> add_pair(std::string_view option, const std::string& text,
                      std::map<std::string, std::string>& map) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
    return fail(ErrorKind::kUsage,
                fmt::format("{} is '{}', expected NAME=VALUE", option, escape_comment(text)));
  if (!map.emplace(text.substr(0, equals), text.substr(equals + 1)).second)
    return fail(ErrorKind::kUsage,
                fmt::format("{} tells {} twice", option, escape_comment(text.substr(0, equals))));
  return {};
}

Json facts_of(const recordings::ImportResult& result) {
  Json files = Json::array(), recordings = Json::array();
  for (const auto& file : result.files)
    files.push_back(
        {{"file", file.name},
         {"recordings", file.recordings},
         {"samples", file.samples},
         {"rate_hz_measured", file.measured_rate_hz.has_value() ? Json(*file.measured_rate_hz) : Json()},
         {"clipped_samples", file.clipped_samples},
         {"short_runs_left_out", file.short_runs},
         {"samples_left_out", file.left_out_samples}});
  for (const auto& description : result.recordings) recordings.push_back(to_json(description));
  return {{"files", files}, {"recordings", recordings}, {"warnings", result.warnings}};
}

void print_result(const recordings::ImportResult& result, double rate_hz) {
  std::vector<std::vector<Cell>> rows = {{{"file"},
                                          {"recordings", Style::kPlain, true},
                                          {"seconds", Style::kPlain, true},
                                          {"measured rate", Style::kPlain, true},
                                          {"clipped", Style::kPlain, true},
                                          {"left out"}}};
  for (const auto& file : result.files) {
    std::string left_out;
    if (file.left_out_samples > 0) left_out = fmt::format("{} samples by --map", file.left_out_samples);
    if (file.short_runs > 0)
      left_out += fmt::format("{}{} runs below {} samples", left_out.empty() ? "" : ", ", file.short_runs,
                              recordings::kMinSamples);
    rows.push_back(
        {{file.name},
         {fmt::format("{}", file.recordings), Style::kPlain, true},
         {fmt::format("{:.1f}", static_cast<double>(file.samples) / rate_hz), Style::kPlain, true},
         {file.measured_rate_hz.has_value() ? fmt::format("{:.2f} Hz", *file.measured_rate_hz)
                                            : std::string("not known"),
          Style::kPlain, true},
         {file.clipped_samples > 0 ? fmt::format("{} samples", file.clipped_samples) : std::string("none"),
          file.clipped_samples > 0 ? Style::kWarning : Style::kPlain, true},
         {left_out.empty() ? "nothing" : left_out, left_out.empty() ? Style::kPlain : Style::kWarning}});
  }
  print_table(rows);
  for (const auto& warning : result.warnings) print_line(styled(Style::kWarning, "warning: " + warning));
  print_next("mote data", "to see what the project has now");
}

Result<Outcome> import(const ImportArguments& arguments, const Context& context) {
  recordings::ImportOptions options = arguments.options;
  for (const auto& pair : arguments.map) MOTE_CHECK(add_pair("--map", pair, options.label_map));
  for (const auto& pair : arguments.conditions) MOTE_CHECK(add_pair("--condition", pair, options.conditions));
  if (!arguments.label_column.empty()) options.csv.label_column = arguments.label_column;
  if (!arguments.time_column.empty()) options.csv.time_column = arguments.time_column;
  if (arguments.header || arguments.no_header) options.csv.heading = arguments.header;
  if (arguments.rate_hz > 0) options.rate_hz = arguments.rate_hz;
  MOTE_TRY(const auto project, project::load(context.project));
  MOTE_TRY(const auto result, recordings::import_files(project, arguments.files, options));
  if (!context.json) print_result(result, project.sensor.rate_hz());
  return Outcome{facts_of(result)};
}

}  // namespace

void add_import(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("import", "Add motion data from CSV files to the project's recordings");
  auto arguments = std::make_shared<ImportArguments>();
  auto& options = arguments->options;
  command->add_option("files", arguments->files, "CSV files, one sample a line, blank lines between captures")
      ->required();
  command->add_option("--label", options.label, "What all samples show");
  command->add_option("--label-column", arguments->label_column,
                      "Column (name or number) that tells the label: each run of one label is a recording");
  command
      ->add_option("--map", arguments->map, "Rename a label of the file: SEATED=idle; SEATED=- leaves it out")
      ->allow_extra_args(false);
  command->add_option("--session", options.session, "Name of this sitting: what is held out together")
      ->required();
  command->add_option("--person", options.person, "Who moved");
  command->add_option("--device", options.device, "Which board recorded");
  command->add_option("--recorded", options.recorded,
                      "Start, as 2026-01-31T10:20 (UTC unless a zone follows)");
  command->add_option("--rate", arguments->rate_hz, "Samples per second; needed if there are no time stamps")
      ->check(CLI::Range(0.001, 100000.0));
  command
      ->add_option("--columns", options.csv.columns,
                   "The axes' columns (names or numbers) in the order of mote.toml, separated by commas")
      ->delimiter(',')
      ->allow_extra_args(false);
  command->add_option("--time-column", arguments->time_column,
                      "Time stamps' column (default: timestamp, time, time_ms or t, if there is one)");
  auto* header = command->add_flag("--header", arguments->header, "The first line names the columns");
  command->add_flag("--no-header", arguments->no_header, "The first line is a sample already")
      ->excludes(header);
  command
      ->add_option("--condition", arguments->conditions, "Circumstance, as temperature=cold; may be repeated")
      ->allow_extra_args(false);
  on_run(*command, context, [arguments, &context] { return import(*arguments, context); });
}

}  // namespace mote::cli
