// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "check/item.h"

namespace mote::check::items_list {
namespace {

Finding find(const Facts& facts) {
  const Json& compiled = facts.of("compile");
  auto plan = compiled.at("memory_bytes").get<std::int64_t>();
  if (compiled.contains("woken"))  // one after the other in the same memory
    plan = std::max(plan, compiled.at("woken").at("memory_bytes").get<std::int64_t>());
  const Json& firmware = facts.of("firmware");
  const auto boot = facts.of("simulate").at("boot").at("memory").get<std::string>();
  const auto heap = firmware.at("heap_symbols").get<std::vector<std::string>>();
  const auto ram = firmware.at("ram_bytes").get<std::int64_t>();
  std::int64_t sections = 0;
  for (const char* name : {".data", ".bss", ".stack"})
    sections += firmware.at("sections").value(name, std::int64_t{0});
  if (!heap.empty())
    return {Status::kFail, fmt::format("the image holds heap functions: {}", fmt::join(heap, ", "))};
  if (boot != fmt::to_string(plan))
    return {Status::kFail, fmt::format("the plan needs {} bytes, the device says {}", plan, boot)};
  if (ram != sections)
    return {Status::kFail,
            fmt::format("the sections of the image add up to {} bytes of RAM, not {}", sections, ram)};
  return {Status::kPass,
          fmt::format("{} bytes of RAM in all, {} of them the model's, stack included; no heap", ram, plan)};
}

}  // namespace

const Item memory_exact = {
    "memory-exact", "Memory is known to the byte, without a heap",
    "a guessed arena or a heap fails in the field, after hours, and not on the desk",
    "remove what allocates, then run `mote compile`, `mote firmware` and `mote simulate` again", find};

}  // namespace mote::check::items_list
