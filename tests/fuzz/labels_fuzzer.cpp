// SPDX-License-Identifier: Apache-2.0
// The readers of Edge Impulse's labels files: no path leads out of the folder, ranges follow each other, and
// what is accepted reads the same after it was written.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include "recordings/labels.h"

namespace {

using namespace mote;

void require(bool condition) {
  if (!condition) std::abort();
}

void check(const recordings::SampleLabels& labels) {
  for (std::size_t run = 0; run < labels.runs.size(); ++run) {
    const std::int64_t end =
        run + 1 < labels.runs.size() ? labels.runs[run + 1].first_sample : labels.samples;
    require(labels.runs[run].first_sample < end && (run > 0 || labels.runs[run].first_sample == 0));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto structured = recordings::parse_structured_labels(text, "fuzz"); structured.has_value())
    for (const auto& [name, labels] : *structured) check(labels);
  const auto files = recordings::parse_info_labels(text, "fuzz");
  if (!files.has_value()) return 0;
  for (const auto& file : *files) {
    check(file.samples);
    const auto path = (std::filesystem::path("/folder") / file.path).lexically_normal().string();
    require(path.starts_with("/folder"));
  }
  const auto again = recordings::parse_info_labels(recordings::to_info_labels(*files), "again");
  require(again.has_value() && *again == *files);
  return 0;
}
