// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "check/item.h"

namespace mote::check::items_list {
namespace {

Finding find(const Facts& facts) {
  std::vector<std::string> stale;
  std::string first;
  int files = 0;
  for (const std::string_view stage : kStages) {
    if (stage == "check") continue;  // about to be written anew
    facts.of(stage);
    const StageEvidence& entry = facts.evidence.find(stage)->second;
    files += static_cast<int>(entry.fact->inputs.size() + entry.fact->outputs.size());
    if (!entry.stale()) continue;
    stale.push_back(fmt::format("{} (changed: {})", stage, fmt::join(entry.fact->changed, ", ")));
    if (first.empty()) first = stage;
  }
  if (stale.empty())
    return {Status::kPass, fmt::format("all {} files are as the stages read and left them", files)};
  return {Status::kFail, fmt::format("out of date: {}", fmt::join(stale, "; ")),
          fmt::format("run `mote {}` and the stages after it again", first)};
}

}  // namespace

const Item no_stale_fact = {"no-stale-fact", "Every result was made from the files as they are now",
                            "a report about yesterday's model says nothing about today's firmware",
                            "run the named stage and those after it again", find};

}  // namespace mote::check::items_list
