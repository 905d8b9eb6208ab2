// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "recordings/capture.h"

namespace mote::recordings {

/// Labels of all samples of one file: runs that follow each other from the first sample.
struct SampleLabels {
  std::vector<Run> runs;
  std::int64_t samples = 0;  ///< how many are labelled: all of the file
  bool operator==(const SampleLabels&) const = default;
};

/// What Edge Impulse's info.labels says of a file.
struct LabelledFile {
  std::string path;      ///< below the folder of info.labels; never out of it
  std::string category;  ///< "training", "testing" or "split" (not decided)
  std::string label;     ///< of all samples; empty if `samples` tells, or if it has none
  SampleLabels samples;
  std::map<std::string, std::string> metadata;
  bool operator==(const LabelledFile&) const = default;
};

/// Reads an info.labels (version 1). Labels of another type than `label`, `multi-label` and `unlabeled`, and
/// metadata that is no text, count as none. Errors (kInput, with the entry): as parse_json(); fields that are
/// absent or of another type; a path that leads out of the folder, or is there twice; more than 200,000
/// files; ranges of samples with gaps.
Result<std::vector<LabelledFile>> parse_info_labels(std::string_view text, std::string_view where);

/// The text that parse_info_labels() reads back to the same.
std::string to_info_labels(const std::vector<LabelledFile>& files);

/// Reads a structured_labels.labels (version 1): labels by file name. Errors as parse_info_labels().
Result<std::map<std::string, SampleLabels>> parse_structured_labels(std::string_view text,
                                                                    std::string_view where);

}  // namespace mote::recordings
