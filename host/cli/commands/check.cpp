// SPDX-License-Identifier: Apache-2.0
#include "check/check.h"

#include <fmt/format.h>

#include <map>
#include <memory>

#include "cli/command.h"
#include "cli/terminal.h"
#include "project/project.h"

namespace mote::cli {
namespace {

struct Options {
  bool release = false;
  bool list = false;
};

Style style_of(check::Status status) {
  switch (status) {
    case check::Status::kPass:
      return Style::kGood;
    case check::Status::kFail:
      return Style::kBad;
    case check::Status::kManual:
    case check::Status::kNotEnoughData:
      break;
  }
  return Style::kWarning;
}

void print_item(const check::CheckedItem& checked) {
  const auto& [item, finding] = checked;
  print_line(fmt::format("{}  {}",
                         styled(style_of(finding.status), fmt::format("{:>15}", to_string(finding.status))),
                         styled(Style::kBold, item->title)));
  print_line(fmt::format("{:15}  {}", "", styled(Style::kDim, finding.evidence)));
  if (finding.status == check::Status::kPass) return;
  print_line(
      fmt::format("{:15}  {} {}", "", styled(Style::kWarning, "to do:"), styled(Style::kPlain, finding.fix)));
}

void print_summary(const std::vector<check::CheckedItem>& checked, bool passed) {
  std::map<check::Status, int> counts;
  for (const auto& entry : checked) ++counts[entry.finding.status];
  std::string text = fmt::format("{} of {} items pass", counts[check::Status::kPass], checked.size());
  for (const auto status : {check::Status::kFail, check::Status::kManual, check::Status::kNotEnoughData})
    if (counts[status] > 0) text += fmt::format(", {} {}", counts[status], to_string(status));
  print_line();
  print_line(styled(passed ? Style::kGood : Style::kBad, text));
}

Result<Outcome> list_items(const Context& context) {
  Outcome outcome;
  for (const check::Item* item : check::items())
    outcome.facts["items"].push_back(
        {{"id", item->id}, {"title", item->title}, {"why", item->why}, {"fix", item->fix}});
  if (!context.json) fmt::print("{}", check::reference_page());
  return outcome;
}

Result<Outcome> run_check(const Context& context, const Options& options) {
  if (options.list) return list_items(context);
  MOTE_TRY([[maybe_unused]] const auto project, project::load(context.project));
  MOTE_TRY(const auto checked, check::run(context.project, options.release));
  const bool passed = check::passed(checked, options.release);
  Outcome outcome{.facts = check::to_json(checked, options.release), .findings = !passed};
  if (context.json) return outcome;
  for (const auto& entry : checked) print_item(entry);
  print_summary(checked, passed);
  if (passed)
    print_next("mote report", "one page with all the evidence");
  else
    print_next("mote check", "after what stands under `to do`");
  return outcome;
}

}  // namespace

void add_check(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("check", "Go through the deployment checklist, with evidence");
  const auto options = std::make_shared<Options>();
  command->add_flag("--release", options->release, "Also want manual items signed off and enough data");
  command->add_flag("--list", options->list, "Explain the items instead of judging them");
  on_run(*command, context, [&context, options] { return run_check(context, *options); });
}

}  // namespace mote::cli
