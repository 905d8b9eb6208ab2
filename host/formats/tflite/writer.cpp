// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "core/files.h"
#include "ops/ops.h"
#include "ops/shape.h"
#include "ops/tflite.h"
#include "tflite/standard_metadata.h"
#include "tflite/tflite.h"
#include "tflite/zip.h"

namespace mote::tflite {
namespace {

namespace schema = tflite_schema;
using flatbuffers::Offset;
using graph::DType;
using graph::Graph;

constexpr std::uint32_t kSchemaVersion = 3;
constexpr int kPlaceholderCode = 127;  // stands in the older field for numbers that do not fit into it

schema::TensorType type_of(DType type) {
  switch (type) {
    case DType::kFloat32:
      return schema::TensorType::FLOAT32;
    case DType::kInt8:
      return schema::TensorType::INT8;
    case DType::kUInt8:
      return schema::TensorType::UINT8;
    case DType::kInt16:
      return schema::TensorType::INT16;
    case DType::kUInt16:
      return schema::TensorType::UINT16;
    case DType::kInt32:
      return schema::TensorType::INT32;
    case DType::kInt64:
      return schema::TensorType::INT64;
    case DType::kBool:
      return schema::TensorType::BOOL;
    case DType::kUInt32:
      return schema::TensorType::UINT32;
  }
  return schema::TensorType::FLOAT32;
}

class Writer {
 public:
  explicit Writer(const Graph& graph) : graph_(graph) {}

  /// Each part has a statement of its own: the order of bytes is the same whatever compiles this.
  Result<std::vector<std::uint8_t>> write() {
    buffers_.push_back(schema::CreateBuffer(builder_));  // buffer 0 is empty by convention
    MOTE_CHECK(find_custom_values());
    for (std::size_t index = 0; index < shown_values_; ++index) write_value(index);
    for (const graph::Node& node : graph_.nodes) MOTE_CHECK(write_node(node));
    const auto subgraphs = write_subgraph();
    const std::string text = to_json_text(metadata_to_json(graph_));
    const std::vector entries = {write_metadata(kMetadataName, {text.begin(), text.end()}),
                                 write_metadata(kStandardMetadataName, standard_metadata(graph_))};
    const auto metadata = builder_.CreateVector(entries);
    const auto signatures = write_signature();
    const auto codes = builder_.CreateVector(codes_);
    const auto maker = builder_.CreateString("made by Mote");
    const auto buffers = builder_.CreateVector(buffers_);
    schema::FinishModelBuffer(builder_, schema::CreateModel(builder_, kSchemaVersion, codes, subgraphs, maker,
                                                            buffers, 0, metadata, signatures));
    std::vector<std::uint8_t> file(builder_.GetBufferPointer(),
                                   builder_.GetBufferPointer() + builder_.GetSize());
    if (!graph_.metadata.labels.empty())
      append_zip(file, {{std::string(kLabelsFile), labels_text(graph_.metadata.labels)}});
    return file;
  }

 private:
  /// Adds a buffer whose data start at a multiple of 16 bytes, and returns its index.
  std::uint32_t add_buffer(const std::vector<std::uint8_t>& data) {
    builder_.ForceVectorAlignment(data.size(), sizeof(std::uint8_t), 16);
    buffers_.push_back(schema::CreateBuffer(builder_, builder_.CreateVector(data)));
    return static_cast<std::uint32_t>(buffers_.size() - 1);
  }

  Offset<schema::Metadata> write_metadata(std::string_view name, const std::vector<std::uint8_t>& data) {
    const std::uint32_t buffer = add_buffer(data);
    return schema::CreateMetadata(builder_, builder_.CreateString(name.data(), name.size()), buffer);
  }

