// SPDX-License-Identifier: Apache-2.0
#include "check/item.h"

namespace mote::check::items_list {
namespace {

Finding find(const Facts& facts) {
  const Json& firmware = facts.of("firmware");
  if (firmware.at("debug_log").get<bool>())
    return {Status::kFail, "the image was built with debug logging on"};
  if (firmware.at("image_holds_debug_log").get<bool>())
    return {Status::kFail, "the image holds debug messages though debug logging is off"};
  return {Status::kPass, "debug logging is off and none of its messages is in the image"};
}

}  // namespace

const Item logging_guarded = {
    "logging-guarded", "Debug logging is not in the image",
    "printing takes longer than a sample period: samples are lost only while somebody listens",
    "run `mote firmware` without --debug-log; put messages of your own behind MOTE_DEBUG_LOG", find};

}  // namespace mote::check::items_list
