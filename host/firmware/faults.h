// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

namespace mote::firmware {

/// One line of mote/runtime/faults.def.
struct FaultEntry {
  int code;
  int blinks;
  const char* name;
  const char* meaning;
  const char* cause;
  const char* remedy;
};

/// The whole table, by code.
const std::vector<FaultEntry>& fault_table();

/// The table as a person reads it who counts blinks: Markdown, by number of blinks, with the timing of the
/// LED.
std::string fault_table_markdown();

/// The text of docs/reference/faults.md.
std::string faults_page();

}  // namespace mote::firmware
