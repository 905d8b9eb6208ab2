// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "core/error.h"

namespace mote {

/// How a program is run; never through a shell.
struct ProcessOptions {
  std::filesystem::path working_directory = {};  ///< empty: the caller's
  std::chrono::milliseconds timeout = std::chrono::seconds(120);
  std::size_t output_limit_bytes = std::size_t{64} << 20;  ///< more output than this ends the program
};

/// What came of it.
struct ProcessResult {
  int exit_code = 0;   ///< exit status, or 128 + signal number
  std::string output;  ///< standard output
  std::string errors;  ///< standard error
};

/// Runs `arguments[0]` (found on the PATH) with the arguments and waits for it.
/// Errors: kUsage if the program does not exist (hint: `mote doctor`), kInternal if it ran longer than the
/// timeout or printed more than the limit. A program that exits with another code than 0 is no error here.
Result<ProcessResult> run_process(const std::vector<std::string>& arguments,
                                  const ProcessOptions& options = {});

/// Whether a program of that name is on the PATH.
bool program_exists(const std::string& name);

}  // namespace mote
