// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/error.h"
#include "graph/metadata.h"

namespace mote::graph {

/// Type of the elements of a value.
enum class DType : std::uint8_t { kFloat32, kInt8, kUInt8, kInt16, kInt32, kInt64, kBool, kUInt16, kUInt32 };

/// Bytes of one element.
std::int64_t size_of(DType type);
std::string_view to_string(DType type);
/// Smallest and largest element of an integer type; {0, 0} for float32.
std::pair<std::int64_t, std::int64_t> integer_range(DType type);
/// A shape as people write it: "[1, 49, 10, 1]".
std::string shape_text(const std::vector<std::int32_t>& shape);

/// Largest value that a graph may hold; keeps every size and index within int32.
inline constexpr std::int64_t kMaximumValueBytes = std::int64_t{1} << 30;

/// real = (q - zero_point) * scale; one scale for the whole value, or one for each index of `axis`.
struct Quantization {
  std::vector<float> scale;
  std::vector<std::int64_t> zero_point;  ///< as many as `scale`
  std::int32_t axis = 0;                 ///< meaningful with more than one scale

  bool per_axis() const { return scale.size() > 1; }
  bool operator==(const Quantization&) const = default;
};

/// Index of a value in Graph::values; kNone stands for an absent optional input.
using ValueId = std::int32_t;
inline constexpr ValueId kNone = -1;

/// A tensor: input, constant or result of a node. Activations are [batch][row][col][ch].
struct Value {
  std::string name;
  DType dtype = DType::kFloat32;
  std::vector<std::int32_t> shape;
  std::optional<Quantization> quantization;
  std::vector<std::uint8_t> data;  ///< little endian, row-major; empty unless constant
  bool is_state = false;           ///< written by its only reader, which finds it there again in the next run

  bool is_constant() const { return !data.empty(); }
  std::int64_t element_count() const;  ///< product of the shape; 1 for a scalar
  std::int64_t byte_count() const { return element_count() * size_of(dtype); }
};

/// The byte that a state is filled with before the first run, as TFLite Micro does: the zero point of an int8
/// value, 0 for any other.
std::uint8_t initial_byte(const Value& state);

/// Attribute of a node; names and meaning are the operator's (host/ops/<op>/<op>.h has the typed view).
using Attribute = std::variant<std::int64_t, double, std::string, std::vector<std::int64_t>>;

/// One operator applied to values.
struct Node {
  std::string op;  ///< name from host/ops/ops.def: "fully_connected"
  std::map<std::string, Attribute> attributes;
  std::vector<ValueId> inputs;
  std::vector<ValueId> outputs;
  /// Values that never exist: their quantisation is what the file knows of sums inside of the node.
  std::vector<ValueId> intermediates = {};
};

/// A model from training to firmware. Knows no operator. Nodes are in execution order.
struct Graph {
  std::string name;
  std::vector<Value> values;
  std::vector<Node> nodes;
  std::vector<ValueId> inputs;
  std::vector<ValueId> outputs;
  ModelMetadata metadata;

  const Value& value(ValueId id) const { return values.at(static_cast<std::size_t>(id)); }
  Value& value(ValueId id) { return values.at(static_cast<std::size_t>(id)); }
  /// Appends a value and returns its id.
  ValueId add(Value value);
};

/// Elements of a constant value as T; sizeof(T) must be the size of its dtype.
template <class T>
std::vector<T> elements(const Value& value) {
  std::vector<T> result(value.data.size() / sizeof(T));
  std::memcpy(result.data(), value.data.data(), result.size() * sizeof(T));
  return result;
}

/// A constant value from elements; as many as the shape says.
template <class T>
Value constant(std::string name, DType dtype, std::vector<std::int32_t> shape, const std::vector<T>& items) {
  Value value{std::move(name), dtype, std::move(shape), std::nullopt, {}};
  value.data.resize(items.size() * sizeof(T));
  std::memcpy(value.data.data(), items.data(), value.data.size());
  return value;
}

/// Checks one value by itself: dimensions from 1, at most kMaximumValueBytes, a constant as long as its shape
/// says and no state, one positive scale and one zero point in range for the whole value or for each index of
/// an existing axis. Errors (kInput) name the tensor.
Result<void> validate_value(const Graph& graph, ValueId id);

/// Checks what holds for every graph, whatever its operators: every value by itself, every node reads only
/// what is there before it (constants, states and what earlier nodes wrote), and every value is written once.
/// Errors (kInput) name tensor or node.
Result<void> validate(const Graph& graph);

/// SHA-256 over graph, weights, contract, labels and normalisation in canonical order; not over version, date
/// or names of values. 64 hexadecimal digits.
std::string content_hash(const Graph& graph);

}  // namespace mote::graph
