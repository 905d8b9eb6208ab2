// SPDX-License-Identifier: Apache-2.0
#include "firmware/faults.h"

#include <fmt/format.h>

#include <algorithm>

#include "mote/runtime/fault.h"

namespace mote::firmware {

const std::vector<FaultEntry>& fault_table() {
  static const std::vector<FaultEntry> table = {
#define MOTE_FAULT(code, blinks, enumerator, name, meaning, cause, remedy) \
  FaultEntry{code, blinks, name, meaning, cause, remedy},
#include "mote/runtime/faults.def"
#undef MOTE_FAULT
  };
  return table;
}

std::string fault_table_markdown() {
  std::vector<FaultEntry> by_blinks = fault_table();
  std::stable_sort(by_blinks.begin(), by_blinks.end(), [](const FaultEntry& left, const FaultEntry& right) {
    return left.blinks < right.blinks;
  });
  std::string text = fmt::format(
      "Count the blinks between two long dark pauses. Each blink is {} ms of light and {} ms of dark; before "
      "each group\n"
      "the LED is dark for {} ms more. The group repeats until the device is switched off.\n\n"
      "| blinks | fault | code | what it means | likely cause | what to do |\n|---|---|---|---|---|---|\n",
      runtime::kBlinkOnMs, runtime::kBlinkOffMs, runtime::kBlinkPauseMs);
  for (const auto& fault : by_blinks)
    text += fmt::format("| {} | `{}` | {} | {} | {} | {} |\n", fault.blinks, fault.name, fault.code,
                        fault.meaning, fault.cause, fault.remedy);
  return text;
}

std::string faults_page() {
  return "# Faults and blink codes\n\n"
         "<!-- Generated from device/include/mote/runtime/faults.def; a test compares. -->\n\n"
         "When something is wrong the firmware stops: it samples no more, reports no more results, writes "
         "one `mote-fault`\n"
         "line on the serial port and blinks. " +
         fault_table_markdown() +
         "\nThe line on the serial port is `mote-fault code=<code> name=<fault> blinks=<blinks> "
         "detail=<number>`; what the\n"
         "number is stands in the column \"what it means\".\n";
}

}  // namespace mote::firmware