  /// What a graph knows of custom operators beyond the file: their states, which stand behind all other
  /// values, and which values are unsigned. Errors (kInternal): a state stands elsewhere.
  Result<void> find_custom_values() {
    is_unsigned_.resize(graph_.values.size());
    std::size_t hidden = 0;
    for (const graph::Node& node : graph_.nodes) {
      const ops::Tflite* aspect = ops::find_tflite(node.op);
      if (aspect == nullptr || aspect->customs.empty()) continue;
      for (const auto* ids : {&node.inputs, &node.outputs})
        for (const graph::ValueId id : *ids)
          if (id != graph::kNone) is_unsigned_[static_cast<std::size_t>(id)] = true;
      hidden += hidden_count(*aspect, node);
    }
    shown_values_ = graph_.values.size() - hidden;
    std::size_t next = shown_values_;
    for (const graph::Node& node : graph_.nodes) {
      const ops::Tflite* aspect = ops::find_tflite(node.op);
      for (std::size_t left = aspect == nullptr ? 0 : hidden_count(*aspect, node); left > 0; --left)
        if (node.inputs[node.inputs.size() - left] != static_cast<graph::ValueId>(next++))
          return fail(ErrorKind::kInternal, fmt::format("the state of {} does not stand behind all values",
                                                        ops::describe(graph_, node)));
    }
    return {};
  }

  static std::size_t hidden_count(const ops::Tflite& aspect, const graph::Node& node) {
    return aspect.hidden_states == nullptr ? 0 : aspect.hidden_states(node.attributes).size();
  }

  void write_value(std::size_t index) {
    const graph::Value& value = graph_.values[index];
    const std::uint32_t buffer = value.is_constant() ? add_buffer(value.data) : 0;
    Offset<schema::QuantizationParameters> quantization = 0;
    if (value.quantization) {
      const auto scale = builder_.CreateVector(value.quantization->scale);
      const auto zero_point = builder_.CreateVector(value.quantization->zero_point);
      quantization = schema::CreateQuantizationParameters(
          builder_, 0, 0, scale, zero_point, schema::QuantizationDetails::NONE, 0, value.quantization->axis);
    }
    const auto shape = builder_.CreateVector(value.shape);
    const auto name = builder_.CreateString(value.name);
    const bool is_unsigned = value.dtype == DType::kInt64 && is_unsigned_[index];
    tensors_.push_back(schema::CreateTensor(builder_, shape,
                                            is_unsigned ? schema::TensorType::UINT64 : type_of(value.dtype),
                                            buffer, name, quantization, value.is_state));
  }

  Result<void> write_node(const graph::Node& node) {
    const ops::Tflite* aspect = ops::find_tflite(node.op);
    if (aspect == nullptr)
      return fail(ErrorKind::kInput,
                  fmt::format("{} has no form in TensorFlow Lite", ops::describe(graph_, node)));
    if (!aspect->customs.empty()) return write_custom(*aspect, node);
    MOTE_TRY(const ops::TfliteOptions options, aspect->write(graph_, node, builder_));
    const std::uint32_t code = code_index(ops::builtin_code(graph_, node), aspect->version(graph_, node));
    const auto inputs = builder_.CreateVector(node.inputs);
    const auto outputs = builder_.CreateVector(node.outputs);
    const auto intermediates = node.intermediates.empty() ? 0 : builder_.CreateVector(node.intermediates);
    operators_.push_back(schema::CreateOperator(builder_, code, inputs, outputs, options.type, options.offset,
                                                0, schema::CustomOptionsFormat::FLEXBUFFERS, 0,
                                                intermediates));
    return {};
  }

  Result<void> write_custom(const ops::Tflite& aspect, const graph::Node& node) {
    MOTE_TRY(const ops::CustomOptions custom, aspect.write_custom(graph_, node));
    const std::uint32_t code =
        code_index(schema::BuiltinOperator::CUSTOM, aspect.version(graph_, node), std::string(custom.name));
    const auto inputs =
        builder_.CreateVector(node.inputs.data(), node.inputs.size() - hidden_count(aspect, node));
    const auto outputs = builder_.CreateVector(node.outputs);
    const auto options = custom.bytes.empty() ? 0 : builder_.CreateVector(custom.bytes);
    operators_.push_back(
        schema::CreateOperator(builder_, code, inputs, outputs, schema::BuiltinOptions::NONE, 0, options));
    return {};
  }

