// SPDX-License-Identifier: Apache-2.0
// The reader of mote.toml: whatever it accepts reads the same after it was written.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "project/project.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto project = mote::project::parse({reinterpret_cast<const char*>(data), size}, "mote.toml");
  if (!project.has_value()) return 0;
  const std::string text = mote::project::to_toml(*project);
  const auto again = mote::project::parse(text, "again");
  if (!again.has_value() || mote::project::to_toml(*again) != text) std::abort();
  return 0;
}
