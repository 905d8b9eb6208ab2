// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "check/item.h"

namespace mote::check::items_list {
namespace {

Finding find(const Facts& facts) {
  if (facts.sign_off_problem)
    return {Status::kFail, to_text(*facts.sign_off_problem), "correct signoff.toml"};
  const auto version = facts.of("compile").at("version").get<std::string>();
  const auto& sign_off = facts.supply_voltage;
  if (!sign_off) return {Status::kManual, "not signed off"};
  if (sign_off->version != version)
    return {Status::kManual, fmt::format("signed off for version {} by {} on {}, but this is version {}",
                                         sign_off->version, sign_off->name, sign_off->date, version)};
  return {Status::kPass,
          fmt::format("signed off by {} on {} for version {}", sign_off->name, sign_off->date, version)};
}

}  // namespace

const Item supply_voltage = {
    "supply-voltage", "The device was tested at its lowest and highest supply voltage",
    "a sensor that browns out before the processor does delivers numbers, not errors",
    "test it, then write into signoff.toml: [supply-voltage], name = \"who\", date = \"YYYY-MM-DD\", version "
    "= \"of "
    "the model\"",
    find};

}  // namespace mote::check::items_list
