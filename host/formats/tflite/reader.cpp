// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/files.h"
#include "ops/ops.h"
#include "ops/shape.h"
#include "ops/tflite.h"
#include "tflite/tflite.h"

namespace mote::tflite {
namespace {

namespace schema = tflite_schema;
using graph::DType;
using graph::Graph;
using graph::ValueId;

constexpr std::uint32_t kSchemaVersion = 3;
constexpr int kMaximumDepth = 64;

Result<DType> dtype_of(schema::TensorType type) {
  switch (type) {
    case schema::TensorType::FLOAT32:
      return DType::kFloat32;
    case schema::TensorType::INT8:
      return DType::kInt8;
    case schema::TensorType::UINT8:
      return DType::kUInt8;
    case schema::TensorType::INT16:
      return DType::kInt16;
    case schema::TensorType::INT32:
      return DType::kInt32;
    case schema::TensorType::INT64:
      return DType::kInt64;
    case schema::TensorType::BOOL:
      return DType::kBool;
    default:
      return fail(ErrorKind::kInput, fmt::format("data type {} ({}) is not supported", static_cast<int>(type),
                                                 schema::EnumNameTensorType(type)));
  }
}

/// The elements of a vector of numbers that may be absent. Real files have vectors of 8-byte numbers at
/// addresses that are multiples of 4 only, so nothing but a copy of bytes may touch them.
template <class T>
std::vector<T> copy_of(const flatbuffers::Vector<T>* vector) {
  static_assert(FLATBUFFERS_LITTLEENDIAN, "the elements are copied as they stand in the file");
  std::vector<T> result(vector == nullptr ? 0 : vector->size());
  if (!result.empty()) std::memcpy(result.data(), vector->Data(), result.size() * sizeof(T));
  return result;
}

std::string text_of(const flatbuffers::String* text) {
  return text == nullptr ? std::string() : text->str();
}

template <class T>
std::size_t size_of(const flatbuffers::Vector<T>* vector) {
  return vector == nullptr ? 0 : vector->size();
}

/// Reads one verified file. Verified means that every offset and length stays inside of it, nothing more.
class Reader {
 public:
  Reader(const schema::Model& model, std::string_view where, ReadOptions options)
      : model_(model), where_(where), options_(options) {}

  Result<Graph> read() {
    MOTE_CHECK(check_frame());
    const schema::SubGraph* subgraph = model_.subgraphs()->Get(0);
    graph_.name = text_of(subgraph->name());
    graph_.inputs = copy_of(subgraph->inputs());
    graph_.outputs = copy_of(subgraph->outputs());
    MOTE_CHECK(read_operators(*subgraph));
    MOTE_CHECK(read_tensors(*subgraph));
    if (auto checked = ops::check(graph_); !checked) {
      checked.error().where = where_ + (checked.error().where.empty() ? "" : ", " + checked.error().where);
      return std::unexpected(std::move(checked.error()));
    }
    MOTE_CHECK(read_metadata());
    return std::move(graph_);
  }

 private:
  std::unexpected<Error> refuse(std::string what, std::string hint = {}) const {
    return fail(ErrorKind::kInput, std::move(what), where_, std::move(hint));
  }

  Result<void> check_frame() const {
    if (model_.version() != kSchemaVersion)
      return refuse(
          fmt::format("the file has schema version {}, expected {}", model_.version(), kSchemaVersion));
    if (size_of(model_.subgraphs()) != 1)
      return refuse(fmt::format("the model has {} subgraphs, expected 1", size_of(model_.subgraphs())),
                    "control flow (IF, WHILE, CALL_ONCE) is not supported");
    const schema::SubGraph* subgraph = model_.subgraphs()->Get(0);
    const std::size_t most =
        std::max({size_of(subgraph->tensors()), size_of(subgraph->operators()), size_of(model_.buffers()),
                  size_of(model_.metadata()), size_of(model_.operator_codes()), size_of(subgraph->inputs()),
                  size_of(subgraph->outputs())});
    if (most > kMaximumItems)
      return refuse(fmt::format("the model has {} tensors, operators or buffers, at most {} are supported",
                                most, kMaximumItems));
    return {};
  }

