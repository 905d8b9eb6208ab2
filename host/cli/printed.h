// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

#include "cli/command.h"

namespace mote::cli {

/// What a run of the tool gave, for tests.
struct Printed {
  int exit_code;
  std::string out;
  std::string err;
};

/// Runs the tool in the test's process.
inline Printed run(const std::vector<std::string>& arguments) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const int exit_code = run_tool(arguments);
  std::fflush(stdout);
  return {exit_code, testing::internal::GetCapturedStdout(), testing::internal::GetCapturedStderr()};
}

}  // namespace mote::cli
