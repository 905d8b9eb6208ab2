// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "cli/command.h"
#include "cli/terminal.h"
#include "core/process.h"
#include "simulate/rp2040js.h"

namespace mote::cli {
namespace {

/// A program that some command runs.
struct Tool {
  const char* program;
  const char* package;  ///< Debian 12
  const char* needed_for;
  bool required;  ///< for the main job; the others only widen what can be checked
};

constexpr std::array kTools = {
    Tool{"g++", "g++", "mote diagnose (generated code on this computer)", true},
    Tool{"arm-none-eabi-g++", "gcc-arm-none-eabi", "mote firmware", true},
    Tool{"make", "make", "rebuilding generated firmware by hand", true},
    Tool{"qemu-system-arm", "qemu-system-arm", "mote simulate", true},
    Tool{"riscv64-unknown-elf-g++", "gcc-riscv64-unknown-elf", "mote firmware for RISC-V", false},
    Tool{"qemu-system-riscv32", "qemu-system-misc", "mote simulate for RISC-V", false},
    Tool{"node", "nodejs", "mote simulate for RP2040", false},
    Tool{"rp2040js", "npm: scripts/install-interop", "mote simulate for RP2040", false},
    Tool{"clang++-19", "clang-19", "developing Mote: second compiler, fuzzing", false},
    Tool{"avr-g++", "gcc-avr", "mote firmware for ATmega328P", false},
    Tool{"simavr", "simavr", "developing Mote: kernels run on ATmega328P", false},
};

Result<Outcome> doctor(const Context& context) {
  Outcome outcome;
  std::vector<std::vector<Cell>> rows = {{{"program"}, {"state"}, {"needed for"}}};
  std::vector<std::string> missing;
  for (const Tool& tool : kTools) {
    // rp2040js is no program of its own: node runs it.
    const std::string program = tool.program;
    const bool found =
        program == "rp2040js" ? simulate::rp2040js_folder().has_value() : program_exists(program);
    outcome.facts["tools"].push_back({{"program", tool.program},
                                      {"package", tool.package},
                                      {"found", found},
                                      {"required", tool.required}});
    if (!found && tool.required) missing.emplace_back(tool.package);
    const Style style = found ? Style::kGood : tool.required ? Style::kBad : Style::kWarning;
    rows.push_back({{tool.program}, {found ? "found" : "missing", style}, {tool.needed_for}});
  }
  outcome.findings = !missing.empty();
  outcome.facts["missing"] = missing;
  if (context.json) return outcome;
  print_table(rows);
  if (missing.empty())
    print_next("mote new gesture my-project", "or `mote demo demo` to see everything once");
  else
    print_next(fmt::format("sudo apt-get install --no-install-recommends {}", fmt::join(missing, " ")));
  return outcome;
}

}  // namespace

void add_doctor(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("doctor", "Say which tools are missing and how to get them");
  on_run(*command, context, [&context] { return doctor(context); });
}

}  // namespace mote::cli
