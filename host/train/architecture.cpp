// SPDX-License-Identifier: Apache-2.0
#include "train/architecture.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "ops/conv_2d/conv_2d.h"
#include "ops/fully_connected/fully_connected.h"
#include "ops/pool_2d.h"
#include "ops/softmax/softmax.h"

namespace mote::train {
namespace {

using graph::DType;
using ops::Activation;

/// Appends operators one after the other.
class Chain {
 public:
  Chain(const NetworkShape& shape, Rng rng) : rng_(rng) {
    graph_.inputs = {
        graph_.add({"window", DType::kFloat32, {1, 1, shape.rows, shape.columns}, std::nullopt, {}})};
    last_ = graph_.inputs[0];
  }

  void fully_connected(const std::string& name, std::int32_t out, Activation activation) {
    const auto in = static_cast<std::int32_t>(graph_.value(last_).element_count());
    const auto parameters = weights_and_bias(name, {out, in}, activation);
    append({"fully_connected", ops::fully_connected::to_map({activation, false}), parameters, {}}, name,
           {1, out});
  }

  void conv_1d(const std::string& name, std::int32_t kernel, std::int32_t out) {
    const std::vector<std::int32_t> in = graph_.value(last_).shape;
    const auto parameters = weights_and_bias(name, {out, 1, kernel, in[3]}, Activation::kRelu);
    ops::conv_2d::Attributes attributes;
    attributes.activation = Activation::kRelu;
    append({"conv_2d", ops::conv_2d::to_map(attributes), parameters, {}}, name, {1, 1, in[2], out});
  }

  /// Windows of `size` samples one after the other; a rest at the end is dropped.
  void pool_1d(const std::string& op, const std::string& name, std::int32_t size) {
    const std::vector<std::int32_t> in = graph_.value(last_).shape;
    ops::Pool2dAttributes attributes;
    attributes.padding = ops::Padding::kValid;
    attributes.stride_width = attributes.window_width = size;
    append({op, ops::to_map(attributes), {}, {}}, name, {1, 1, in[2] / size, in[3]});
  }

  std::int32_t samples() const { return graph_.value(last_).shape[2]; }

  graph::Graph finish(std::int32_t classes) && {
    append({"softmax", ops::softmax::to_map({}), {}, {}}, "probabilities", {1, classes});
    graph_.outputs = {last_};
    return std::move(graph_);
  }

 private:
  std::vector<graph::ValueId> weights_and_bias(const std::string& name, std::vector<std::int32_t> shape,
                                               Activation activation) {
    const std::int32_t out = shape[0];
    std::int32_t in = 1;
    for (std::size_t dimension = 1; dimension < shape.size(); ++dimension) in *= shape[dimension];
    const double limit = std::sqrt(6.0 / (activation == Activation::kNone ? in + out : in));
    std::vector<float> weights(static_cast<std::size_t>(in) * static_cast<std::size_t>(out));
    for (float& weight : weights) weight = static_cast<float>(rng_.uniform(-limit, limit));
    const std::vector<float> bias(static_cast<std::size_t>(out), 0.0f);
    return {graph_.add(graph::constant(name + "_weights", DType::kFloat32, std::move(shape), weights)),
            graph_.add(graph::constant(name + "_bias", DType::kFloat32, {out}, bias))};
  }

  void append(graph::Node node, const std::string& name, std::vector<std::int32_t> shape) {
    node.inputs.insert(node.inputs.begin(), last_);
    last_ = graph_.add({name, DType::kFloat32, std::move(shape), std::nullopt, {}});
    node.outputs = {last_};
    graph_.nodes.push_back(std::move(node));
  }

  graph::Graph graph_;
  graph::ValueId last_ = graph::kNone;
  Rng rng_;
};

}  // namespace

Result<graph::Graph> build_network(const std::string& architecture, const NetworkShape& shape, Rng rng) {
  Chain chain(shape, rng);
  if (architecture == "dense") {
    chain.fully_connected("dense_1", 32, Activation::kRelu);
    chain.fully_connected("dense_2", 16, Activation::kRelu);
  } else if (architecture == "conv") {
    chain.conv_1d("conv_1", std::min(5, shape.rows), 16);
    chain.pool_1d("max_pool_2d", "pool_1", std::min(4, shape.rows));
    chain.conv_1d("conv_2", std::min(5, chain.samples()), 32);
    chain.pool_1d("average_pool_2d", "pool_2", chain.samples());
  } else {
    return fail(ErrorKind::kUsage, fmt::format("architecture '{}' is not known", architecture), "",
                "use dense or conv");
  }
  chain.fully_connected("logits", shape.classes, Activation::kNone);
  return std::move(chain).finish(shape.classes);
}

}  // namespace mote::train
