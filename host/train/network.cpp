// SPDX-License-Identifier: Apache-2.0
#include "train/network.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "ops/ops.h"
#include "ops/softmax/cross_entropy.h"
#include "ops/softmax/softmax.h"

namespace mote::train {
namespace {

std::unexpected<Error> not_a_chain(const graph::Graph& graph, const std::string& what) {
  return fail(ErrorKind::kInput, what, graph.name,
              "only a chain of operators from one input to a softmax can be trained");
}

Result<void> check_chain(const graph::Graph& graph) {
  if (graph.inputs.size() != 1 || graph.outputs.size() != 1 || graph.nodes.size() < 2)
    return not_a_chain(graph, "the network must have one input, one output and at least two operators");
  graph::ValueId current = graph.inputs[0];
  for (const graph::Node& node : graph.nodes) {
    if (node.inputs.empty() || node.inputs[0] != current || node.outputs.size() != 1)
      return not_a_chain(
          graph, fmt::format("{} does not follow the operator before it", ops::describe(graph, node)));
    current = node.outputs[0];
  }
  if (current != graph.outputs[0] || graph.nodes.back().op != "softmax")
    return not_a_chain(graph, fmt::format("the network ends in {}, expected softmax", graph.nodes.back().op));
  const graph::Value& output = graph.value(current);
  if (output.shape.empty() || output.element_count() != output.shape.back())
    return not_a_chain(graph, "the network gives more than one row of probabilities");
  return {};
}

}  // namespace

Result<Network> Network::prepare(const graph::Graph& graph, std::int32_t largest_batch) {
  MOTE_CHECK(check_chain(graph));
  Network network;
  network.largest_batch_ = largest_batch;
  network.sizes_.push_back(graph.value(graph.inputs[0]).element_count());
  for (const graph::Node& node : std::span(graph.nodes).first(graph.nodes.size() - 1))
    MOTE_CHECK(network.add_node(graph, node));
  MOTE_TRY(const auto softmax, ops::softmax::attributes(graph, graph.nodes.back()));
  network.beta_ = static_cast<float>(softmax.beta);
  network.sizes_.push_back(network.sizes_.back());
  network.allocate(graph);
  return network;
}

Result<void> Network::add_node(const graph::Graph& graph, const graph::Node& node) {
  const ops::Gradient* gradient = ops::find_gradient(node.op);
  if (gradient == nullptr)
    return fail(ErrorKind::kInput, fmt::format("{} cannot be trained", ops::describe(graph, node)),
                graph.name, "`mote doctor --operators` shows what each operator can do");
  MOTE_TRY(auto prepared, gradient->prepare(graph, node, largest_batch_));
  nodes_.push_back(std::move(prepared));
  node_parameters_.emplace_back();
  for (std::size_t input = 1; input < node.inputs.size(); ++input) add_parameter(graph, node.inputs[input]);
  sizes_.push_back(graph.value(node.outputs[0]).element_count());
  return {};
}

void Network::add_parameter(const graph::Graph& graph, graph::ValueId id) {
  Parameter parameter{id, parameter_floats_, id == graph::kNone ? 0 : graph.value(id).element_count()};
  node_parameters_.back().push_back(parameter);
  parameter_floats_ += ops::AlignedFloats::padded(parameter.count);
}

void Network::allocate(const graph::Graph& graph) {
  parameters_ = ops::AlignedFloats(parameter_floats_);
  gradients_ = ops::AlignedFloats(parameter_floats_);
  decay_mask_ = ops::AlignedFloats(parameter_floats_);
  for (const auto& parameters : node_parameters_)
    for (const Parameter& parameter : parameters) {
      if (parameter.count == 0) continue;
      const graph::Value& value = graph.value(parameter.value);
      std::memcpy(parameters_.data() + parameter.offset, value.data.data(), value.data.size());
      if (value.shape.size() > 1) std::fill_n(decay_mask_.data() + parameter.offset, parameter.count, 1.0f);
    }
  for (const std::int64_t size : sizes_) {
    activations_.emplace_back(size * largest_batch_);
    activation_gradients_.emplace_back(size * largest_batch_);
  }
}

ops::TrainingPass Network::pass(std::size_t node, std::int32_t batch) {
  ops::TrainingPass pass;
  pass.batch = batch;
  pass.input = activations_[node].data();
  pass.output = activations_[node + 1].data();
  pass.output_gradient = activation_gradients_[node + 1].data();
  pass.input_gradient = node == 0 ? nullptr : activation_gradients_[node].data();
  const auto& parameters = node_parameters_[node];
  for (std::size_t index = 0; index < parameters.size(); ++index) {
    if (parameters[index].count == 0) continue;
    pass.parameters[index] = parameters_.data() + parameters[index].offset;
    pass.parameter_gradients[index] = gradients_.data() + parameters[index].offset;
  }
  return pass;
}

void Network::forward(std::int32_t batch) {
  for (std::size_t node = 0; node < nodes_.size(); ++node) nodes_[node]->forward(pass(node, batch));
}

double Network::cross_entropy(std::span<const std::int32_t> labels, std::span<const float> class_weights,
                              float* logits_gradient) {
  return ops::softmax::cross_entropy({static_cast<std::int32_t>(labels.size()), classes(), beta_,
                                      activations_[nodes_.size()].data(), labels.data(), class_weights.data(),
                                      probabilities(), logits_gradient});
}

double Network::loss(std::span<const std::int32_t> labels, std::span<const float> class_weights) {
  return cross_entropy(labels, class_weights, nullptr);
}

double Network::loss_and_gradients(std::span<const std::int32_t> labels,
                                   std::span<const float> class_weights) {
  const double sum = cross_entropy(labels, class_weights, activation_gradients_[nodes_.size()].data());
  for (std::size_t node = nodes_.size(); node > 0; --node)
    nodes_[node - 1]->backward(pass(node - 1, static_cast<std::int32_t>(labels.size())));
  return sum;
}

void Network::softmax(std::int32_t batch) {
  const float* logits = activations_[nodes_.size()].data();
  for (std::int32_t sample = 0; sample < batch; ++sample) {
    const std::int64_t row = std::int64_t{sample} * classes();
    ops::softmax::portable_softmax(logits + row, classes(), beta_, probabilities() + row);
  }
}

void Network::store(graph::Graph& graph) const {
  for (const auto& parameters : node_parameters_)
    for (const Parameter& parameter : parameters) {
      if (parameter.count == 0) continue;
      auto& data = graph.value(parameter.value).data;
      std::memcpy(data.data(), parameters_.data() + parameter.offset, data.size());
    }
}

}  // namespace mote::train
