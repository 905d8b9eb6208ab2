// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <filesystem>
#include <functional>
#include <string>

#include "core/error.h"
#include "core/json.h"

namespace mote::cli {

/// What a finished command hands back.
struct Outcome {
  Json facts = Json::object();  ///< what --json prints
  bool findings = false;        ///< the command worked and found something wrong: exit code 1
};

/// What every command shares: the global options, and where its result goes.
struct Context {
  bool json = false;                    ///< --json: one JSON document on standard output, nothing else
  std::filesystem::path project = ".";  ///< -C, --project: the folder that holds mote.toml
  Result<Outcome> outcome = Outcome{};  ///< set by the command that ran
};

/// Runs `body` when `command` is the one called and keeps its outcome.
/// `body` prints for people only if !context.json.
void on_run(CLI::App& command, Context& context, std::function<Result<Outcome>()> body);

/// Runs the tool in this process as `mote ARGUMENTS...` and returns its exit code:
/// 0 ok, 1 findings, 2 usage, 3 input, 4 internal.
int run_tool(const std::vector<std::string>& arguments);

/// Runs one command in this process for a command that is made of others; prints what the command prints
/// (nothing if `quiet`) but neither its error nor its JSON, and returns its outcome.
Context call_tool(const std::vector<std::string>& arguments, bool quiet);

/// The date of a build, YYYY-MM-DD: `given` if not empty, else SOURCE_DATE_EPOCH, else `otherwise`.
/// Errors (kUsage): not a date.
Result<std::string> build_date(const std::string& given, const std::string& otherwise);

#define MOTE_COMMAND(name) void add_##name(CLI::App& app, Context& context);
#include "cli/commands.def"
#undef MOTE_COMMAND

}  // namespace mote::cli
