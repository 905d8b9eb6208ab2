// SPDX-License-Identifier: Apache-2.0
#include "report/report.h"

#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "cli/terminal.h"
#include "project/project.h"

namespace mote::cli {
namespace {

Result<Outcome> run_report(const Context& context, const std::filesystem::path& given) {
  MOTE_TRY([[maybe_unused]] const auto project, project::load(context.project));
  const auto file = given.empty() ? context.project / "run" / "report.html" : given;
  MOTE_CHECK(report::write(context.project, file));
  Outcome outcome;
  outcome.facts["file"] = file.string();
  if (context.json) return outcome;
  print_line(fmt::format("wrote {}", styled(Style::kBold, file.string())));
  print_next(fmt::format("xdg-open {}", file.string()),
             "one page that works offline; send it to whoever asks");
  return outcome;
}

}  // namespace

void add_report(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("report", "Write one HTML page with all the evidence");
  const auto file = std::make_shared<std::filesystem::path>();
  command->add_option("-o,--output", *file, "Where to write it (default: run/report.html in the project)");
  on_run(*command, context, [&context, file] { return run_report(context, *file); });
}

}  // namespace mote::cli
