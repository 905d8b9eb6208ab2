// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "check/item.h"

namespace mote::check::items_list {
namespace {

Finding find(const Facts& facts) {
  const Json& stack = facts.of("firmware").at("stack");
  if (!stack.at("known").get<bool>())
    return {Status::kNotEnoughData,
            fmt::format("which functions call which is not known: {}", stack.at("reason").get<std::string>()),
            "build for a board whose compiler tells it"};
  const auto cycle = stack.at("recursion").get<std::vector<std::string>>();
  return pass_if(cycle.empty(), cycle.empty() ? "no function calls itself, directly or through others"
                                              : fmt::format("{}", fmt::join(cycle, " -> ")));
}

}  // namespace

const Item no_recursion = {"no-recursion", "No function calls itself",
                           "recursion makes the depth of the stack depend on data",
                           "replace the recursion by a loop, then run `mote firmware` again", find};

}  // namespace mote::check::items_list