  Offset<flatbuffers::Vector<Offset<schema::SubGraph>>> write_subgraph() {
    const auto tensors = builder_.CreateVector(tensors_);
    const auto inputs = builder_.CreateVector(graph_.inputs);
    const auto outputs = builder_.CreateVector(graph_.outputs);
    const auto operators = builder_.CreateVector(operators_);
    const auto name = builder_.CreateString(graph_.name);
    const std::vector subgraph = {
        schema::CreateSubGraph(builder_, tensors, inputs, outputs, operators, name)};
    return builder_.CreateVector(subgraph);
  }

  /// The index of an operator code; each triple of operator, version and custom name is written once.
  std::uint32_t code_index(schema::BuiltinOperator code, std::int32_t version,
                           const std::string& custom = {}) {
    const auto found = std::ranges::find(known_codes_, std::tuple(code, version, custom));
    const auto index = static_cast<std::uint32_t>(found - known_codes_.begin());
    if (found != known_codes_.end()) return index;
    known_codes_.emplace_back(code, version, custom);
    const auto older = static_cast<std::int8_t>(std::min(static_cast<int>(code), kPlaceholderCode));
    const auto name = custom.empty() ? 0 : builder_.CreateString(custom);
    codes_.push_back(schema::CreateOperatorCode(builder_, older, name, version, code));
    return index;
  }

  Offset<flatbuffers::Vector<Offset<schema::SignatureDef>>> write_signature() {
    const auto maps = [&](const std::vector<graph::ValueId>& ids) {
      std::vector<Offset<schema::TensorMap>> entries;
      for (const graph::ValueId id : ids)
        entries.push_back(schema::CreateTensorMap(builder_, builder_.CreateString(graph_.value(id).name),
                                                  static_cast<std::uint32_t>(id)));
      return builder_.CreateVector(entries);
    };
    const auto inputs = maps(graph_.inputs);
    const auto outputs = maps(graph_.outputs);
    const std::vector signature = {
        schema::CreateSignatureDef(builder_, inputs, outputs, builder_.CreateString("serving_default"))};
    return builder_.CreateVector(signature);
  }

  const Graph& graph_;
  flatbuffers::FlatBufferBuilder builder_;
  std::vector<Offset<schema::Buffer>> buffers_;
  std::vector<Offset<schema::Tensor>> tensors_;
  std::vector<Offset<schema::Operator>> operators_;
  std::vector<Offset<schema::OperatorCode>> codes_;
  std::vector<std::tuple<schema::BuiltinOperator, std::int32_t, std::string>> known_codes_;
  std::size_t shown_values_ = 0;   ///< without the hidden states of custom operators
  std::vector<bool> is_unsigned_;  ///< [value] whether it belongs to a custom operator
};

}  // namespace

Result<std::vector<std::uint8_t>> write(const Graph& graph) {
  MOTE_CHECK(ops::check(graph));
  std::size_t constant_bytes = 0;
  for (const graph::Value& value : graph.values) constant_bytes += value.data.size();
  if (constant_bytes > kMaximumConstantBytes)
    return fail(ErrorKind::kInternal, fmt::format("the model has {} bytes of constants, at most {} fit",
                                                  constant_bytes, kMaximumConstantBytes));
  return Writer(graph).write();
}

Result<void> write_file(const std::filesystem::path& path, const Graph& graph) {
  MOTE_TRY(const std::vector<std::uint8_t> bytes, write(graph));
  return mote::write_file(path, std::span<const std::uint8_t>(bytes));
}

}  // namespace mote::tflite
