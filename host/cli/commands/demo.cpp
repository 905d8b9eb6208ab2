// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "cli/command.h"
#include "cli/terminal.h"
#include "core/files.h"
#include "simulated_sensor/demo_sessions.h"

namespace mote::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMarker = "made-by-mote-demo.txt";

/// The folder, empty or absent; an earlier demo in it is removed. Errors (kUsage): it holds something else.
Result<void> make_room(const fs::path& folder) {
  std::error_code code;
  if (!fs::exists(folder) || fs::is_empty(folder, code)) return {};
  if (!fs::exists(folder / "captures" / kMarker))
    return fail(ErrorKind::kUsage, "the folder is not empty and holds no earlier demo", folder.string(),
                "give another folder: `mote demo FOLDER`");
  fs::remove_all(folder, code);
  if (code) return fail(ErrorKind::kInternal, "cannot be removed: " + code.message(), folder.string());
  return {};
}

/// Runs the steps one after the other and shows them as a user would have typed them.
class Walk {
 public:
  Walk(const Context& context, fs::path folder) : context_(context), folder_(std::move(folder)) {}

  /// Runs one command; `quiet` hides what it prints. False once a command failed.
  bool step(std::vector<std::string> arguments, bool quiet = false) {
    if (!failure_.has_value()) return false;
    const std::string shown = fmt::format("mote {}", fmt::join(arguments, " "));
    if (arguments.front() != "new") arguments.insert(arguments.end(), {"-C", folder_.string()});
    if (!context_.json && !quiet) print_line("\n" + styled(Style::kBold, "$ " + shown));
    const Context ran = call_tool(arguments, context_.json || quiet);
    if (!ran.outcome.has_value()) {
      failure_ = std::unexpected(Error(ran.outcome.error()).during(fmt::format("running `{}`", shown)));
      return false;
    }
    outcome_.findings = outcome_.findings || ran.outcome->findings;
    outcome_.facts["steps"].push_back({{"command", shown}, {"findings", ran.outcome->findings}});
    return true;
  }

  Result<Outcome> finish() && {
    if (!failure_.has_value()) return std::unexpected(failure_.error());
    outcome_.facts["project"] = folder_.string();
    return std::move(outcome_);
  }

 private:
  const Context& context_;
  fs::path folder_;
  Result<void> failure_ = {};
  Outcome outcome_ = {};
};

Result<Outcome> demo(const Context& context, const fs::path& folder) {
  MOTE_CHECK(make_room(folder));
  Walk walk(context, folder);
  walk.step({"new", "gesture", folder.string(), "--name", "gesture"});
  const fs::path captures = folder / "captures";
  MOTE_CHECK(
      write_file(captures / kMarker, std::string_view("Recordings from Mote's simulated motion sensor.\n")));
  const auto files = simulated_sensor::demo_sessions();
  for (const auto& file : files) {
    MOTE_CHECK(write_file(captures / file.name, std::string_view(file.csv)));
    const bool first = &file == &files.front();
    walk.step({"import", (captures / file.name).string(), "--label-column", "label", "--session",
               file.session, "--person", file.person, "--recorded", file.recorded, "--rate", "100"},
              !first);
  }
  if (!context.json) print_line(fmt::format("... and likewise {} more files", files.size() - 1));
  for (const char* command : {"data", "train", "quantize", "compile"}) walk.step({command});
  walk.step({"firmware", "--board", "qemu-mps2-an386"});
  for (const char* command : {"simulate", "diagnose", "check", "report"}) walk.step({command});
  return std::move(walk).finish();
}

}  // namespace

void add_demo(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("demo", "Run the whole pipeline on recordings from a simulated sensor");
  auto folder = std::make_shared<std::string>("demo");
  command->add_option("folder", *folder, "Project folder to make (default: demo)");
  on_run(*command, context, [&context, folder] { return demo(context, *folder); });
}

}  // namespace mote::cli
