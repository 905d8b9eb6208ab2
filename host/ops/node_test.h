// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the tests of operators' definitions share: a graph of one node, run by the executor, and naive ways
// through tensors for what it must give.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/random.h"
#include "execute/executor.h"
#include "graph/graph.h"
#include "ops/attributes.h"

namespace mote::ops::test {

using Extents = std::vector<std::int32_t>;

/// Types of operands.
inline graph::Value tensor(graph::DType dtype, Extents shape) {
  return {"", dtype, std::move(shape), std::nullopt, {}};
}
inline graph::Value floats(Extents shape) {
  return tensor(graph::DType::kFloat32, std::move(shape));
}
inline graph::Value int32s(Extents shape) {
  return tensor(graph::DType::kInt32, std::move(shape));
}
inline graph::Value int64s(Extents shape) {
  return tensor(graph::DType::kInt64, std::move(shape));
}
inline graph::Value bools(Extents shape) {
  return tensor(graph::DType::kBool, std::move(shape));
}
inline graph::Value int8s(Extents shape, float scale = 0.5f, std::int64_t zero_point = 0) {
  graph::Value value = tensor(graph::DType::kInt8, std::move(shape));
  value.quantization = graph::Quantization{{scale}, {zero_point}, 0};
  return value;
}
inline graph::Value int16s(Extents shape, float scale) {
  graph::Value value = tensor(graph::DType::kInt16, std::move(shape));
  value.quantization = graph::Quantization{{scale}, {0}, 0};
  return value;
}

/// A graph of one node, put together operand by operand, and run. What cannot be made or run fails the test.
class OneNode {
 public:
  OneNode(std::string op, AttributeMap attributes) {
    graph_.nodes.push_back({std::move(op), std::move(attributes), {}, {}});
  }

  /// An input of the graph, and what it holds in the next runs. `items`: as many as `type` has elements.
  template <class T>
  OneNode& input(graph::Value type, const std::vector<T>& items) {
    graph_.inputs.push_back(operand(std::move(type)));
    contents_.push_back(bytes_of(graph_.value(graph_.inputs.back()), items));
    return *this;
  }
  template <class T>
  OneNode& constant(graph::Value type, const std::vector<T>& items) {
    const graph::ValueId id = operand(std::move(type));
    graph_.value(id).data = bytes_of(graph_.value(id), items);
    return *this;
  }
  /// A list of numbers, or one number as a scalar.
  OneNode& list(const std::vector<std::int32_t>& items) {
    return constant(int32s({static_cast<std::int32_t>(items.size())}), items);
  }
  OneNode& scalar(std::int32_t item) { return constant(int32s({}), std::vector<std::int32_t>{item}); }
  OneNode& state(graph::Value type) {
    type.is_state = true;
    operand(std::move(type));
    return *this;
  }
  OneNode& absent() {
    graph_.nodes[0].inputs.push_back(graph::kNone);
    return *this;
  }
  OneNode& output(graph::Value type) {
    type.name = "output " + std::to_string(graph_.outputs.size());
    graph_.outputs.push_back(graph_.add(std::move(type)));
    graph_.nodes[0].outputs.push_back(graph_.outputs.back());
    return *this;
  }

  /// What input `index` of the graph holds in the next runs.
  template <class T>
  void set(std::size_t index, const std::vector<T>& items) {
    contents_.at(index) = bytes_of(graph_.value(graph_.inputs.at(index)), items);
  }

  /// Runs, with the states that the run before left, and returns the first output; empty after a failure.
  template <class T>
  std::vector<T> run(const LowerOptions& options = {}) {
    if (!executor_) {
      auto created = execute::Executor::create(graph_, options);
      if (!created) {
        ADD_FAILURE() << to_text(created.error());
        return {};
      }
      executor_ = std::move(*created);
    }
    const std::vector<std::span<const std::uint8_t>> inputs(contents_.begin(), contents_.end());
    if (const auto done = executor_->run(inputs); !done) {
      ADD_FAILURE() << to_text(done.error());
      return {};
    }
    return output<T>(0);
  }

  /// Output `index` of the last run.
  template <class T>
  std::vector<T> output(std::size_t index) const {
    return elements<T>(executor_->output(index));
  }
  /// Input `index` of the node after the last run: a state.
  template <class T>
  std::vector<T> operand(std::size_t index) const {
    return elements<T>(executor_->value(graph_.nodes[0].inputs.at(index)));
  }

