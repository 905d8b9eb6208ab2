// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <map>
#include <string>

#include "core/json.h"
#include "support/require.h"

namespace mote::test {

/// A project in which every stage has run and everything is in order, made of invented facts.
///
/// A test changes members, then calls write(); what it changed is what the readers of the folder see.
class RunFixture {
 public:
  RunFixture();

  /// Facts by stage. To plant a fault, change them.
  std::map<std::string, Json> facts;
  /// Other files by path relative to the project; facts name some of them as inputs or outputs.
  std::map<std::string, std::string> files;

  /// Puts files and facts on disk, facts with the hashes of what they were made from.
  void write() const;

  const std::filesystem::path& root() const { return directory_.path(); }

 private:
  TemporaryDirectory directory_;
};

}  // namespace mote::test
