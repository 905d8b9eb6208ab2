// SPDX-License-Identifier: Apache-2.0
#include "recordings/import.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <cmath>
#include <set>

#include "cli/command.h"
#include "cli/terminal.h"
#include "core/text.h"
#include "project/project.h"

namespace mote::cli {
namespace {

struct ImportArguments {
  recordings::ImportOptions options;
  std::vector<std::filesystem::path> paths;
  std::vector<std::string> map;
  std::vector<std::string> conditions;
  std::string label_column, time_column, folders, channel;
  double rate_hz = 0;
  bool header = false, no_header = false;
};

constexpr std::size_t kFilesInTable = 20;
constexpr std::size_t kNamesInLine = 12;

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

/// What import was given: folders as they are laid out, and all files.
struct Given {
  std::vector<recordings::Layout> layouts;
  std::vector<recordings::Source> sources;
};

Json facts_of(const recordings::Layout& layout) {
  Json skipped = Json::array();
  for (const auto& [reason, files] : layout.skipped)
    skipped.push_back({{"reason", reason}, {"files", files.count}, {"example", files.example}});
  return {{"folder", layout.folder.string()},
          {"layout", recordings::to_string(layout.kind)},
          {"files", layout.sources.size()},
          {"skipped", std::move(skipped)}};
}

Json facts_of(const Given& given, const recordings::ImportResult& result, bool dry_run) {
  const auto or_null = [](const std::optional<double>& value) {
    return value.has_value() ? Json(*value) : Json();
  };
  Json files = Json::array(), recordings = Json::array(), layouts = Json::array();
  for (const auto& layout : given.layouts) layouts.push_back(facts_of(layout));
  for (const auto& file : result.files)
    files.push_back({{"file", file.name},
                     {"recordings", file.recordings},
                     {"samples", file.samples},
                     {"rate_hz_measured", or_null(file.measured_rate_hz)},
                     {"rate_hz_told", or_null(file.told_rate_hz)},
                     {"clipped_samples", file.clipped_samples},
                     {"short_runs_left_out", file.short_runs},
                     {"samples_left_out", file.left_out_samples},
                     {"duplicates_left_out", file.duplicates},
                     {"signature", file.signature}});
  for (const auto& description : result.recordings) recordings.push_back(to_json(description));
  return {{"layouts", layouts},          {"files", files},
          {"recordings", recordings},    {"notes", result.notes},
          {"warnings", result.warnings}, {"dry_run", dry_run}};
}

/// "a 3, b 1, ... and 5 more".
std::string counts_text(const std::map<std::string, std::int64_t>& counts) {
  std::vector<std::string> shown;
  for (const auto& [name, count] : counts)
    if (shown.size() < kNamesInLine)
      shown.push_back(fmt::format("{} {}", escape_comment(name.substr(0, 40)), count));
  std::string text = fmt::format("{}", fmt::join(shown, ", "));
  if (counts.size() > shown.size()) text += fmt::format(" ... and {} more", counts.size() - shown.size());
  return text;
}

void print_layout(const recordings::Layout& layout, bool labels_told) {
  std::map<std::string, std::int64_t> labels, parts, persons;
  for (const auto& source : layout.sources) {
    if (!source.label.empty()) ++labels[source.label];
    for (const auto& run : source.samples.runs) ++labels[run.label];
    if (!source.part.empty()) ++parts[source.part];
    if (!source.person.empty()) ++persons[source.person];
  }
  print_line(fmt::format("{}: {}, {} files", styled(Style::kBold, layout.folder.string()),
                         recordings::to_string(layout.kind), layout.sources.size()));
  if (!labels.empty() && !labels_told)
    print_line(fmt::format("  {} labels: {}", labels.size(), counts_text(labels)));
  if (!persons.empty()) print_line(fmt::format("  {} persons", persons.size()));
  if (!parts.empty())
    print_line(fmt::format("  its own split: train {}, validation {}, test {}", parts["train"],
                           parts["validation"], parts["test"]));
  for (const auto& [reason, files] : layout.skipped)
    print_line(styled(Style::kWarning, fmt::format("  not read: {} files ({}{}): {}", files.count,
                                                   files.example, files.count > 1 ? ", ..." : "", reason)));
}

std::string left_out_text(const recordings::ImportedFile& file) {
  std::vector<std::string> parts;
  if (file.left_out_samples > 0) parts.push_back(fmt::format("{} samples by --map", file.left_out_samples));
  if (file.short_runs > 0)
    parts.push_back(fmt::format("{} runs below {} samples", file.short_runs, recordings::kMinSamples));
  if (file.duplicates > 0)
    parts.push_back(fmt::format("{} captures that are there already", file.duplicates));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string rate_text(const recordings::ImportedFile& file) {
  if (file.measured_rate_hz.has_value()) return fmt::format("{:.2f} Hz", *file.measured_rate_hz);
  return file.told_rate_hz.has_value() ? fmt::format("{:.6g} Hz", *file.told_rate_hz)
                                       : std::string("not known");
}

void print_files(const recordings::ImportResult& result, double rate_hz) {
  std::vector<std::vector<Cell>> rows = {{{"file"},
                                          {"recordings", Style::kPlain, true},
                                          {"seconds", Style::kPlain, true},
                                          {"rate in it", Style::kPlain, true},
                                          {"clipped", Style::kPlain, true},
                                          {"left out"}}};
  for (const auto& file : result.files) {
    const std::string left_out = left_out_text(file);
    rows.push_back(
        {{file.name},
         {fmt::format("{}", file.recordings), Style::kPlain, true},
         {fmt::format("{:.1f}", static_cast<double>(file.samples) / rate_hz), Style::kPlain, true},
         {rate_text(file), Style::kPlain, true},
         {file.clipped_samples > 0 ? fmt::format("{} samples", file.clipped_samples) : std::string("none"),
          file.clipped_samples > 0 ? Style::kWarning : Style::kPlain, true},
         {left_out.empty() ? "nothing" : left_out, left_out.empty() ? Style::kPlain : Style::kWarning}});
  }
  print_table(rows);
}

/// Many files: a line a label instead of a line a file.
void print_labels(const recordings::ImportResult& result, double rate_hz) {
  struct Sum {
    std::int64_t recordings = 0, samples = 0, shortest = INT64_MAX, longest = 0;
    std::set<std::string> persons, sessions;
  };
  std::map<std::string, Sum> sums;
  for (const auto& recording : result.recordings) {
    Sum& sum = sums[recording.label];
    ++sum.recordings;
    sum.samples += recording.samples;
    sum.shortest = std::min(sum.shortest, recording.samples);
    sum.longest = std::max(sum.longest, recording.samples);
    sum.sessions.insert(recording.session);
    if (!recording.person.empty()) sum.persons.insert(recording.person);
  }
  std::vector<std::vector<Cell>> rows = {{{"label"},
                                          {"recordings", Style::kPlain, true},
                                          {"seconds", Style::kPlain, true},
                                          {"shortest", Style::kPlain, true},
                                          {"longest", Style::kPlain, true},
                                          {"sessions", Style::kPlain, true},
                                          {"persons", Style::kPlain, true}}};
  const auto seconds = [rate_hz](std::int64_t samples) {
    return fmt::format("{:.2f} s", static_cast<double>(samples) / rate_hz);
  };
  for (const auto& [label, sum] : sums)
    rows.push_back(
        {{label},
         {fmt::format("{}", sum.recordings), Style::kPlain, true},
         {fmt::format("{:.1f}", static_cast<double>(sum.samples) / rate_hz), Style::kPlain, true},
         {seconds(sum.shortest), Style::kPlain, true},
         {seconds(sum.longest), Style::kPlain, true},
         {fmt::format("{}", sum.sessions.size()), Style::kPlain, true},
         {sum.persons.empty() ? "not told" : fmt::format("{}", sum.persons.size()), Style::kPlain, true}});
  print_table(rows);
}

/// What the table of labels does not show.
void print_sums(const recordings::ImportResult& result) {
  std::int64_t clipped = 0, short_runs = 0, left_out = 0, told = 0, duplicates = 0;
  double slowest = HUGE_VAL, fastest = 0;
  for (const auto& file : result.files) {
    clipped += file.clipped_samples > 0 ? 1 : 0;
    short_runs += file.short_runs;
    duplicates += file.duplicates;
    left_out += file.recordings == 0 && file.left_out_samples > 0 ? 1 : 0;
    told += file.told_rate_hz.has_value() ? 1 : 0;
    if (!file.measured_rate_hz.has_value()) continue;
    slowest = std::min(slowest, *file.measured_rate_hz);
    fastest = std::max(fastest, *file.measured_rate_hz);
  }
  if (told > 0)
    print_line(fmt::format("rate: {} of {} files say it themselves, and it is the project's", told,
                           result.files.size()));
  if (fastest > 0) print_line(fmt::format("rate: time stamps say {:.2f} to {:.2f} Hz", slowest, fastest));
  if (left_out > 0)
    print_line(fmt::format("left out by --map: {} of {} files", left_out, result.files.size()));
  if (short_runs > 0)
    print_line(fmt::format("left out: {} runs below {} samples", short_runs, recordings::kMinSamples));
  if (duplicates > 0) print_line(fmt::format("left out: {} captures that are there already", duplicates));
  if (clipped > 0)
    print_line(
        styled(Style::kWarning, fmt::format("clipped: samples at the end of the range in {} of {} files",
                                            clipped, result.files.size())));
}

void print_result(const recordings::ImportResult& result, double rate_hz, bool dry_run) {
  if (result.files.size() <= kFilesInTable) {
    print_files(result, rate_hz);
  } else {
    print_labels(result, rate_hz);
    print_sums(result);
  }
  std::map<std::string, std::int64_t> signatures;
  for (const auto& file : result.files)
    if (!file.signature.empty()) ++signatures[file.signature];
  if (!signatures.empty()) print_line(fmt::format("signatures: {}", counts_text(signatures)));
  for (const auto& note : result.notes) print_line("note: " + note);
  for (const auto& warning : result.warnings) print_line(styled(Style::kWarning, "warning: " + warning));
  if (!dry_run) return print_next("mote data", "to see what the project has now");
  print_line(fmt::format("nothing is stored: {} recordings would be", result.recordings.size()));
  print_next("mote import ...", "without --dry-run");
}

recordings::FolderMeaning meaning_of(const ImportArguments& arguments) {
  using recordings::FolderMeaning;
  if (arguments.folders == "label") return FolderMeaning::kLabel;
  if (arguments.folders == "person") return FolderMeaning::kPerson;
  if (arguments.folders == "session") return FolderMeaning::kSession;
  return FolderMeaning::kUnknown;
}

/// Folders that are labels although something else tells the label are something else.
Result<void> check_meaning(const recordings::Layout& layout, const ImportArguments& arguments) {
  const bool told = !arguments.options.label.empty() || !arguments.label_column.empty();
  if (layout.kind != recordings::LayoutKind::kFolders || !told || !arguments.folders.empty()) return {};
  return fail(ErrorKind::kUsage,
              fmt::format("{} tells the labels; what are the folders, as '{}'?",
                          arguments.label_column.empty() ? "--label" : "--label-column",
                          escape_comment(layout.sources.front().path.parent_path().filename().string())),
              layout.folder.string(), "say --folders person or --folders session");
}

Result<Given> look_at(const ImportArguments& arguments) {
  Given given;
  for (const auto& path : arguments.paths) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(path, ignored)) {
      given.sources.push_back({.path = path});
      continue;
    }
    MOTE_TRY(auto layout, recordings::scan_folder(path, meaning_of(arguments)));
    MOTE_CHECK(check_meaning(layout, arguments));
    given.sources.insert(given.sources.end(), layout.sources.begin(), layout.sources.end());
    given.layouts.push_back(std::move(layout));
  }
  return given;
}

Result<recordings::ChannelChoice> channel_of(const std::string& text) {
  recordings::ChannelChoice choice;
  choice.mix = text == "mix";
  if (text.empty() || choice.mix) return choice;
  std::int32_t number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code != std::errc() || end != text.data() + text.size() || number < 1)
    return fail(ErrorKind::kUsage,
                fmt::format("--channel is '{}', expected a number from 1, or mix", escape_comment(text)));
  choice.channel = number;
  return choice;
}

