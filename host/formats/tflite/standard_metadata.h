// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"

namespace mote::tflite {

/// Name of the metadata entry that tools of other makers read.
inline constexpr std::string_view kStandardMetadataName = "TFLITE_METADATA";

/// Name of the file of labels inside of a model file.
inline constexpr std::string_view kLabelsFile = "labels.txt";

/// What Mote knows of a model in the standard's form, a FlatBuffer of its own ("M001"): name, version, names
/// of inputs and outputs, normalisation of the one input per axis as (x - mean) / standard deviation in the
/// sensor's unit, the threshold of the one output and that its labels are in kLabelsFile.
std::vector<std::uint8_t> standard_metadata(const graph::Graph& graph);

/// One label a line, in the order of the model's output; a control character in a label becomes a space, so
/// that the line's number stays the label's number.
std::string labels_text(const std::vector<std::string>& labels);

}  // namespace mote::tflite
