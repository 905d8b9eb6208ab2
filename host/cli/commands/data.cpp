// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "cli/command.h"
#include "cli/terminal.h"
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

}  // namespace

void add_data(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("data", "Show the recordings, and which train, validate and test (held out)");
  auto no_background = std::make_shared<bool>(false);
  command->add_flag("--no-background", *no_background,
                    "Go on without a class for everyday motion; every later report says so");
  on_run(*command, context, [no_background, &context] { return show(context, *no_background); });
}

}  // namespace mote::cli
