// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "check/item.h"

namespace mote::check::items_list {
namespace {

/// "mote::kernels::FullyConnectedDsp" for "mote::kernels::FullyConnectedDsp::run(...)", empty for other
/// functions.
std::string kernel_of(const std::string& symbol) {
  constexpr std::string_view kNamespace = "mote::kernels::";
  const std::size_t call = symbol.find("::run(");
  if (!symbol.starts_with(kNamespace) || call == std::string::npos) return "";
  return symbol.substr(0, call);
}

Finding find(const Facts& facts) {
  const Json& compiled = facts.of("compile");
  const auto needed = compiled.at("kernels_linked").get<std::set<std::string>>();
  const std::string own = "mote_models::" + compiled.at("model").get<std::string>() + "::";
  std::set<std::string> surplus;
  bool has_model = false;
  for (const Json& item : facts.of("firmware").at("symbols_of_kernels")) {
    const auto symbol = item.get<std::string>();
    has_model = has_model || symbol.starts_with(own);
    if (symbol.starts_with("mote_models::") && !symbol.starts_with(own)) surplus.insert(symbol);
    if (const std::string kernel = kernel_of(symbol); !kernel.empty() && !needed.contains(kernel))
      surplus.insert(kernel);
  }
  if (!surplus.empty())
    return {Status::kFail,
            fmt::format("the image holds kernels that the model does not use: {}", fmt::join(surplus, ", "))};
  if (!has_model)
    return {Status::kFail, fmt::format("the image holds no function of the model ({}...)", own)};
  return {Status::kPass, fmt::format("nothing but the model's {}", fmt::join(needed, ", "))};
}

}  // namespace

const Item only_needed_kernels = {
    "only-needed-kernels", "The image holds no kernel besides those of the model's layers",
    "unused operators cost flash, and a kernel nobody chose was tested by nobody",
    "remove the code that calls the surplus kernels, then run `mote firmware` again", find};

}  // namespace mote::check::items_list
