// SPDX-License-Identifier: Apache-2.0
#include "ops/gradient_test_support.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "ops/aligned_floats.h"
#include "ops/gradient.h"
#include "ops/pool_2d.h"

namespace mote::ops {
namespace {

using Buffer = AlignedFloats;

constexpr float kStep = 0x1p-7f;

Buffer random_buffer(std::int64_t count, Rng& rng) {
  Buffer buffer(count);
  for (float& value : buffer) value = static_cast<float>(rng.uniform(-1.0, 1.0));
  return buffer;
}

Buffer copy(const Buffer& from) {
  Buffer to(from.size());
  std::copy_n(from.data(), from.size(), to.data());
  return to;
}

/// Everything that one pass over a batch reads and writes.
struct Fixture {
  std::unique_ptr<TrainableNode> node;
  std::int32_t batch = 0;
  Buffer input, output, output_weights, output_gradient, input_gradient;
  std::vector<Buffer> parameters, parameter_gradients;

  TrainingPass pass() {
    TrainingPass pass;
    pass.batch = batch;
    pass.input = input.data();
    pass.output = output.data();
    pass.output_gradient = output_gradient.data();
    pass.input_gradient = input_gradient.data();
    for (std::size_t index = 0; index < parameters.size(); ++index) {
      pass.parameters[index] = parameters[index].data();
      pass.parameter_gradients[index] = parameter_gradients[index].data();
    }
    return pass;
  }

