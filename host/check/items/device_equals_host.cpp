// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <map>

#include "check/item.h"

namespace mote::check::items_list {
namespace {

constexpr const char* kHostStage = "int8_generated";

/// The host's evaluation of a recording by its id.
std::map<std::string, Json> host_recordings(const Json& diagnosis) {
  std::map<std::string, Json> found;
  for (const Json& stage : diagnosis.at("stages"))
    if (stage.at("name") == kHostStage)
      for (const Json& recording : stage.at("recordings"))
        found[recording.at("id").get<std::string>()] = recording;
  return found;
}

/// What differs between one record of the device and the host's, empty if nothing.
std::string difference(const Json& device, const Json& host, std::size_t window) {
  struct Field {
    const char* on_device;
    const char* on_host;
  };
  for (const Field& field : {Field{"window_crc", "window_crcs"}, Field{"class", "window_classes"},
                             Field{"confidence", "window_confidences"}, Field{"output_crc", "output_crcs"}}) {
    const Json& wanted = host.at(field.on_host).at(window);
    const Json& found = device.at(field.on_device);
    if (wanted != found)
      return fmt::format("{} is {} on the device and {} on the host", field.on_device, found.dump(),
                         wanted.dump());
  }
  return "";
}

Finding compare(const Json& device, const Json& host, std::int64_t& windows) {
  const auto id = device.at("id").get<std::string>();
  const Json& records = device.at("windows");
  if (!device.at("fault").is_null())
    return {Status::kFail,
            fmt::format("recording {}: the device stopped with a fault: {}", id, device.at("fault").dump())};
  if (records.size() != host.at("window_classes").size())
    return {Status::kFail, fmt::format("recording {}: the device saw {} windows, the host {}", id,
                                       records.size(), host.at("window_classes").size())};
  for (std::size_t window = 0; window < records.size(); ++window, ++windows) {
    if (const std::string text = difference(records[window], host, window); !text.empty())
      return {Status::kFail, fmt::format("recording {}, window {}: {}", id, window, text)};
    if (records[window].at("lost") != 0)
      return {Status::kFail, fmt::format("recording {}, window {}: the device lost samples", id, window)};
  }
  return {Status::kPass, ""};
}

Finding find(const Facts& facts) {
  const Json& device = facts.of("simulate").at("recordings");
  const auto host = host_recordings(facts.of("diagnose"));
  std::int64_t windows = 0;
  std::size_t compared = 0;
  for (const Json& recording : device) {
    const auto wanted = host.find(recording.at("id").get<std::string>());
    if (wanted == host.end()) {
      if (recording.at("windows").empty() && recording.at("fault").is_null())
        continue;  // shorter than a window
      return {Status::kFail,
              fmt::format("recording {} was played to the device only", recording.at("id").dump())};
    }
    const Finding finding = compare(recording, wanted->second, windows);
    if (finding.status != Status::kPass) return finding;
    ++compared;
  }
  if (compared != host.size())
    return {Status::kFail, fmt::format("the device has {} recordings, the host {}", compared, host.size())};
  std::int64_t of_second = 0;
  if (facts.of("compile").contains("woken")) {
    const Json replay = facts.of("simulate").value("second_model_replay", Json());
    if (replay.is_null()) return {Status::kFail, "the second model's windows were not replayed on the host"};
    if (const Json& different = replay.at("different"); !different.empty())
      return {Status::kFail, different.front().get<std::string>()};
    of_second = replay.at("windows").get<std::int64_t>();
  }
  return pass_if(
      windows > 0,
      fmt::format(
          "{} windows of {} recordings: class, confidence and both check sums are equal{}", windows, compared,
          of_second == 0 ? ""
                         : fmt::format(", and both check sums of {} that the second model saw", of_second)));
}

}  // namespace

const Item device_equals_host = {
    "device-equals-host", "Every window gives the same result on the device as on the host",
    "accuracy was measured on the host; it holds for the device only if both compute the same",
    "run `mote firmware`, `mote simulate` and `mote diagnose` again; the first window that differs tells "
    "where: a "
    "differing window_crc means preprocessing, a differing output_crc the network",
    find};

}  // namespace mote::check::items_list
