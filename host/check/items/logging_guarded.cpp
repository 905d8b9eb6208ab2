// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "check/item.h"

namespace mote::check::items_list {
namespace {

Finding find(const Facts& facts) {
  const Json& firmware = facts.of("firmware");
  const auto strings = firmware.at("debug_strings").get<std::vector<std::string>>();
  if (firmware.at("debug_log").get<bool>())
    return {Status::kFail, "the image was built with debug logging on"};
  if (!strings.empty())
    return {Status::kFail, fmt::format("the image holds debug messages: {}", fmt::join(strings, ", "))};
  return {Status::kPass, "debug logging is off and none of its messages is in the image"};
}

}  // namespace

const Item logging_guarded = {
    "logging-guarded", "Debug logging is not in the image",
    "printing takes longer than a sample period: samples are lost only while somebody listens",
    "run `mote firmware` without --debug-log; put messages of your own behind Settings::kDebugLog", find};

}  // namespace mote::check::items_list
