// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "check/item.h"

namespace mote::check::items_list {
namespace {

Finding find(const Facts& facts) {
  const Json& data = facts.of("data");
  if (data.at("background").is_string())
    return {Status::kPass,
            fmt::format("'{}' stands for everything else", data.at("background").get<std::string>())};
  if (data.at("no_background").get<bool>())
    return {Status::kPass,
            "none, on purpose (--no-background): the model names one of its classes for any movement"};
  return {Status::kFail, "no label stands for \"nothing of interest\""};
}

}  // namespace

const Item background_class = {
    "background-class", "There is a class for everything that is of no interest",
    "without it the network is sure of a gesture while the hand scratches a nose",
    "record idle and everyday movement and name that label as `background` in mote.toml, or run `mote data "
    "--no-background` if the product really never sees anything else",
    find};

}  // namespace mote::check::items_list
