// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "check/item.h"

namespace mote::check::items_list {
namespace {

Finding find(const Facts& facts) {
  const Json& quantized = facts.of("quantize");
  const Json& compiled = facts.of("compile");
  const Json& boot = facts.of("simulate").at("boot");
  const auto hash = compiled.at("content_hash").get<std::string>();
  const auto version = compiled.at("version").get<std::string>();
  const auto boot_hash = boot.at("hash").get<std::string>();
  const auto boot_version = boot.at("version").get<std::string>();
  const bool model_same = quantized.at("content_hash") == hash;
  const bool device_same = boot_version == version && boot.at("date") == compiled.at("date") &&
                           !boot_hash.empty() && hash.starts_with(boot_hash);
  if (compiled.contains("woken")) {
    const Json& woken = compiled.at("woken");
    const Json second = facts.of("simulate").value("second", Json::object());
    const auto woken_hash = woken.at("content_hash").get<std::string>();
    const auto second_hash = second.value("hash", std::string());
    if (second_hash.empty() || !woken_hash.starts_with(second_hash) ||
        second.at("version") != woken.at("version") || second.at("woken_by") != woken.at("by"))
      return {Status::kFail, fmt::format("the second model has hash {:.16}; the device says of it {}",
                                         woken_hash, second.dump())};
  }
  if (model_same && device_same)
    return {Status::kPass,
            fmt::format("version {}, hash {} in model_int8.tflite, in the generated code and in the "
                        "device's boot line",
                        version, boot_hash)};
  return {Status::kFail,
          fmt::format(
              "model_int8.tflite has hash {:.16}; the generated code has version {}, hash {:.16}; the device "
              "says version {}, hash {}",
              quantized.at("content_hash").get<std::string>(), version, hash, boot_version, boot_hash)};
}

}  // namespace

const Item version_matches = {"version-matches", "The firmware runs the converted model, of the same version",
                              "an old model in a new firmware predicts, plausibly and wrongly",
                              "run `mote compile`, `mote firmware` and `mote simulate` again", find};

}  // namespace mote::check::items_list
