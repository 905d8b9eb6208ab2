// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <initializer_list>
#include <string_view>
#include <vector>

#include "core/evidence.h"
#include "report/html.h"

namespace mote::report {

/// A part of the page.
struct Section {
  const char* id;  ///< its anchor
  const char* title;
  std::vector<std::string_view>
      stages;  ///< whose facts render() needs; it is called only if all are up to date
  /// Makes the section's content. Pure. May throw what nlohmann-json throws on a damaged fact: the page then
  /// says so.
  Html (*render)(const Evidence& evidence);
};

/// Facts that Section::stages guarantees.
inline const Json& facts_of(const Evidence& evidence, std::string_view stage) {
  return evidence.find(stage)->second.fact->facts;
}

/// Facts that a section shows if they are there and up to date, else null.
inline const Json* find_facts(const Evidence& evidence, std::string_view stage) {
  const StageEvidence& entry = evidence.find(stage)->second;
  return entry.fact && !entry.stale() ? &entry.fact->facts : nullptr;
}

/// "98.6 %".
std::string percent(double share);

/// "1,024" with thousands apart; "12.3 KB" for bytes.
std::string with_thousands(std::int64_t value);
std::string bytes(double amount);

/// The stage of the diagnosis nearest to the device that ran.
const Json& last_stage(const Json& diagnosis);

#define MOTE_REPORT_SECTION(name) extern const Section name;
namespace sections {
#include "report/sections.def"
}
#undef MOTE_REPORT_SECTION

}  // namespace mote::report
