// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>

#include "cli/command.h"
#include "cli/terminal.h"
#include "core/text.h"
#include "core/version.h"

namespace mote::cli {
namespace {

constexpr const char* kFooter =
    "exit codes: 0 ok, 1 a finding (a failed check), 2 usage, 3 bad input, 4 internal\n"
    "first steps: `mote demo demo` runs everything on simulated recordings; `mote new gesture my-project` "
    "starts yours";

/// Names in an error come from files: what would steer a terminal is replaced; its own lines stay lines.
std::string harmless(std::string text) {
  for (char& character : text) {
    const auto code = static_cast<unsigned char>(character);
    if ((code < 0x20 && code != '\n' && code != '\t') || code == 0x7F) character = '?';
  }
  return text;
}

void print_error(const Context& context, const Error& error) {
  if (context.json) {
    const Json document = {{"error",
                            {{"exit_code", static_cast<int>(error.kind)},
                             {"what", error.what},
                             {"where", error.where},
                             {"hint", error.hint},
                             {"trail", error.trail}}}};
    fmt::print("{}", to_json_text(document));
    return;
  }
  fmt::print(stderr, "{} {}\n", styled(Style::kBad, "error:"), harmless(to_text(error)));
}

/// Every command also takes the global options after its name, as people type them.
void add_global_options(CLI::App& app, Context& context) {
  app.add_flag("--json", context.json, "Print one JSON document for machines instead of text");
  app.add_option("-C,--project", context.project, "Folder that holds mote.toml (default: here)");
}

int report(const Context& context) {
  if (!context.outcome.has_value()) {
    print_error(context, context.outcome.error());
    return static_cast<int>(context.outcome.error().kind);
  }
  if (context.json) fmt::print("{}", to_json_text(context.outcome->facts));
  return context.outcome->findings ? static_cast<int>(ErrorKind::kFinding) : 0;
}

/// The command name that the user probably meant, for the message after a typing error.
std::string suggestion(const CLI::App& app, const std::vector<std::string>& arguments) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  for (const auto& argument : arguments) {
    if (argument.starts_with("-")) continue;
    if (std::find(names.begin(), names.end(), argument) != names.end()) return "";
    const std::string name = nearest_name(argument, names);
    return name.empty() ? "`mote --help` lists the commands" : fmt::format("did you mean `mote {}`?", name);
  }
  return "";
}

constexpr int kRan = -1;

/// Parses the command line and runs the command. Returns kRan, or an exit code if no command ran.
int parse_and_run(const std::vector<std::string>& arguments, Context& context) {
  CLI::App app("Labelled sensor recordings in, verified microcontroller firmware out.", "mote");
  app.set_version_flag("--version", std::string("mote ") + kVersion);
  app.footer(kFooter);
  app.require_subcommand(1);
  add_global_options(app, context);
#define MOTE_COMMAND(name) add_##name(app, context);
#include "cli/commands.def"
#undef MOTE_COMMAND
  for (CLI::App* command : app.get_subcommands({})) add_global_options(*command, context);
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());  // CLI11 takes them last first
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    context.json = std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
    const std::string hint = suggestion(app, arguments);
    print_error(context, Error{ErrorKind::kUsage, error.what(), "",
                               hint.empty() ? "add --help to see what it takes" : hint});
    return static_cast<int>(ErrorKind::kUsage);
  }
  return kRan;
}

}  // namespace

void on_run(CLI::App& command, Context& context, std::function<Result<Outcome>()> body) {
  command.callback([&context, body = std::move(body)] {
    try {
      context.outcome = body();
    } catch (const std::exception& exception) {
      context.outcome = fail(ErrorKind::kInternal, fmt::format("unexpected failure: {}", exception.what()),
                             "", "this is a defect of Mote; please report it with the command that led here");
    }
  });
}

Result<std::string> build_date(const std::string& given, const std::string& otherwise) {
  using namespace std::chrono;
  const auto bad = [](std::string_view text, const char* where) {
    return fail(ErrorKind::kUsage, fmt::format("'{}' is not a date", text), where, "write it as YYYY-MM-DD");
  };
  if (!given.empty()) {
    int year_number = 0;
    unsigned month_number = 0, day_number = 0;
    const bool shaped = given.size() == 10 && given[4] == '-' && given[7] == '-';
    const char* text = given.data();
    const bool numbers = shaped && std::from_chars(text, text + 4, year_number).ptr == text + 4 &&
                         std::from_chars(text + 5, text + 7, month_number).ptr == text + 7 &&
                         std::from_chars(text + 8, text + 10, day_number).ptr == text + 10;
    if (!numbers || !year_month_day(year(year_number), month(month_number), day(day_number)).ok())
      return bad(given, "--date");
    return given;
  }
  const char* epoch = std::getenv("SOURCE_DATE_EPOCH");
  if (epoch == nullptr) return otherwise;
  const std::string_view text = epoch;
  long long seconds_since_epoch = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), seconds_since_epoch);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() || seconds_since_epoch < 0 ||
      seconds_since_epoch > 253402300799)  // the last second of the year 9999
    return fail(ErrorKind::kUsage, fmt::format("'{}' is not a number of seconds", text), "SOURCE_DATE_EPOCH");
  const year_month_day date{floor<days>(sys_seconds(seconds(seconds_since_epoch)))};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

Context call_tool(const std::vector<std::string>& arguments, bool quiet) {
  Context context;
  context.json = quiet;
  const int parsed = parse_and_run(arguments, context);
  if (parsed != kRan)
    context.outcome = fail(ErrorKind::kInternal, "the tool called itself with a command line that it refuses",
                           fmt::format("mote {}", fmt::join(arguments, " ")));
  return context;
}

int run_tool(const std::vector<std::string>& arguments) {
  Context context;
  const int parsed = parse_and_run(arguments, context);
  return parsed == kRan ? report(context) : parsed;
}

}  // namespace mote::cli