  /// Why the graph cannot be run; empty if it can.
  std::string refusal() const {
    const auto created = execute::Executor::create(graph_, {});
    return created ? "" : to_text(created.error());
  }

 private:
  graph::ValueId operand(graph::Value type) {
    type.name = "input " + std::to_string(graph_.nodes[0].inputs.size());
    const graph::ValueId id = graph_.add(std::move(type));
    graph_.nodes[0].inputs.push_back(id);
    return id;
  }

  template <class T>
  static std::vector<std::uint8_t> bytes_of(const graph::Value& value, const std::vector<T>& items) {
    std::vector<std::uint8_t> bytes(items.size() * sizeof(T));
    std::memcpy(bytes.data(), items.data(), bytes.size());
    EXPECT_EQ(static_cast<std::int64_t>(bytes.size()), value.byte_count()) << value.name;
    return bytes;
  }
  template <class T>
  static std::vector<T> elements(std::span<const std::uint8_t> bytes) {
    std::vector<T> items(bytes.size() / sizeof(T));
    std::memcpy(items.data(), bytes.data(), items.size() * sizeof(T));
    return items;
  }

  graph::Graph graph_;
  std::vector<std::vector<std::uint8_t>> contents_;
  std::optional<execute::Executor> executor_;
};

inline std::size_t count_of(const Extents& shape) {
  std::size_t count = 1;
  for (const std::int32_t extent : shape) count *= static_cast<std::size_t>(extent);
  return count;
}

/// Whole numbers in low ... high.
template <class T>
std::vector<T> whole(Rng& rng, std::size_t count, std::int64_t low, std::int64_t high) {
  std::vector<T> items(count);
  for (T& item : items)
    item = static_cast<T>(low +
                          static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(high - low + 1))));
  return items;
}
/// Floats in -1 ... 1.
inline std::vector<float> reals(Rng& rng, std::size_t count) {
  std::vector<float> items(count);
  for (float& item : items) item = static_cast<float>(rng.uniform(-1, 1));
  return items;
}

/// The coordinates of element `index` of a tensor.
inline Extents coordinates(const Extents& shape, std::size_t index) {
  Extents place(shape.size());
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    const auto extent = static_cast<std::size_t>(shape[axis]);
    place[axis] = static_cast<std::int32_t>(index % extent);
    index /= extent;
  }
  return place;
}
/// And back.
inline std::size_t index_of(const Extents& shape, const Extents& place) {
  std::size_t index = 0;
  for (std::size_t axis = 0; axis < shape.size(); ++axis)
    index = index * static_cast<std::size_t>(shape[axis]) + static_cast<std::size_t>(place.at(axis));
  return index;
}
/// The element that a tensor has at the place of a larger one that it is repeated to, aligned at the last
/// axes.
inline std::size_t repeated_index(const Extents& shape, const Extents& place) {
  Extents own(place.end() - static_cast<std::ptrdiff_t>(shape.size()), place.end());
  for (std::size_t axis = 0; axis < shape.size(); ++axis)
    if (shape[axis] == 1) own[axis] = 0;
  return index_of(shape, own);
}

/// What a quantised result may differ by from the real one, in steps: 1/2 for the rounding, 1/4 more for the
/// first of two roundings, which is at least a bit finer; and the factor has 31 bits, of at most 2^16 steps.
inline constexpr double kRequantizationSteps = 0.75 + 0x1p-14;

/// Compares quantised results with real ones that are saturated. `steps`: how far they may be apart.
template <class T>
void expect_quantized(const std::vector<T>& found, const std::vector<double>& expected, double scale,
                      std::int64_t zero_point, double steps = kRequantizationSteps) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t index = 0; index < found.size(); ++index) {
    const double wanted = std::clamp(expected[index] / scale + static_cast<double>(zero_point),
                                     static_cast<double>(std::numeric_limits<T>::min()),
                                     static_cast<double>(std::numeric_limits<T>::max()));
    EXPECT_LE(std::fabs(wanted - found[index]), steps) << "element " << index << ": " << int{found[index]};
  }
}

/// Compares floats. `error`: how far they may be apart.
inline void expect_close(const std::vector<float>& found, const std::vector<double>& expected, double error) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t index = 0; index < found.size(); ++index)
    EXPECT_LE(std::fabs(expected[index] - static_cast<double>(found[index])), error) << "element " << index;
}

}  // namespace mote::ops::test
