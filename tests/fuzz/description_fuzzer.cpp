// SPDX-License-Identifier: Apache-2.0
// The reader of a recording's description: whatever it accepts reads the same after it was written.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "recordings/recording.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto json = mote::parse_json({reinterpret_cast<const char*>(data), size}, "x.json");
  if (!json.has_value()) return 0;
  const auto description = mote::recordings::description_from(*json, "x.json");
  if (!description.has_value()) return 0;
  const auto again = mote::recordings::description_from(mote::recordings::to_json(*description), "again");
  if (!again.has_value() || *again != *description) std::abort();
  return 0;
}
