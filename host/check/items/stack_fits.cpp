// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "check/item.h"

namespace mote::check::items_list {
namespace {

Finding find(const Facts& facts) {
  const Json& stack = facts.of("firmware").at("stack");
  const auto reserved = stack.at("reserved_bytes").get<std::int64_t>();
  if (!stack.at("known").get<bool>())
    return {Status::kNotEnoughData,
            fmt::format("{} bytes are reserved; the worst case is not known: {}", reserved,
                        stack.at("reason").get<std::string>()),
            "measure it on the device: start-up paints the stack"};
  const auto worst = stack.at("worst_case_bytes").get<std::int64_t>();
  const auto guard = stack.at("guard_bytes").get<std::int64_t>();
  return pass_if(
      worst + guard <= reserved,
      fmt::format("at worst {} bytes: main loop {}, interrupt {}, hardware {}; {} and a guard of {} reserved",
                  worst, stack.at("main_bytes").get<std::int64_t>(),
                  stack.at("interrupt_bytes").get<std::int64_t>(),
                  stack.at("exception_frame_bytes").get<std::int64_t>(), reserved - guard, guard));
}

}  // namespace

const Item stack_fits = {"stack-fits", "The stack fits at its worst",
                         "a stack that grows too far stops the device at a moment that no test has met",
                         "raise stack_bytes in the board's board.toml, then run `mote firmware` again", find};

}  // namespace mote::check::items_list
