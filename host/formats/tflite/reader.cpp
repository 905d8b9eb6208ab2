// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>

#include "core/files.h"
#include "ops/ops.h"
#include "ops/refused.h"
#include "ops/shape.h"
#include "ops/tflite.h"
#include "tflite/small_types.h"
#include "tflite/tflite.h"

namespace mote::tflite {
namespace {

namespace schema = tflite_schema;
using graph::DType;
using graph::Graph;
using graph::ValueId;

constexpr std::uint32_t kSchemaVersion = 3;
constexpr int kMaximumDepth = 64;

/// How the elements of a tensor are held in a graph; none if Mote cannot hold them.
std::optional<DType> dtype_of(schema::TensorType type) {
  switch (type) {
    case schema::TensorType::FLOAT32:
      return DType::kFloat32;
    case schema::TensorType::INT4:  // constants only, see unpack_int4()
    case schema::TensorType::INT8:
      return DType::kInt8;
    case schema::TensorType::UINT8:
      return DType::kUInt8;
    case schema::TensorType::INT16:
      return DType::kInt16;
    case schema::TensorType::INT32:
      return DType::kInt32;
    case schema::TensorType::INT64:
    case schema::TensorType::UINT64:  // sums of a signal's energies, which stay below 2^63
      return DType::kInt64;
    case schema::TensorType::BOOL:
      return DType::kBool;
    case schema::TensorType::UINT16:
      return DType::kUInt16;
    case schema::TensorType::UINT32:
      return DType::kUInt32;
    default:
      return std::nullopt;
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

template <class T>
const T& item(const flatbuffers::Vector<flatbuffers::Offset<T>>* vector, std::size_t index) {
  return *vector->Get(static_cast<flatbuffers::uoffset_t>(index));
}

/// What the attributes of a node occupy, roughly.
std::size_t bytes_of(const ops::AttributeMap& attributes) {
  std::size_t bytes = 0;
  for (const auto& [name, attribute] : attributes) {
    if (const auto* list = std::get_if<std::vector<std::int64_t>>(&attribute)) bytes += list->size() * 8;
    if (const auto* text = std::get_if<std::string>(&attribute)) bytes += text->size();
  }
  return bytes;
}

schema::BuiltinOperator builtin_of(const schema::OperatorCode& code) {
  // Numbers above 127 only fit into the newer field; the older one then holds a placeholder.
  return static_cast<schema::BuiltinOperator>(
      std::max(static_cast<int>(code.deprecated_builtin_code()), static_cast<int>(code.builtin_code())));
}

std::string name_of(const schema::OperatorCode& code) {
  const schema::BuiltinOperator builtin = builtin_of(code);
  if (builtin == schema::BuiltinOperator::CUSTOM)
    return fmt::format("CUSTOM '{}'", text_of(code.custom_code()));
  const char* name = schema::EnumNameBuiltinOperator(builtin);
  return *name == 0 ? fmt::format("builtin {}", static_cast<int>(builtin)) : name;
}

std::string_view refusal(const schema::OperatorCode& code) {
  const schema::BuiltinOperator builtin = builtin_of(code);
  if (builtin != schema::BuiltinOperator::CUSTOM) return ops::refusal(builtin);
  const flatbuffers::String* name = code.custom_code();
  return ops::refusal_of_custom(name == nullptr ? std::string_view() : name->string_view());
}

/// Reads one verified file. Verified means that every offset and length stays inside of it, nothing more.
class Reader {
 public:
  Reader(const schema::Model& model, std::string_view where, std::size_t file_bytes)
      : model_(model), where_(where), most_bytes_(most_bytes(file_bytes)) {}

  /// Reads all that Mote supports and keeps account of what it does not. Errors: no sense can be made of the
  /// file.
  Result<void> read_content() {
    MOTE_CHECK(check_frame());
    const schema::SubGraph& subgraph = item(model_.subgraphs(), 0);
    graph_.name = text_of(subgraph.name());
    graph_.inputs = copy_of(subgraph.inputs());
    graph_.outputs = copy_of(subgraph.outputs());
    graph_.values.resize(size_of(subgraph.tensors()));
    first_user_.resize(graph_.values.size());
    for (std::size_t index = 0; index < size_of(subgraph.operators()); ++index)
      MOTE_CHECK(read_operator(item(subgraph.operators(), index), index));
    MOTE_CHECK(read_tensors());
    add_hidden_states();
    check_nodes();
    if (size_of(model_.subgraphs()) > 1)
      note({.reason = fmt::format("the model has {} subgraphs, expected 1: control flow is not supported",
                                  size_of(model_.subgraphs()))});
    return {};
  }

  std::vector<Unsupported> unsupported() && { return std::move(unsupported_); }

  /// What was read, as one graph, if nothing of it is unsupported.
  Result<Graph> graph(ReadOptions options) && {
    if (options.until_unsupported) end_before_unsupported();
    if (!unsupported_.empty()) return refuse_unsupported();
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

  std::unexpected<Error> refuse_unsupported() const {
    const Unsupported& first = unsupported_.front();
    std::string where = where_;
    if (first.index) where += fmt::format(", operator {} ({})", *first.index, first.op);
    if (!first.tensor.empty()) where += fmt::format(", tensor '{}'", first.tensor);
    std::string hint;
    if (unsupported_.size() > 1)
      hint = fmt::format("`mote inspect` lists this and {} more", unsupported_.size() - 1);
    return fail(ErrorKind::kInput, first.reason, std::move(where), std::move(hint));
  }

  /// Keeps the list in the order of operators, what is about none of them last.
  void note(Unsupported unsupported) {
    const auto order = [](const Unsupported& item) { return item.index.value_or(kMaximumItems); };
    const auto behind = std::ranges::upper_bound(unsupported_, order(unsupported), {}, order);
    unsupported_.insert(behind, std::move(unsupported));
  }

  /// Counts what is copied out of the file, where many tables may share one vector.
  Result<void> charge(std::size_t bytes) {
    bytes_ += bytes;
    if (bytes_ <= most_bytes_) return {};
    return refuse(fmt::format("the model unfolds to more than {} bytes", most_bytes_),
                  "many tensors or operators share the same bytes of the file");
  }

  Result<void> check_frame() const {
    if (model_.version() != kSchemaVersion)
      return refuse(
          fmt::format("the file has schema version {}, expected {}", model_.version(), kSchemaVersion));
    if (size_of(model_.subgraphs()) == 0) return refuse("the model has no subgraph, expected 1");
    const schema::SubGraph& subgraph = item(model_.subgraphs(), 0);
    const std::size_t most =
        std::max({size_of(subgraph.tensors()), size_of(subgraph.operators()), size_of(model_.buffers()),
                  size_of(model_.metadata()), size_of(model_.operator_codes()), size_of(subgraph.inputs()),
                  size_of(subgraph.outputs())});
    if (most > kMaximumItems)
      return refuse(fmt::format("the model has {} tensors, operators or buffers, at most {} are supported",
                                most, kMaximumItems));
    return {};
  }

  bool is_tensor(ValueId id) const { return id >= 0 && static_cast<std::size_t>(id) < graph_.values.size(); }

  const schema::Tensor& tensor(ValueId id) const {
    return item(item(model_.subgraphs(), 0).tensors(), static_cast<std::size_t>(id));
  }

  std::string name_of_tensor(ValueId id) const {
    return is_tensor(id) ? text_of(tensor(id).name()) : std::string();
  }

  /// The code of an operator. Errors: it has none.
  Result<const schema::OperatorCode*> operator_code(std::size_t index) const {
    const std::uint32_t number = item(item(model_.subgraphs(), 0).operators(), index).opcode_index();
    if (number >= size_of(model_.operator_codes()))
      return refuse(fmt::format("operator {} refers to operator code {}, the file has {}", index, number,
                                size_of(model_.operator_codes())));
    return &item(model_.operator_codes(), number);
  }

  void note_operator(std::size_t index, const schema::OperatorCode& code, ValueId output,
                     std::string_view reason) {
    note({index, name_of(code), name_of_tensor(output), std::string(reason)});
  }

  Result<void> read_operator(const schema::Operator& op, std::size_t index) {
    MOTE_TRY(const schema::OperatorCode* code, operator_code(index));
    MOTE_CHECK(charge(4 * (size_of(op.inputs()) + size_of(op.outputs()) + size_of(op.intermediates()))));
    graph::Node node;
    node.inputs = copy_of(op.inputs());
    node.outputs = copy_of(op.outputs());
    node.intermediates = copy_of(op.intermediates());
    if (widens_constant(builtin_of(*code), node)) return {};
    const ValueId output = node.outputs.empty() ? graph::kNone : node.outputs[0];
    const bool is_custom = builtin_of(*code) == schema::BuiltinOperator::CUSTOM;
    const std::string custom = text_of(code->custom_code());
    node.op = is_custom ? ops::find_custom_op(custom) : ops::find_op(builtin_of(*code));
    if (node.op.empty()) {
      note_operator(index, *code, output, refusal(*code));
      return {};
    }
    const ops::Tflite& aspect = *ops::find_tflite(node.op);
    auto attributes = is_custom ? aspect.read_custom(op, custom) : aspect.read(op, builtin_of(*code));
    if (!attributes) {
      note_operator(index, *code, output, attributes.error().what);
      return {};
    }
    node.attributes = std::move(*attributes);
    MOTE_CHECK(charge(bytes_of(node.attributes)));
    mark_used(node.inputs, index);
    mark_used(node.outputs, index);
    mark_used(node.intermediates, index);
    graph_.nodes.push_back(std::move(node));
    operator_of_node_.push_back(index);
    return {};
  }

  void mark_used(const std::vector<ValueId>& ids, std::size_t op) {
    for (const ValueId id : ids)
      if (is_tensor(id) && !first_user_[static_cast<std::size_t>(id)])
        first_user_[static_cast<std::size_t>(id)] = op;
  }

  /// float16 is only a form in which files store constants: DEQUANTIZE of one is read as a float32 constant.
  bool widens_constant(schema::BuiltinOperator code, const graph::Node& node) {
    if (code != schema::BuiltinOperator::DEQUANTIZE || node.inputs.size() != 1 || node.outputs.size() != 1 ||
        !is_tensor(node.inputs[0]) || !is_tensor(node.outputs[0]))
      return false;
    const schema::Tensor& in = tensor(node.inputs[0]);
    return in.type() == schema::TensorType::FLOAT16 && in.buffer() != 0 &&
           tensor(node.outputs[0]).type() == schema::TensorType::FLOAT32 &&
           widened_.emplace(node.outputs[0], node.inputs[0]).second;
  }

  /// Reads the tensors that anything uses. Another one may be what Mote cannot hold: of it only the name is
  /// kept, so that the number of a value stays the number of its tensor.
  Result<void> read_tensors() {
    is_sound_.resize(graph_.values.size(), true);
    std::vector<bool> used(graph_.values.size());
    for (std::size_t index = 0; index < used.size(); ++index) used[index] = first_user_[index].has_value();
    for (const auto* ends : {&graph_.inputs, &graph_.outputs})
      for (const ValueId id : *ends)
        if (is_tensor(id)) used[static_cast<std::size_t>(id)] = true;
    for (std::size_t index = 0; index < graph_.values.size(); ++index) {
      const auto id = static_cast<ValueId>(index);
      MOTE_CHECK(charge(tensor(id).name() == nullptr ? 0 : tensor(id).name()->size()));
      graph_.values[index].name = name_of_tensor(id);
      if (!used[index]) continue;
      MOTE_TRY(const std::string reason, read_tensor(tensor(id), id));
      if (!reason.empty()) note_tensor(id, reason);
    }
    return {};
  }

  /// Custom operators keep their states to themselves; a graph has them as values, behind those of the file.
  void add_hidden_states() {
    for (std::size_t index = 0; index < graph_.nodes.size(); ++index) {
      graph::Node& node = graph_.nodes[index];
      const auto hidden_states = ops::find_tflite(node.op)->hidden_states;
      if (hidden_states == nullptr) continue;
      for (const ops::ValueType& type : hidden_states(node.attributes)) {
        graph::Value state;
        state.name = fmt::format("state of node {}", index);
        state.dtype = type.dtype;
        state.shape = type.shape;
        state.is_state = true;
        node.inputs.push_back(graph_.add(std::move(state)));
        first_user_.emplace_back(operator_of_node_[index]);
        is_sound_.push_back(true);
      }
    }
  }

  void note_tensor(ValueId id, std::string reason) {
    const auto index = static_cast<std::size_t>(id);
    const std::optional<std::size_t> user = first_user_[index];
    is_sound_[index] = false;
    note({user, user ? name_of(**operator_code(*user)) : std::string(), graph_.values[index].name,
          std::move(reason)});
  }

  Result<const schema::Buffer*> buffer(std::uint32_t index, std::string_view user) const {
    if (index >= size_of(model_.buffers()))
      return refuse(
          fmt::format("{} refers to buffer {}, the file has {}", user, index, size_of(model_.buffers())));
    return &item(model_.buffers(), index);
  }

  /// Reads a tensor into its value; gives the reason if Mote cannot hold it.
  Result<std::string> read_tensor(const schema::Tensor& tensor, ValueId id) {
    graph::Value& value = graph_.value(id);
    const std::optional<DType> dtype = dtype_of(tensor.type());
    if (!dtype)
      return fmt::format("data type {} ({}) is not supported", static_cast<int>(tensor.type()),
                         schema::EnumNameTensorType(tensor.type()));
    value.dtype = *dtype;
    if (tensor.sparsity() != nullptr) return "sparse constants are not supported";
    MOTE_CHECK(charge(4 * size_of(tensor.shape())));
    value.shape = copy_of(tensor.shape());
    if (value.shape == std::vector<std::int32_t>{0})
      value.shape.clear();  // how some converters write a scalar
    value.is_state = tensor.is_variable();
    MOTE_TRY(std::string reason, read_data(tensor, id));
    if (reason.empty() && tensor.quantization() != nullptr && value.dtype != DType::kFloat32) {
      MOTE_TRY(reason, read_quantization(*tensor.quantization(), value));
    }
    if (!reason.empty()) return reason;
    const auto valid = graph::validate_value(graph_, id);
    return valid ? std::string() : valid.error().what;
  }

  Result<std::string> read_data(const schema::Tensor& tensor, ValueId id) {
    const auto widened = widened_.find(id);
    const schema::Tensor& source = widened == widened_.end() ? tensor : this->tensor(widened->second);
    MOTE_TRY(const schema::Buffer* stored, buffer(source.buffer(), fmt::format("tensor {}", id)));
    if (stored->offset() > 1 || stored->size() > 1)
      return "its data lie behind the model, as those of models above 2 GB do, which is not supported";
    MOTE_CHECK(charge(2 * size_of(stored->data())));
    graph::Value& value = graph_.value(id);
    value.data = copy_of(stored->data());
    if (&source != &tensor) {
      if (value.data.empty() || size_of(source.shape()) != value.shape.size())
        return "is widened from a float16 tensor that is no constant of the same shape";
      value.data = widen_float16(value.data);
    } else if (tensor.type() == schema::TensorType::INT4) {
      if (value.data.empty()) return "data type 17 (INT4) is supported for constants only";
      value.data = unpack_int4(value.data, value.shape);
    }
    return std::string();
  }

  Result<std::string> read_quantization(const schema::QuantizationParameters& parameters,
                                        graph::Value& value) {
    if (parameters.details_type() != schema::QuantizationDetails::NONE)
      return "has a kind of quantisation that is not supported";
    MOTE_CHECK(charge(4 * size_of(parameters.scale()) + 8 * size_of(parameters.zero_point())));
    graph::Quantization quantization;
    quantization.scale = copy_of(parameters.scale());
    quantization.zero_point = copy_of(parameters.zero_point());
    quantization.axis = parameters.quantized_dimension();
    if (quantization.scale.empty()) return std::string();  // only a recorded range, or nothing
    if (quantization.zero_point.empty()) quantization.zero_point.resize(quantization.scale.size());
    if (value.shape.size() == 1) quantization.axis = 0;  // files give a bias the axis of its weights
    value.quantization = std::move(quantization);
    return std::string();
  }

  /// Asks the operators whether they take what they are given.
  void check_nodes() {
    for (std::size_t index = 0; index < graph_.nodes.size(); ++index) {
      const graph::Node& node = graph_.nodes[index];
      const auto is_sound = [&](ValueId id) {
        return is_tensor(id) && is_sound_[static_cast<std::size_t>(id)];
      };
      const bool sound =
          std::ranges::all_of(node.inputs, [&](ValueId id) { return id == graph::kNone || is_sound(id); }) &&
          std::ranges::all_of(node.outputs, is_sound);
      if (!sound) continue;  // noted already, or found by graph::validate()
      const auto checked = ops::check(graph_, node);
      if (checked) continue;
      std::string_view reason = checked.error().what;
      const std::string prefix = ops::describe(graph_, node) + ": ";
      if (reason.starts_with(prefix)) reason.remove_prefix(prefix.size());
      const std::size_t op = operator_of_node_[index];
      note_operator(op, **operator_code(op), node.outputs.empty() ? graph::kNone : node.outputs[0], reason);
    }
  }

  void end_before_unsupported() {
    if (unsupported_.empty() || !unsupported_.front().index) return;
    const std::size_t end = *unsupported_.front().index;
    const auto kept = static_cast<std::size_t>(std::ranges::lower_bound(operator_of_node_, end) -
                                               operator_of_node_.begin());
    if (kept == 0) return;
    graph_.nodes.resize(kept);
    graph_.outputs = graph_.nodes.back().outputs;
    std::erase_if(unsupported_, [](const Unsupported& one) { return one.index.has_value(); });
    for (std::size_t index = 0; index < graph_.values.size(); ++index) {
      const auto id = static_cast<ValueId>(index);
      if (!first_user_[index] || *first_user_[index] < end || std::ranges::count(graph_.inputs, id) > 0)
        continue;
      graph::Value nothing;
      nothing.name = graph_.values[index].name;
      graph_.values[index] = std::move(nothing);
    }
  }

  Result<void> read_metadata() {
    for (std::size_t index = 0; index < size_of(model_.metadata()); ++index) {
      const schema::Metadata& entry = item(model_.metadata(), index);
      if (text_of(entry.name()) != kMetadataName) continue;
      MOTE_TRY(const schema::Buffer* data, buffer(entry.buffer(), "metadata"));
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
  Graph graph_;
  std::vector<Unsupported> unsupported_;
  std::vector<std::size_t> operator_of_node_;           ///< [node] its number in the file
  std::vector<std::optional<std::size_t>> first_user_;  ///< [tensor] an operator
  std::vector<bool> is_sound_;                          ///< [tensor] whether Mote can hold it
  std::map<ValueId, ValueId> widened_;                  ///< float32 constants from float16 ones
  std::size_t bytes_ = 0;
  std::size_t most_bytes_;
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

/// The reader of a file that is a FlatBuffer of the format, wherever its bytes stand.
struct OpenFile {
  AlignedCopy copy;
  Reader reader;
};

Result<std::unique_ptr<OpenFile>> open(std::span<const std::uint8_t> file, std::string_view where) {
  const auto refuse = [&](std::string what) {
    return fail(ErrorKind::kInput, std::move(what), std::string(where));
  };
  if (file.size() > kDefaultFileLimitBytes)
    return refuse(fmt::format("{} bytes, at most {} are supported", file.size(), kDefaultFileLimitBytes));
  if (file.size() < 8) return refuse("no TensorFlow Lite file: too short");
  AlignedCopy copy(file);
  if (!schema::ModelBufferHasIdentifier(copy.data()))
    return refuse("no TensorFlow Lite file: it lacks the identifier 'TFL3'");
  flatbuffers::Verifier verifier(copy.data(), file.size(), kMaximumDepth);
  if (!schema::VerifyModelBuffer(verifier))
    return refuse("damaged: an offset or a length points outside of the file, or to where it may not");
  const schema::Model& model = *schema::GetModel(copy.data());
  auto opened = std::make_unique<OpenFile>(std::move(copy), Reader(model, where, file.size()));
  MOTE_CHECK(opened->reader.read_content());
  return opened;
}

}  // namespace

Result<Graph> read(std::span<const std::uint8_t> file, std::string_view where, ReadOptions options) {
  MOTE_TRY(const auto opened, open(file, where));
  return std::move(opened->reader).graph(options);
}

Result<std::vector<Unsupported>> find_unsupported(std::span<const std::uint8_t> file,
                                                  std::string_view where) {
  MOTE_TRY(const auto opened, open(file, where));
  return std::move(opened->reader).unsupported();
}

Result<Graph> read_file(const std::filesystem::path& path) {
  MOTE_TRY(const std::vector<std::uint8_t> bytes, read_bytes(path));
  return read(bytes, path.string());
}

}  // namespace mote::tflite
