// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <type_traits>

#include "core/hash.h"
#include "graph/graph.h"

namespace mote::graph {
namespace {

/// Bytes in canonical order: every number in eight bytes, little endian; everything of variable length is
/// preceded by its length, so that no two different contents give the same bytes.
class Canonical {
 public:
  void number(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    for (unsigned shift = 0; shift < 64; shift += 8)
      bytes_.push_back(static_cast<std::uint8_t>(bits >> shift));
  }
  void real(double value) { number(std::bit_cast<std::int64_t>(value)); }
  void text(std::string_view value) {
    number(static_cast<std::int64_t>(value.size()));
    bytes_.insert(bytes_.end(), value.begin(), value.end());
  }
  void blob(const std::vector<std::uint8_t>& value) {
    number(static_cast<std::int64_t>(value.size()));
    bytes_.insert(bytes_.end(), value.begin(), value.end());
  }
  template <class Items, class Write>
  void list(const Items& items, Write write) {
    number(static_cast<std::int64_t>(items.size()));
    for (const auto& item : items) write(item);
  }
  std::string digest() const { return sha256(bytes_); }

 private:
  std::vector<std::uint8_t> bytes_;
};

/// Writes a graph so that names and the order in which values are stored do not matter: a value is spelled
/// out where the graph first uses it and has the number of that use from then on.
class GraphWriter {
 public:
  GraphWriter(const Graph& graph, Canonical& out)
      : graph_(graph), out_(out), number_(graph.values.size(), kNone) {}

  void write() {
    out_.list(graph_.inputs, [&](ValueId id) { value(id); });
    out_.list(graph_.nodes, [&](const Node& node) {
      out_.text(node.op);
      out_.list(node.attributes, [&](const auto& entry) {
        out_.text(entry.first);
        attribute(entry.second);
      });
      out_.list(node.inputs, [&](ValueId id) { value(id); });
      out_.list(node.outputs, [&](ValueId id) { value(id); });
      if (!node.intermediates.empty()) out_.list(node.intermediates, [&](ValueId id) { value(id); });
    });
    out_.list(graph_.outputs, [&](ValueId id) { value(id); });
  }

 private:
  void value(ValueId id) {
    if (id == kNone) return out_.number(kNone);
    ValueId& number = number_[static_cast<std::size_t>(id)];
    const bool first = number == kNone;
    if (first) number = next_++;
    out_.number(number);
    if (!first) return;
    const Value& value = graph_.value(id);
    out_.number(static_cast<std::int64_t>(value.dtype));
    out_.list(value.shape, [&](std::int32_t extent) { out_.number(extent); });
    const Quantization quantization = value.quantization.value_or(Quantization{});
    out_.list(quantization.scale, [&](float scale) { out_.real(scale); });
    out_.list(quantization.zero_point, [&](std::int64_t zero_point) { out_.number(zero_point); });
    out_.number(quantization.per_axis() ? quantization.axis : 0);
    out_.blob(value.data);
    if (value.is_state) out_.text("state");
  }

  void attribute(const Attribute& attribute) {
    out_.number(static_cast<std::int64_t>(attribute.index()));
    std::visit(
        [&](const auto& item) {
          using Item = std::decay_t<decltype(item)>;
          if constexpr (std::is_same_v<Item, std::int64_t>) out_.number(item);
          if constexpr (std::is_same_v<Item, double>) out_.real(item);
          if constexpr (std::is_same_v<Item, std::string>) out_.text(item);
          if constexpr (std::is_same_v<Item, std::vector<std::int64_t>>)
            out_.list(item, [&](std::int64_t number) { out_.number(number); });
        },
        attribute);
  }

  const Graph& graph_;
  Canonical& out_;
  std::vector<ValueId> number_;
  ValueId next_ = 0;
};

void write_metadata(const ModelMetadata& metadata, Canonical& out) {
  out.list(metadata.labels, [&](const std::string& label) { out.text(label); });
  out.number(metadata.background.has_value() ? 1 : 0);
  out.text(metadata.background.value_or(""));
  out.number(metadata.sensor.has_value() ? 1 : 0);
  const project::SensorDescription sensor = metadata.sensor.value_or(project::SensorDescription{});
  out.number(sensor.rate_millihertz);
  out.text(sensor.mounting);
  out.list(sensor.groups, [&](const project::SensorGroup& group) {
    out.number(static_cast<std::int64_t>(group.kind));
    out.list(group.axes, [&](const std::string& axis) { out.text(axis); });
    out.number(static_cast<std::int64_t>(group.unit));
    out.real(group.range);
  });
  out.number(metadata.window_samples);
  out.number(metadata.hop_samples);
  out.list(metadata.normalization, [&](const AxisNormalization& axis) {
    out.real(axis.mean);
    out.real(axis.standard_deviation);
    out.number(axis.multiplier);
    out.number(axis.bias);
    out.number(axis.shift);
  });
  // Last, so that a model without features keeps the hash that it had before there were any.
  if (metadata.features.empty()) return;
  out.list(metadata.features, [&](const project::FeatureBlock& block) {
    out.text(block.block);
    out.text(block.settings.dump(-1, ' ', true, Json::error_handler_t::replace));
  });
}

}  // namespace

std::string content_hash(const Graph& graph) {
  Canonical canonical;
  canonical.text("mote-content/1");
  GraphWriter(graph, canonical).write();
  write_metadata(graph.metadata, canonical);
  return canonical.digest();
}

}  // namespace mote::graph