Result<Outcome> import(const ImportArguments& arguments, const Context& context) {
  recordings::ImportOptions options = arguments.options;
  for (const auto& pair : arguments.map) MOTE_CHECK(add_pair("--map", pair, options.label_map));
  for (const auto& pair : arguments.conditions) MOTE_CHECK(add_pair("--condition", pair, options.conditions));
  if (!arguments.label_column.empty()) options.csv.label_column = arguments.label_column;
  if (!arguments.time_column.empty()) options.csv.time_column = arguments.time_column;
  if (arguments.header || arguments.no_header) options.csv.heading = arguments.header;
  if (arguments.rate_hz > 0) options.rate_hz = arguments.rate_hz;
  MOTE_TRY(options.channels, channel_of(arguments.channel));
  MOTE_TRY(const auto project, project::load(context.project));
  MOTE_TRY(const Given given, look_at(arguments));
  if (!context.json)
    for (const auto& layout : given.layouts)
      print_layout(layout, !options.label.empty() || options.csv.label_column.has_value());
  MOTE_TRY(const auto result, recordings::import_sources(project, given.sources, options));
  if (!context.json) print_result(result, project.sensor.rate_hz(), options.dry_run);
  return Outcome{facts_of(given, result, options.dry_run)};
}

}  // namespace

