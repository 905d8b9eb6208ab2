// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "core/files.h"
#include "core/json.h"
#include "core/process.h"

namespace mote::test {

/// Runs the built tool as a user would.
inline ProcessResult mote(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), MOTE_TOOL);
  auto result = run_process(arguments, {.timeout = std::chrono::minutes(5)});
  if (!result.has_value()) {
    ADD_FAILURE() << to_text(result.error());
    return {.exit_code = -1, .output = "", .errors = to_text(result.error())};
  }
  return *std::move(result);
}

/// Runs the tool on a project and expects an exit code; returns what --json printed.
inline Json mote_json(const std::filesystem::path& project, std::vector<std::string> arguments,
                      int exit_code = 0) {
  arguments.insert(arguments.end(), {"-C", project.string(), "--json"});
  const ProcessResult result = mote(arguments);
  EXPECT_EQ(result.exit_code, exit_code) << arguments.front() << "\n" << result.output << result.errors;
  auto document = parse_json(result.output, arguments.front());
  EXPECT_TRUE(document.has_value()) << result.output;
  return document.has_value() ? *document : Json::object();
}

/// The facts that a stage has left in the project.
inline Json facts(const std::filesystem::path& project, const std::string& stage) {
  auto document = read_json(project / "run" / (stage + ".json"));
  EXPECT_TRUE(document.has_value()) << (document.has_value() ? "" : to_text(document.error()));
  return document.has_value() ? document->at("facts") : Json::object();
}

/// Writes a text file.
inline void write_text(const std::filesystem::path& path, const std::string& text) {
  ASSERT_TRUE(write_file(path, std::string_view(text)).has_value());
}

}  // namespace mote::test
