// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "check/item.h"
#include "core/statistics.h"

namespace mote::check::items_list {
namespace {

/// The last stage of the diagnosis that ran: the nearest to the device.
const Json& last_stage(const Json& diagnosis) {
  const Json* last = nullptr;
  for (const Json& stage : diagnosis.at("stages"))
    if (stage.contains("accuracy")) last = &stage;
  return last != nullptr ? *last : diagnosis.at("stages").at(0).at("accuracy");
}

Finding find(const Facts& facts) {
  const Json& validation = facts.of("train").at("validation");
  const Json& stage = last_stage(facts.of("diagnose"));
  const auto accuracy = stage.at("accuracy").get<double>();
  const auto low = validation.at("interval").at(0).get<double>();
  const auto high = validation.at("interval").at(1).get<double>();
  const std::string evidence = fmt::format(
      "held out: {:.1f} % of {} recordings ({}); validation: {:.1f} %, interval {:.1f} ... {:.1f} %",
      100 * accuracy, stage.at("recordings_total").get<std::int64_t>(), stage.at("title").get<std::string>(),
      100 * validation.at("accuracy").get<double>(), 100 * low, 100 * high);
  // Validation on a handful of recordings promises nothing that could be broken.
  if (more_units_needed(validation.at("recordings_right").get<std::int64_t>(),
                        validation.at("recordings_total").get<std::int64_t>()) > 0)
    return {Status::kNotEnoughData, evidence};
  return pass_if(accuracy >= low, evidence);
}

}  // namespace

const Item held_out_accuracy = {
    "held-out-accuracy", "Accuracy on held-out recordings is no worse than validation promised",
    "a network that learned its sessions by heart fails with the next person or on the next day",
    "record more sessions and persons, so that training sees the variety that the held-out part has", find};

}  // namespace mote::check::items_list