void add_import(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand(
      "import", "Add recordings to the project: CSV, WAV, NPY, NPZ, Edge Impulse; files or folders");
  auto arguments = std::make_shared<ImportArguments>();
  auto& options = arguments->options;
  command
      ->add_option(
          "paths", arguments->paths,
          "Files (CSV: one sample a line, blank lines between captures), or folders: Edge Impulse, Google "
          "Speech Commands, a folder a label, or files named after their label")
      ->required();
  command->add_flag("--dry-run", options.dry_run,
                    "Read and check everything, say what was found, store nothing");
  command->add_flag("--skip-duplicates", options.skip_duplicates,
                    "Leave out what is in the project already instead of refusing");
  command->add_option("--folders", arguments->folders, "What the folders in a folder are (default: labels)")
      ->check(CLI::IsMember({"label", "person", "session"}));
  command->add_option("--channel", arguments->channel, "Of a WAV file with several: a number from 1, or mix");
  command->add_option("--hmac-key", options.hmac_key, "Edge Impulse files must be signed with this key");
  command->add_option("--label", options.label, "What all samples show");
  command->add_option("--label-column", arguments->label_column,
                      "Column (name or number) that tells the label: each run of one label is a recording");
  command
      ->add_option("--map", arguments->map,
                   "Rename a label: SEATED=idle; SEATED=- leaves it out; *=- all that are not in the project")
      ->allow_extra_args(false);
  command->add_option("--session", options.session,
                      "Name of this sitting: what is held out together; needed unless the layout tells");
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
