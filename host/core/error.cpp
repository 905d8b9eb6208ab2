// SPDX-License-Identifier: Apache-2.0
#include "core/error.h"

#include <fmt/format.h>

namespace mote {

std::string to_text(const Error& error) {
  std::string text = error.where.empty() ? error.what : fmt::format("{}: {}", error.where, error.what);
  for (const auto& activity : error.trail) text += fmt::format("\n  while {}", activity);
  if (!error.hint.empty()) text += fmt::format("\n  hint: {}", error.hint);
  return text;
}

}  // namespace mote
