// SPDX-License-Identifier: Apache-2.0
// Any bytes as a .tflite file: read, and if they are a model, written and read again to the same content.
#include <cstdlib>

#include "tflite/tflite.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto graph = mote::tflite::read({data, size}, "fuzzed");
  if (!graph) return 0;
  const auto again = mote::tflite::write(*graph);
  if (!again) std::abort();
  const auto back = mote::tflite::read(*again, "written");
  if (!back || mote::graph::content_hash(*back) != mote::graph::content_hash(*graph)) std::abort();
  return 0;
}
