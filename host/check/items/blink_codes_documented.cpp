// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "check/item.h"

namespace mote::check::items_list {
namespace {

struct FaultEntry {
  int blinks;
  const char* name;
};

constexpr FaultEntry kFaults[] = {
#define MOTE_FAULT(code, blinks, enumerator, name, meaning, cause, remedy) {blinks, name},
#include "mote/runtime/faults.def"
#undef MOTE_FAULT
};

/// Whether one line of `text` names the fault and its number of blinks.
bool documented(const std::string& text, const FaultEntry& fault) {
  const std::string blinks = fmt::format("{}", fault.blinks);
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = std::string_view(text).substr(start, end - start);
    if (line.find(fault.name) != line.npos && line.find(blinks) != line.npos) return true;
    start = end + 1;
  }
  return false;
}

Finding find(const Facts& facts) {
  facts.of("firmware");
  if (facts.firmware_readme.empty()) return {Status::kFail, "the firmware has no README.md"};
  std::vector<std::string> absent;
  for (const FaultEntry& fault : kFaults)
    if (!documented(facts.firmware_readme, fault)) absent.emplace_back(fault.name);
  if (!absent.empty())
    return {Status::kFail,
            fmt::format("the firmware's README.md does not explain {}", fmt::join(absent, ", "))};
  return {Status::kPass,
          fmt::format("all {} faults and their blinks are in the firmware's README.md", std::size(kFaults))};
}

}  // namespace

const Item blink_codes_documented = {"blink-codes-documented",
                                     "Every blink code is explained beside the firmware",
                                     "somebody in the field counts blinks and must be able to look them up",
                                     "run `mote firmware` again: it writes the table into README.md", find};

}  // namespace mote::check::items_list