  Result<const schema::Buffer*> buffer(std::uint32_t index, std::string_view user) const {
    if (index >= size_of(model_.buffers()))
      return refuse(
          fmt::format("{} refers to buffer {}, the file has {}", user, index, size_of(model_.buffers())));
    const schema::Buffer* buffer = model_.buffers()->Get(index);
    if (buffer->offset() > 1 || buffer->size() > 1)
      return refuse(fmt::format("{} lies in buffer {} behind the model, which is not supported", user, index),
                    "such files come from models above 2 GB");
    return buffer;
  }

  Result<void> read_operators(const schema::SubGraph& subgraph) {
    for (std::size_t index = 0; index < size_of(subgraph.operators()); ++index) {
      const schema::Operator& op = *subgraph.operators()->Get(static_cast<flatbuffers::uoffset_t>(index));
      if (options_.until_unsupported && !graph_.nodes.empty() && !operator_code(op, index)) {
        graph_.outputs = graph_.nodes.back().outputs;
        break;
      }
      MOTE_CHECK(read_operator(op, index));
    }
    return {};
  }

  /// Which tensors of a subgraph any operator reads or writes, or the caller.
  std::vector<bool> used_tensors(std::size_t count) const {
    std::vector<bool> used(count);
    const auto mark = [&](const std::vector<ValueId>& ids) {
      for (const ValueId id : ids)
        if (id >= 0 && static_cast<std::size_t>(id) < count) used[static_cast<std::size_t>(id)] = true;
    };
    mark(graph_.inputs);
    mark(graph_.outputs);
    for (const graph::Node& node : graph_.nodes) {
      mark(node.inputs);
      mark(node.outputs);
    }
    return used;
  }

  /// Reads the tensors that anything uses. Another one may be what Mote cannot hold: of it only the name is
  /// kept, so that the number of a value stays the number of its tensor.
  Result<void> read_tensors(const schema::SubGraph& subgraph) {
    const std::vector<bool> used = used_tensors(size_of(subgraph.tensors()));
    for (std::size_t index = 0; index < used.size(); ++index) {
      const schema::Tensor& tensor = *subgraph.tensors()->Get(static_cast<flatbuffers::uoffset_t>(index));
      graph::Value value;
      value.name = text_of(tensor.name());
      if (used[index]) MOTE_CHECK(read_tensor(tensor, index, value));
      graph_.values.push_back(std::move(value));
    }
    return {};
  }

  Result<void> read_tensor(const schema::Tensor& tensor, std::size_t index, graph::Value& value) {
    const std::string place = fmt::format("tensor {} '{}'", index, value.name);
    auto dtype = dtype_of(tensor.type());
    if (!dtype) return refuse(place + ": " + dtype.error().what);
    value.dtype = *dtype;
    value.shape = copy_of(tensor.shape());
    if (tensor.is_variable()) return refuse(place + " keeps a state between runs, which is not supported");
    if (tensor.sparsity() != nullptr) return refuse(place + " is sparse, which is not supported");
    MOTE_TRY(const schema::Buffer* data, buffer(tensor.buffer(), place));
    constant_bytes_ += size_of(data->data());
    if (constant_bytes_ > kMaximumConstantBytes)
      return refuse(
          fmt::format("the tensors up to {} hold more than {} bytes", index, kMaximumConstantBytes));
    value.data = copy_of(data->data());
    if (tensor.quantization() != nullptr && value.dtype != DType::kFloat32)
      MOTE_CHECK(read_quantization(*tensor.quantization(), place, value));
    return {};
  }

  Result<void> read_quantization(const schema::QuantizationParameters& parameters, const std::string& place,
                                 graph::Value& value) const {
    if (parameters.details_type() != schema::QuantizationDetails::NONE)
      return refuse(place + " has a kind of quantisation that is not supported");
    graph::Quantization quantization;
    quantization.scale = copy_of(parameters.scale());
    quantization.zero_point = copy_of(parameters.zero_point());
    quantization.axis = parameters.quantized_dimension();
    if (quantization.scale.empty()) return {};  // only a recorded range, or nothing
    if (quantization.zero_point.empty()) quantization.zero_point.resize(quantization.scale.size());
    value.quantization = std::move(quantization);
    return {};
  }

