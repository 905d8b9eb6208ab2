// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "check/item.h"

namespace mote::check::items_list {
namespace {

std::vector<std::string> missing_in(const std::set<std::string>& all, const std::set<std::string>& some) {
  std::vector<std::string> missing;
  std::ranges::set_difference(all, some, std::back_inserter(missing));
  return missing;
}

Finding find(const Facts& facts) {
  const auto needed = facts.of("compile").at("kernels_linked").get<std::set<std::string>>();
  const auto linked = facts.of("firmware").at("symbols_of_kernels").get<std::set<std::string>>();
  const auto surplus = missing_in(linked, needed);
  const auto absent = missing_in(needed, linked);
  if (!surplus.empty())
    return {Status::kFail,
            fmt::format("the image holds kernels that the model does not use: {}", fmt::join(surplus, ", "))};
  if (!absent.empty())
    return {Status::kFail, fmt::format("the image lacks kernels of the model: {}", fmt::join(absent, ", "))};
  return {Status::kPass, fmt::format("exactly the model's: {}", fmt::join(needed, ", "))};
}

}  // namespace

const Item only_needed_kernels = {
    "only-needed-kernels", "The image holds exactly the kernels of the model's layers",
    "unused operators cost flash, and a kernel nobody chose was tested by nobody",
    "remove the code that calls the surplus kernels, then run `mote firmware` again", find};

}  // namespace mote::check::items_list
