// SPDX-License-Identifier: Apache-2.0
#include "compile/second_model.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compile/compile.h"
#include "features/pipeline.h"

namespace mote::compile {
namespace {

/// What differs, as "<first>, the second model <second>"; empty if nothing does.
std::string difference(const graph::ModelMetadata& first, const graph::ModelMetadata& second) {
  const project::SensorDescription& ours = *first.sensor;
  const project::SensorDescription& theirs = *second.sensor;
  const auto differ = [](std::string_view thing, const auto& one, const auto& other) {
    return fmt::format("the first model takes {} {}, the second {}", thing, one, other);
  };
  if (!runtime::same_rate(ours.rate_millihertz, theirs.rate_millihertz))
    return differ("samples at a rate in Hz of", ours.rate_hz(), theirs.rate_hz());
  if (ours.groups.size() != theirs.groups.size())
    return differ("a number of sensors of", ours.groups.size(), theirs.groups.size());
  for (std::size_t index = 0; index < ours.groups.size(); ++index) {
    const project::SensorGroup& one = ours.groups[index];
    const project::SensorGroup& other = theirs.groups[index];
    if (one.kind != other.kind)
      return differ("the sensor", project::to_string(one.kind), project::to_string(other.kind));
    if (one.axes != other.axes)
      return differ("the axes", fmt::format("{}", fmt::join(one.axes, ", ")),
                    fmt::format("{}", fmt::join(other.axes, ", ")));
    if (one.unit != other.unit)
      return differ("the unit", project::to_string(one.unit), project::to_string(other.unit));
    if (one.range != other.range) return differ("a range of", one.range, other.range);
  }
  if (first.window_samples != second.window_samples)
    return differ("a window in samples of", first.window_samples, second.window_samples);
  return {};
}

}  // namespace

Result<void> require_same_input(const graph::Graph& first, const graph::Graph& second,
                                std::string_view where) {
  if (!first.metadata.sensor || !second.metadata.sensor)
    return fail(ErrorKind::kInput, "the second model does not say what sensor and windows it takes",
                std::string(where), "name a model that `mote quantize` wrote");
  std::string text = difference(first.metadata, second.metadata);
  if (text.empty()) {
    MOTE_TRY(const auto pipeline,
             features::Pipeline::create(second.metadata.features, *second.metadata.sensor));
    if (pipeline.hop_rows(first.metadata.hop_samples)) return {};
    text = fmt::format("the first model has a hop of {} samples, the second a row of features every {}",
                       first.metadata.hop_samples, pipeline.samples_per_row());
  }
  return fail(ErrorKind::kInput, text, std::string(where),
              "train both for the same [sensor] and the same `window`, with a hop of whole rows");
}

std::string second_identifier(std::string_view first_identifier, std::string_view second_name) {
  std::string identifier = model_identifier(second_name);
  if (identifier == first_identifier) identifier += "_2";
  return identifier;
}

}  // namespace mote::compile
