// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "check/item.h"
#include "core/statistics.h"

namespace mote::check::items_list {
namespace {

Finding find(const Facts& facts) {
  std::string text;
  bool enough = true;
  for (const char* part : {"test", "validation"}) {
    const Json& evaluation = facts.of("train").at(part);
    const auto right = evaluation.at("recordings_right").get<std::int64_t>();
    const auto total = evaluation.at("recordings_total").get<std::int64_t>();
    if (right < 0 || total < right)
      return {Status::kFail, fmt::format("{} of {} recordings right?", right, total)};
    const double share = total > 0 ? static_cast<double>(right) / static_cast<double>(total) : 0;
    text += fmt::format("{}{}: {} recordings, interval +-{:.0f} points", text.empty() ? "" : "; ",
                        part == std::string_view("test") ? "held out" : part, total,
                        100 * margin(share, clopper_pearson(right, total)));
    if (const auto more = more_units_needed(right, total); more > 0) {
      text += fmt::format(", about {} more needed", more);
      enough = false;
    }
  }
  return {enough ? Status::kPass : Status::kNotEnoughData, text};
}

}  // namespace

const Item enough_data = {
    "enough-data", "There are enough recordings to tell",
    "an interval wider than 10 points either way is compatible with a good product and with a bad one",
    "record more sessions for the part named, then run `mote data` and the stages after it again", find};

}  // namespace mote::check::items_list