  double loss() {
    node->forward(pass());
    double sum = 0;
    for (std::int64_t index = 0; index < output.size(); ++index)
      sum += double{output_weights[index]} * double{output[index]};
    return sum;
  }
};

Fixture make_fixture(const graph::Graph& graph, Rng& rng) {
  const graph::Node& node = graph.nodes[0];
  Fixture fixture;
  const auto largest_batch = static_cast<std::int32_t>(2 + rng.below(3));
  const Gradient* gradient = find_gradient(node.op);
  if (gradient == nullptr) return fixture;
  auto prepared = gradient->prepare(graph, node, largest_batch);
  if (!prepared.has_value()) return fixture;
  fixture.node = std::move(*prepared);
  fixture.batch = static_cast<std::int32_t>(1 + rng.below(static_cast<std::uint64_t>(largest_batch)));
  fixture.input = random_buffer(fixture.batch * graph.value(node.inputs[0]).element_count(), rng);
  fixture.output_weights = random_buffer(fixture.batch * graph.value(node.outputs[0]).element_count(), rng);
  fixture.output = Buffer(fixture.output_weights.size());
  fixture.output_gradient = copy(fixture.output_weights);
  fixture.input_gradient = random_buffer(fixture.input.size(), rng);
  for (std::size_t input = 1; input < node.inputs.size(); ++input) {
    const auto elements = graph::elements<float>(graph.value(node.inputs[input]));
    fixture.parameters.emplace_back(static_cast<std::int64_t>(elements.size()));
    std::copy(elements.begin(), elements.end(), fixture.parameters.back().begin());
    fixture.parameter_gradients.push_back(random_buffer(fixture.parameters.back().size(), rng));
  }
  return fixture;
}

/// How many of the points agree or disagree; points on a kink count for neither.
struct Tally {
  int checked = 0;
  int points = 0;
};

void compare(Fixture& fixture, Buffer& values, const Buffer& gradients, double rounding, bool curved,
             Tally& tally) {
  const double middle = fixture.loss();
  for (std::int64_t index = 0; index < values.size(); ++index) {
    const float original = values[index];
    values[index] = original + kStep;
    const double above = fixture.loss(), up = double{values[index]} - double{original};
    values[index] = original - kStep;
    const double below = fixture.loss(), down = double{original} - double{values[index]};
    values[index] = original;
    ++tally.points;
    const double slope_up = (above - middle) / up, slope_down = (middle - below) / down;
    const double noise = rounding / double{kStep};
    if (!curved && std::abs(slope_up - slope_down) > 4 * noise) continue;  // a kink
    ++tally.checked;
    const double bound = 2 * noise + (curved ? double{kStep} * double{kStep} : 0.0);
    EXPECT_NEAR(double{gradients[index]}, (above - below) / (up + down), bound) << "element " << index;
  }
}

}  // namespace

graph::Graph one_node_graph(const std::string& op, const AttributeMap& attributes,
                            const std::vector<std::int32_t>& in,
                            const std::vector<std::vector<std::int32_t>>& parameters,
                            const std::vector<std::int32_t>& out, Rng& rng) {
  graph::Graph graph;
  graph::Node node{op, attributes, {}, {}};
  node.inputs.push_back(graph.add({"in", graph::DType::kFloat32, in, std::nullopt, {}}));
  graph.inputs = node.inputs;
  for (const auto& shape : parameters) {
    std::int64_t count = 1;
    for (const std::int32_t extent : shape) count *= extent;
    Buffer values = random_buffer(count, rng);
    node.inputs.push_back(graph.add(graph::constant("parameter", graph::DType::kFloat32, shape,
                                                    std::vector<float>(values.begin(), values.end()))));
  }
  node.outputs.push_back(graph.add({"out", graph::DType::kFloat32, out, std::nullopt, {}}));
  graph.outputs = node.outputs;
  graph.nodes.push_back(node);
  return graph;
}

graph::Graph random_pool_2d_graph(const std::string& op, Rng& rng) {
  const auto below = [&](std::uint64_t count) { return static_cast<std::int32_t>(rng.below(count)); };
  Pool2dAttributes attributes;
  attributes.padding = rng.below(2) == 0 ? Padding::kSame : Padding::kValid;
  attributes.stride_height = 1 + below(3);
  attributes.stride_width = 1 + below(3);
  attributes.window_height = 1 + below(3);
  attributes.window_width = 1 + below(4);
  attributes.activation = static_cast<Activation>(rng.below(3));
  const std::int32_t height = attributes.window_height + below(5), width = attributes.window_width + below(8);
  const std::int32_t channels = 1 + below(5);
  const auto extent = [&](std::int32_t in, std::int32_t window, std::int32_t stride) {
    return attributes.padding == Padding::kSame ? (in + stride - 1) / stride : (in - window) / stride + 1;
  };
  return one_node_graph(op, to_map(attributes), {1, height, width, channels}, {},
                        {1, extent(height, attributes.window_height, attributes.stride_height),
                         extent(width, attributes.window_width, attributes.stride_width), channels},
                        rng);
}

void expect_gradients_agree(const graph::Graph& graph, Rng& rng, bool curved) {
  Fixture fixture = make_fixture(graph, rng);
  ASSERT_NE(fixture.node, nullptr) << graph.nodes[0].op << " cannot be prepared";
  fixture.loss();
  fixture.node->backward(fixture.pass());
  // Each output is a sum of at most `terms` products of magnitude <= 1; one changed element touches at most
  // all outputs of the batch, each rounded to terms * 2^-24 * (sum of magnitudes <= terms).
  const graph::Node& node = graph.nodes[0];
  double terms = 2;
  if (node.inputs.size() > 1)
    terms += static_cast<double>(graph.value(node.inputs[1]).element_count()) /
             graph.value(node.inputs[1]).shape[0];
  const double rounding =
      0x1p-24 * terms * std::sqrt(terms) * std::sqrt(static_cast<double>(fixture.output.size()));
  Tally tally;
  compare(fixture, fixture.input, fixture.input_gradient, rounding, curved, tally);
  for (std::size_t index = 0; index < fixture.parameters.size(); ++index)
    compare(fixture, fixture.parameters[index], fixture.parameter_gradients[index], rounding, curved, tally);
  EXPECT_GE(2 * tally.checked, tally.points) << "too many kinks for a meaningful test";
}

}  // namespace mote::ops
