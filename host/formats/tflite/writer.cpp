// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "core/files.h"
#include "ops/ops.h"
#include "ops/shape.h"
#include "ops/tflite.h"
#include "tflite/tflite.h"

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
    case DType::kInt32:
      return schema::TensorType::INT32;
    case DType::kInt64:
      return schema::TensorType::INT64;
    case DType::kBool:
      return schema::TensorType::BOOL;
  }
  return schema::TensorType::FLOAT32;
}

class Writer {
 public:
  explicit Writer(const Graph& graph) : graph_(graph) {}

  Result<std::vector<std::uint8_t>> write() {
    buffers_.push_back(schema::CreateBuffer(builder_));  // buffer 0 is empty by convention
    for (std::size_t index = 0; index < graph_.values.size(); ++index) write_value(index);
    for (const graph::Node& node : graph_.nodes) MOTE_CHECK(write_node(node));
    const auto subgraphs = {
        schema::CreateSubGraph(builder_, builder_.CreateVector(tensors_),
                               builder_.CreateVector(graph_.inputs), builder_.CreateVector(graph_.outputs),
                               builder_.CreateVector(operators_), builder_.CreateString(graph_.name))};
    const std::string text = to_json_text(metadata_to_json(graph_));
    const auto metadata = {schema::CreateMetadata(builder_, builder_.CreateString(std::string(kMetadataName)),
                                                  add_buffer({text.begin(), text.end()}))};
    const auto signatures = {write_signature()};
    const auto model = schema::CreateModel(
        builder_, kSchemaVersion, builder_.CreateVector(codes_),
        builder_.CreateVector(subgraphs.begin(), subgraphs.size()), builder_.CreateString("made by Mote"),
        builder_.CreateVector(buffers_), 0, builder_.CreateVector(metadata.begin(), metadata.size()),
        builder_.CreateVector(signatures.begin(), signatures.size()));
    schema::FinishModelBuffer(builder_, model);
    return std::vector<std::uint8_t>(builder_.GetBufferPointer(),
                                     builder_.GetBufferPointer() + builder_.GetSize());
  }

 private:
  /// Adds a buffer whose data start at a multiple of 16 bytes, and returns its index.
  std::uint32_t add_buffer(const std::vector<std::uint8_t>& data) {
    builder_.ForceVectorAlignment(data.size(), sizeof(std::uint8_t), 16);
    buffers_.push_back(schema::CreateBuffer(builder_, builder_.CreateVector(data)));
    return static_cast<std::uint32_t>(buffers_.size() - 1);
  }

  void write_value(std::size_t index) {
    const graph::Value& value = graph_.values[index];
    const std::uint32_t buffer = value.is_constant() ? add_buffer(value.data) : 0;
    Offset<schema::QuantizationParameters> quantization = 0;
    if (value.quantization)
      quantization = schema::CreateQuantizationParameters(
          builder_, 0, 0, builder_.CreateVector(value.quantization->scale),
          builder_.CreateVector(value.quantization->zero_point), schema::QuantizationDetails::NONE, 0,
          value.quantization->axis);
    tensors_.push_back(schema::CreateTensor(builder_, builder_.CreateVector(value.shape),
                                            type_of(value.dtype), buffer, builder_.CreateString(value.name),
                                            quantization));
  }

  Result<void> write_node(const graph::Node& node) {
    const ops::Tflite* aspect = ops::find_tflite(node.op);
    if (aspect == nullptr)
      return fail(ErrorKind::kInput,
                  fmt::format("{} has no form in TensorFlow Lite", ops::describe(graph_, node)));
    MOTE_TRY(const ops::TfliteOptions options, aspect->write(graph_, node, builder_));
    operators_.push_back(schema::CreateOperator(
        builder_, code_index(ops::builtin_code(graph_, node), aspect->version(graph_, node)),
        builder_.CreateVector(node.inputs), builder_.CreateVector(node.outputs), options.type,
        options.offset));
    return {};
  }

  /// The index of an operator code; each pair of operator and version is written once.
  std::uint32_t code_index(schema::BuiltinOperator code, std::int32_t version) {
    const auto found = std::ranges::find(known_codes_, std::pair(code, version));
    const auto index = static_cast<std::uint32_t>(found - known_codes_.begin());
    if (found != known_codes_.end()) return index;
    known_codes_.emplace_back(code, version);
    const auto older = static_cast<std::int8_t>(std::min(static_cast<int>(code), kPlaceholderCode));
    codes_.push_back(schema::CreateOperatorCode(builder_, older, 0, version, code));
    return index;
  }

  Offset<schema::SignatureDef> write_signature() {
    const auto maps = [&](const std::vector<graph::ValueId>& ids) {
      std::vector<Offset<schema::TensorMap>> entries;
      for (const graph::ValueId id : ids)
        entries.push_back(schema::CreateTensorMap(builder_, builder_.CreateString(graph_.value(id).name),
                                                  static_cast<std::uint32_t>(id)));
      return builder_.CreateVector(entries);
    };
    const auto inputs = maps(graph_.inputs);
    const auto outputs = maps(graph_.outputs);
    return schema::CreateSignatureDef(builder_, inputs, outputs, builder_.CreateString("serving_default"));
  }

  const Graph& graph_;
  flatbuffers::FlatBufferBuilder builder_;
  std::vector<Offset<schema::Buffer>> buffers_;
  std::vector<Offset<schema::Tensor>> tensors_;
  std::vector<Offset<schema::Operator>> operators_;
  std::vector<Offset<schema::OperatorCode>> codes_;
  std::vector<std::pair<schema::BuiltinOperator, std::int32_t>> known_codes_;
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
