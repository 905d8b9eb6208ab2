// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "cli/command.h"
#include "cli/terminal.h"
#include "dataset/compare.h"
#include "dataset/data_fact.h"
#include "dataset/dataset.h"
#include "project/project.h"

namespace mote::cli {
namespace {

using dataset::Dataset;
using dataset::Part;

Cell number(std::string text, Style style = Style::kPlain) {
  return {std::move(text), style, true};
}

/// "12.0 s /  8": seconds and recordings.
std::string amount(double seconds, std::int64_t count) {
  return count == 0 ? "-" : fmt::format("{:.1f} s /{:3}", seconds, count);
}

/// What one row of the table adds up.
struct Row {
  std::vector<double> seconds;
  std::vector<std::int64_t> count;
  std::map<Part, std::int64_t> parts;
  std::set<std::string> persons;
  std::string recorded;
  recordings::RateEstimate rate;
  std::int64_t clipped = 0, samples = 0;

  explicit Row(std::size_t labels) : seconds(labels), count(labels) {}
  void add(const dataset::Recording& recording) {
    const auto label = static_cast<std::size_t>(recording.label);
    seconds[label] += recording.seconds();
    ++count[label];
    ++parts[recording.part];
    if (!recording.description.person.empty()) persons.insert(recording.description.person);
    const auto& time = recording.description.recorded;
    if (recorded.empty() || time < recorded) recorded = time;
    rate.add(recording.time_ms);
    clipped += recording.clipped_samples;
    samples += recording.samples;
  }
};

std::string joined(const std::set<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "-" : text;
}

constexpr std::size_t kSessionsShown = 40;  ///< more are one line; --json has them all

Cell part_cell(const Row& row, bool is_split) {
  if (!is_split) return {"-"};
  if (row.parts.size() > 1) {
    std::string text;
    for (const auto& [part, count] : row.parts)
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", dataset::to_string(part), count);
    return {text};
  }
  const Part part = row.parts.begin()->first;
  const Style style = part == Part::kTrain ? Style::kPlain : Style::kBold;
  return {std::string(part == Part::kTest ? "test (held out)" : dataset::to_string(part)), style};
}

std::vector<Cell> cells(const std::string& name, const Row& row) {
  std::vector<Cell> result = {
      {name}, {row.recorded.empty() ? "-" : row.recorded.substr(0, 10)}, {joined(row.persons)}};
  for (std::size_t label = 0; label < row.count.size(); ++label)
    result.push_back(number(amount(row.seconds[label], row.count[label])));
  const auto rate = row.rate.rate_hz();
  result.push_back(number(rate.has_value() ? fmt::format("{:.2f} Hz", *rate) : "not known"));
  const double clipped_percent = 100.0 * static_cast<double>(row.clipped) / static_cast<double>(row.samples);
  result.push_back(number(row.clipped == 0 ? "0" : fmt::format("{:.2f} %", clipped_percent),
                          clipped_percent > 1 ? Style::kWarning : Style::kPlain));
  return result;
}

void print_sessions(const Dataset& data, bool is_split) {
  std::vector<Cell> heading = {{"session"}, {"recorded"}, {"person"}};
  for (const auto& label : data.labels) heading.push_back(number(label));
  for (const char* name : {"measured rate", "clipped"}) heading.push_back(number(name));
  heading.push_back({"part"});
  std::vector<std::vector<Cell>> rows = {heading};
  Row all(data.labels.size());
  const auto sessions = dataset::sessions_in_order(data);
  const bool shown = sessions.size() <= kSessionsShown;
  for (const auto& session : sessions) {
    Row row(data.labels.size());
    for (const auto& recording : data.recordings)
      if (recording.description.session == session) {
        row.add(recording);
        all.add(recording);
      }
    if (!shown) continue;
    rows.push_back(cells(session, row));
    rows.back().push_back(part_cell(row, is_split));
  }
  rows.push_back(cells(shown ? "all" : fmt::format("all {}", sessions.size()), all));
  rows.back()[1] = {""};
  rows.back()[2] = {fmt::format("{} named", all.persons.size())};
  print_table(rows);
}

void print_balance(const Dataset& data) {
  std::vector<std::vector<Cell>> rows = {
      {{"label"}, number("train"), number("validation"), number("test"), number("share of training")}};
  std::vector<std::map<Part, std::pair<double, std::int64_t>>> amounts(data.labels.size());
  double training_seconds = 0;
  for (const auto& recording : data.recordings) {
    auto& [seconds, count] = amounts[static_cast<std::size_t>(recording.label)][recording.part];
    seconds += recording.seconds();
    ++count;
    if (recording.part == Part::kTrain) training_seconds += recording.seconds();
  }
  for (std::size_t label = 0; label < data.labels.size(); ++label) {
    const bool background = data.background == data.labels[label];
    std::vector<Cell> row = {{data.labels[label] + (background ? " (background)" : "")}};
    for (const Part part : {Part::kTrain, Part::kValidation, Part::kTest}) {
      const auto [seconds, count] = amounts[label][part];
      row.push_back(number(amount(seconds, count), count == 0 ? Style::kWarning : Style::kPlain));
    }
    const double share = amounts[label][Part::kTrain].first / training_seconds;
    row.push_back(number(fmt::format("{} {:3.0f} %", bar(share, 10), 100 * share)));
    rows.push_back(std::move(row));
  }
  print_line();
  print_table(rows);
}

void print_background(const Dataset& data, bool no_background) {
  if (data.background.has_value()) return;
  if (no_background) {
    print_line(styled(Style::kWarning, "no background class, as you said: every later report will say so"));
    return;
  }
  print_line(styled(Style::kBad, "no background class: the model would have to call every motion a gesture"));
  print_line(
      "  hint: record everyday motion under a label of its own, name it in mote.toml (background = "
      "\"idle\"),");
  print_line("        or run `mote data --no-background`, which every later report will say");
}

Result<Outcome> show(const Context& context, bool no_background) {
  MOTE_TRY(const auto project, project::load(context.project));
  if (no_background && project.background.has_value())
    return fail(ErrorKind::kUsage,
                fmt::format("--no-background contradicts background = \"{}\"", *project.background),
                project.file().string(), "leave the option away");
  MOTE_TRY(Dataset data, dataset::read(project));
  const auto divided = dataset::split(data, project.split);
  if (!context.json) print_sessions(data, divided.has_value());
  if (!divided.has_value()) return std::unexpected(divided.error());
  Outcome outcome{dataset::data_facts(data, project, no_background)};
  outcome.findings = !project.background.has_value() && !no_background;
  MOTE_CHECK(dataset::write_data_fact(project, data, outcome.facts));
  if (context.json) return outcome;
  print_balance(data);
  const auto warnings = dataset::warnings(data, project);
  if (!warnings.empty() || !data.background.has_value()) print_line();
  for (const auto& warning : warnings) print_line(styled(Style::kWarning, "warning: " + warning));
  print_background(data, no_background);
  if (outcome.findings)
    print_next("mote import FILE... --label idle --session NAME",
               "everyday motion, after adding it to mote.toml");
  else
    print_next("mote train");
  return outcome;
}

/// New recordings, and those they are compared with.
struct Compared {
  std::vector<dataset::Recording> usual, recent;
};

/// `with` is a session of the project, compared with the others, or the folder of a project whose recordings
/// are new.
Result<Compared> compared(const project::Project& project, const Dataset& data, const std::string& with) {
  Compared result;
  for (const auto& recording : data.recordings)
    (recording.description.session == with ? result.recent : result.usual).push_back(recording);
  if (!result.recent.empty()) {
    if (result.usual.empty())
      return fail(ErrorKind::kUsage, fmt::format("'{}' is the project's only session", with), "",
                  "record or import another session first");
    return result;
  }
  std::error_code ignored;
  if (!std::filesystem::exists(std::filesystem::path(with) / "mote.toml", ignored))
    return fail(
        ErrorKind::kUsage, fmt::format("'{}' is neither a session of this project nor a project", with), "",
        "import the new recordings into this project as a session of their own, or into another project");
  MOTE_TRY(auto other, project::load(with));
  // Recordings keep the rate that they were made at; what differs is what is looked for.
  if (other.sensor.axis_count() != project.sensor.axis_count())
    return fail(ErrorKind::kInput, fmt::format("'{}' has {} axes, this project {}", with,
                                               other.sensor.axis_count(), project.sensor.axis_count()));
  MOTE_TRY(Dataset recent, dataset::read(other));
  // A label is known by its name.
  for (auto& recording : recent.recordings) {
    const auto& label = recent.labels[static_cast<std::size_t>(recording.label)];
    const auto found = std::ranges::find(data.labels, label);
    if (found == data.labels.end()) continue;
    recording.label = static_cast<std::int32_t>(found - data.labels.begin());
    result.recent.push_back(std::move(recording));
  }
  if (result.recent.empty())
    return fail(ErrorKind::kInput, fmt::format("'{}' and this project have no label in common", with));
  return result;
}

Json to_json(const dataset::Difference& difference) {
  return {{"aspect", dataset::to_string(difference.aspect)},
          {"axis", difference.axis},
          {"found", difference.found},
          {"usual", difference.usual},
          {"low", difference.low},
          {"high", difference.high},
          {"unit", difference.unit},
          {"what", difference.what},
          {"means", difference.means},
          {"action", difference.action}};
}

/// `mote data --compare`: leaves no fact, since no later stage depends on it.
Result<Outcome> show_comparison(const Context& context, const std::string& with) {
  MOTE_TRY(const auto project, project::load(context.project));
  MOTE_TRY(const Dataset data, dataset::read(project));
  MOTE_TRY(const Compared sets, compared(project, data, with));
  MOTE_TRY(const auto differences, dataset::compare(sets.usual, sets.recent));
  Outcome outcome{{{"recordings", sets.recent.size()}, {"compared_with", sets.usual.size()}}};
  outcome.facts["differences"] = Json::array();
  for (const auto& difference : differences) outcome.facts["differences"].push_back(to_json(difference));
  outcome.findings = !differences.empty();
  if (context.json) return outcome;
  print_line(
      fmt::format("{} recordings of {} compared with {}", sets.recent.size(), with, sets.usual.size()));
  if (differences.empty()) {
    print_line(styled(Style::kGood, "no difference beyond what the sessions differ by among themselves"));
    return outcome;
  }
  std::vector<std::vector<Cell>> rows = {
      {{"differs"}, {"axis"}, number("found"), number("usual"), number("expected"), {"what"}}};
  for (const auto& difference : differences)
    rows.push_back({{std::string(dataset::to_string(difference.aspect)), Style::kBad},
                    {difference.axis.empty() ? "all" : difference.axis},
                    number(fmt::format("{:.4g} {}", difference.found, difference.unit)),
                    number(fmt::format("{:.4g}", difference.usual)),
                    number(fmt::format("{:.4g} ... {:.4g}", difference.low, difference.high)),
                    {difference.what}});
  print_table(rows);
  for (const auto& difference : differences) {
    print_line();
    print_line(styled(Style::kBold, fmt::format("{}{}{}", dataset::to_string(difference.aspect),
                                                difference.axis.empty() ? "" : " of ", difference.axis)));
    print_line("  " + difference.means);
    print_line("  hint: " + difference.action);
  }
  return outcome;
}

}  // namespace

void add_data(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("data", "Show the recordings, and which train, validate and test (held out)");
  auto no_background = std::make_shared<bool>(false);
  command->add_flag("--no-background", *no_background,
                    "Go on without a class for everyday motion; every later report says so");
  auto compare = std::make_shared<std::string>();
  command->add_option(
      "--compare", *compare,
      "Compare a session with all others, or the recordings of another project with this one's: rate, "
      "range, orientation, clipping, noise, level, strength, spectrum; exit code 1 beyond the limits");
  on_run(*command, context, [no_background, compare, &context] {
    return compare->empty() ? show(context, *no_background) : show_comparison(context, *compare);
  });
}

}  // namespace mote::cli