  Result<schema::BuiltinOperator> operator_code(const schema::Operator& op, std::size_t index) const {
    if (op.opcode_index() >= size_of(model_.operator_codes()))
      return refuse(fmt::format("operator {} refers to operator code {}, the file has {}", index,
                                op.opcode_index(), size_of(model_.operator_codes())));
    const schema::OperatorCode* code = model_.operator_codes()->Get(op.opcode_index());
    // Numbers above 127 only fit into the newer field; the older one then holds a placeholder.
    const int number =
        std::max(static_cast<int>(code->deprecated_builtin_code()), static_cast<int>(code->builtin_code()));
    const auto builtin = static_cast<schema::BuiltinOperator>(number);
    if (!ops::find_op(builtin).empty()) return builtin;
    std::string name = schema::EnumNameBuiltinOperator(builtin);
    if (builtin == schema::BuiltinOperator::CUSTOM) name = "CUSTOM '" + text_of(code->custom_code()) + "'";
    return refuse(fmt::format("operator {} ({} {}) is not supported", index, number, name),
                  fmt::format("supported are {}", fmt::join(ops::names(), ", ")));
  }

  Result<void> read_operator(const schema::Operator& op, std::size_t index) {
    MOTE_TRY(const schema::BuiltinOperator code, operator_code(op, index));
    graph::Node node;
    node.op = ops::find_op(code);
    auto attributes = ops::find_tflite(node.op)->read(op, code);
    if (!attributes)
      return refuse(fmt::format("operator {} ({}): {}", index, node.op, attributes.error().what));
    node.attributes = std::move(*attributes);
    node.inputs = copy_of(op.inputs());
    node.outputs = copy_of(op.outputs());
    graph_.nodes.push_back(std::move(node));
    return {};
  }

  Result<void> read_metadata() {
    for (std::size_t index = 0; index < size_of(model_.metadata()); ++index) {
      const schema::Metadata* entry = model_.metadata()->Get(static_cast<flatbuffers::uoffset_t>(index));
      if (text_of(entry->name()) != kMetadataName) continue;
      MOTE_TRY(const schema::Buffer* data, buffer(entry->buffer(), "metadata"));
      const std::vector<std::uint8_t> bytes = copy_of(data->data());
      MOTE_TRY(const Json json,
               parse_json({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, where_));
      MOTE_TRY(graph_.metadata, metadata_from_json(json, where_));
      MOTE_TRY(const std::string hash, json_field<std::string>(json, "content_hash", where_));
      if (hash != graph::content_hash(graph_))
        return refuse(
            "the model differs from the content hash in its metadata: it was changed after it was written",
            "write it again, or remove the metadata entry 'mote'");
      return {};
    }
    return {};
  }

  const schema::Model& model_;
  std::string where_;
  ReadOptions options_;
  Graph graph_;
  std::size_t constant_bytes_ = 0;
};

/// A copy at an address that is aligned as the format wants it.
struct AlignedCopy {
  explicit AlignedCopy(std::span<const std::uint8_t> bytes) : blocks((bytes.size() + 15) / 16) {
    std::memcpy(blocks.data(), bytes.data(), bytes.size());
  }
  const std::uint8_t* data() const { return blocks.data()->bytes; }

  struct alignas(16) Block {
    std::uint8_t bytes[16];
  };
  std::vector<Block> blocks;
};

}  // namespace

Result<Graph> read(std::span<const std::uint8_t> file, std::string_view where, ReadOptions options) {
  const auto refuse = [&](std::string what) {
    return fail(ErrorKind::kInput, std::move(what), std::string(where));
  };
  if (file.size() > kDefaultFileLimitBytes)
    return refuse(fmt::format("{} bytes, at most {} are supported", file.size(), kDefaultFileLimitBytes));
  if (file.size() < 8) return refuse("no TensorFlow Lite file: too short");
  const AlignedCopy copy(file);
  if (!schema::ModelBufferHasIdentifier(copy.data()))
    return refuse("no TensorFlow Lite file: it lacks the identifier 'TFL3'");
  flatbuffers::Verifier verifier(copy.data(), file.size(), kMaximumDepth);
  if (!schema::VerifyModelBuffer(verifier))
    return refuse("damaged: an offset or a length points outside of the file");
  return Reader(*schema::GetModel(copy.data()), where, options).read();
}

Result<Graph> read_file(const std::filesystem::path& path) {
  MOTE_TRY(const std::vector<std::uint8_t> bytes, read_bytes(path));
  return read(bytes, path.string());
}

}  // namespace mote::tflite
