// SPDX-License-Identifier: Apache-2.0
#include "compile/folded.h"

#include <fmt/format.h>

namespace mote::compile {
namespace {

bool is_weighted(const graph::Node& node) {
  return node.op == "conv_2d" || node.op == "depthwise_conv_2d" || node.op == "fully_connected";
}

std::int64_t channels_of(const graph::Graph& graph, const graph::Node& node) {
  const graph::Value& output = graph.value(node.outputs.at(0));
  return output.shape.empty() ? 1 : output.shape.back();
}

/// Products of an output element: the weights that belong to its channel.
std::int64_t macs_of(const graph::Graph& graph, const graph::Node& node) {
  const graph::Value& weights = graph.value(node.inputs.at(1));
  const std::int64_t channels = node.op == "depthwise_conv_2d" ? weights.shape.back() : weights.shape.front();
  return graph.value(node.outputs.at(0)).element_count() * (weights.element_count() / channels);
}

/// A count with three digits: "980", "7.49 M".
std::string rounded(std::int64_t count) {
  const auto number = static_cast<double>(count);
  if (count >= 1'000'000) return fmt::format("{:.3g} M", number / 1e6);
  if (count >= 10'000) return fmt::format("{:.3g} k", number / 1e3);
  return fmt::format("{}", count);
}

}  // namespace

Folded folded(const graph::Graph& before, const graph::Graph& after, std::int64_t macs_after) {
  Folded result = {0, 0, macs_after, macs_after};
  for (std::size_t node = 0; node < before.nodes.size(); ++node) {
    if (!is_weighted(before.nodes[node])) continue;
    const std::int64_t channels = channels_of(before, before.nodes[node]);
    result.channels += channels;
    result.channels_removed += channels - channels_of(after, after.nodes.at(node));
    result.macs_before += macs_of(before, before.nodes[node]) - macs_of(after, after.nodes.at(node));
  }
  return result;
}

std::string folded_text(const Folded& folded) {
  if (folded.channels_removed == 0) return "";
  return fmt::format("folded: {} of {} channels are constant or not needed; {} multiplications become {}",
                     folded.channels_removed, folded.channels, rounded(folded.macs_before),
                     rounded(folded.macs_after));
}

}  // namespace mote::compile
