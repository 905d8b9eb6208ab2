// SPDX-License-Identifier: Apache-2.0
// The reader of GCC's call graph and, behind a zero byte, of objdump's relocations: whatever they accept has
// a worst case whose ways add up to it, or a reason why there is none.
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <string_view>

#include "firmware/stack_use.h"

namespace {

using namespace mote::firmware;

std::int64_t sum(const std::vector<StackStep>& path) {
  return std::accumulate(path.begin(), path.end(), std::int64_t{0},
                         [](std::int64_t bytes, const StackStep& step) { return bytes + step.bytes; });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto split = text.find('\0');
  CallGraph graph;
  if (!add_call_graph(text.substr(0, split), "fuzz.ci", graph).has_value()) return 0;
  FunctionAddresses addresses;
  if (split != std::string_view::npos) add_addresses(text.substr(split + 1), addresses);
  std::set<std::string> linked;
  for (const auto& [title, function] : graph) linked.insert(function.name);
  const auto use = worst_case_stack(graph, addresses, linked, {36});
  if (!use.has_value()) return 0;
  static_cast<void>(stack_fact(*use, 2048));
  if (require_fitting_stack(*use, INT64_MAX / 2).has_value() != use->bounded()) std::abort();
  if (use->bounded() && (sum(use->main_path) != use->main_bytes || use->worst_case_bytes < use->main_bytes))
    std::abort();
  return 0;
}
