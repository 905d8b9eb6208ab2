// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "check/item.h"

namespace mote::check::items_list {
namespace {

Finding find(const Facts& facts) {
  const Json& trained = facts.of("train").at("normalization");
  const Json& generated = facts.of("compile").at("normalization");
  if (trained.size() != generated.size())
    return {Status::kFail, fmt::format("training normalised {} columns, the generated code {}",
                                       trained.size(), generated.size())};
  for (std::size_t axis = 0; axis < trained.size(); ++axis) {
    for (const char* constant : {"multiplier", "bias", "shift"}) {
      const auto wanted = trained[axis].at(constant).get<std::int64_t>();
      const auto found = generated[axis].at(constant).get<std::int64_t>();
      if (wanted != found)
        return {Status::kFail,
                fmt::format("column {}: training's {} is {}, the generated code's is {}",
                            trained[axis].value("axis", std::to_string(axis)), constant, wanted, found)};
    }
  }
  return {trained.empty() ? Status::kFail : Status::kPass,
          fmt::format("offset, multiplier and shift of {} columns are training's", trained.size())};
}

}  // namespace

const Item normalisation_matches = {
    "normalisation-matches", "The device normalises with the constants of training",
    "with other constants the network sees inputs that it was never trained on",
    "run `mote quantize`, `mote compile` and the stages after them again", find};

}  // namespace mote::check::items_list
