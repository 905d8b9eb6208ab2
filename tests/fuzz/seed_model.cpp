// SPDX-License-Identifier: Apache-2.0
#include "seed_model.h"

#include <bit>

namespace mote::test {
namespace {

namespace schema = tflite_schema;

std::size_t size_of(Type type) {
  switch (type) {
    case Type::INT8:
    case Type::UINT8:
    case Type::BOOL:
      return 1;
    case Type::INT16:
      return 2;
    case Type::INT64:
      return 8;
    default:
      return 4;
  }
}

std::vector<std::uint8_t> bytes_of(Type type, std::int64_t number) {
  std::uint64_t bits = static_cast<std::uint64_t>(number);
  if (type == Type::FLOAT32) bits = std::bit_cast<std::uint32_t>(static_cast<float>(number) / 4);
  std::vector<std::uint8_t> bytes;
  for (std::size_t byte = 0; byte < size_of(type); ++byte)
    bytes.push_back(static_cast<std::uint8_t>(bits >> (8 * byte)));
  return bytes;
}

schema::BuiltinOptions kind_of(int options) {
  return static_cast<schema::BuiltinOptions>(options);
}

/// Puts a model together; a table for each thing of the format.
class SeedWriter {
 public:
  std::vector<std::uint8_t> write(const Op& op) {
    buffers_.push_back(schema::CreateBuffer(builder_));
    const Ints inputs = add_all(op.inputs, true);
    const Ints outputs = add_all(op.outputs, false);
    const auto options = op.options == 0 ? flatbuffers::Offset<void>() : write_options(op.fields);
    const auto input_list = builder_.CreateVector(inputs);
    const auto output_list = builder_.CreateVector(outputs);
    const std::vector operators = {
        schema::CreateOperator(builder_, 0, input_list, output_list, kind_of(op.options), options)};
    const auto tensors = builder_.CreateVector(tensors_);
    const auto graph_inputs = builder_.CreateVector(graph_inputs_);
    const auto operator_list = builder_.CreateVector(operators);
    const std::vector subgraphs = {
        schema::CreateSubGraph(builder_, tensors, graph_inputs, output_list, operator_list)};
    const auto older = static_cast<std::int8_t>(std::min(static_cast<int>(op.code), 127));
    const std::vector codes = {schema::CreateOperatorCode(builder_, older, 0, 1, op.code)};
    const auto code_list = builder_.CreateVector(codes);
    const auto subgraph_list = builder_.CreateVector(subgraphs);
    const auto buffers = builder_.CreateVector(buffers_);
    schema::FinishModelBuffer(builder_,
                              schema::CreateModel(builder_, 3, code_list, subgraph_list, 0, buffers));
    return {builder_.GetBufferPointer(), builder_.GetBufferPointer() + builder_.GetSize()};
  }

 private:
  Ints add_all(const std::vector<Tensor>& tensors, bool are_inputs) {
    Ints ids;
    for (const Tensor& tensor : tensors) {
      ids.push_back(tensor.is_absent ? -1 : add(tensor));
      if (are_inputs && ids.back() >= 0 && tensor.data.empty() && !tensor.is_state)
        graph_inputs_.push_back(ids.back());
    }
    return ids;
  }

  std::int32_t add(const Tensor& tensor) {
    std::uint32_t buffer = 0;
    if (!tensor.data.empty()) {
      builder_.ForceVectorAlignment(tensor.data.size(), 1, 16);
      buffer = static_cast<std::uint32_t>(buffers_.size());
      buffers_.push_back(schema::CreateBuffer(builder_, builder_.CreateVector(tensor.data)));
    }
    flatbuffers::Offset<schema::QuantizationParameters> quantization = 0;
    if (!tensor.scale.empty()) {
      const auto scale = builder_.CreateVector(tensor.scale);
      const auto zero_point =
          builder_.CreateVector(std::vector<std::int64_t>(tensor.scale.size(), tensor.zero_point));
      quantization = schema::CreateQuantizationParameters(builder_, 0, 0, scale, zero_point,
                                                          schema::QuantizationDetails::NONE, 0, tensor.axis);
    }
    const auto shape = builder_.CreateVector(tensor.shape);
    tensors_.push_back(
        schema::CreateTensor(builder_, shape, tensor.type, buffer, 0, quantization, tensor.is_state));
    return static_cast<std::int32_t>(tensors_.size() - 1);
  }

  flatbuffers::Offset<void> write_options(const std::vector<Field>& fields) {
    flatbuffers::Offset<flatbuffers::Vector<std::int32_t>> integers =
        0;  // at most one, written before the table
    for (const Field& field : fields)
      if (field.kind == Field::Kind::kInts) integers = builder_.CreateVector(field.integers);
    const auto start = builder_.StartTable();
    for (const Field& field : fields) {
      const auto place = static_cast<flatbuffers::voffset_t>(4 + 2 * field.id);
      if (field.kind == Field::Kind::kByte)
        builder_.AddElement<std::int8_t>(place, static_cast<std::int8_t>(field.integer), 0);
      if (field.kind == Field::Kind::kInt) builder_.AddElement<std::int32_t>(place, field.integer, 0);
      if (field.kind == Field::Kind::kFloat) builder_.AddElement<float>(place, field.real, 0);
      if (field.kind == Field::Kind::kInts) builder_.AddOffset(place, integers);
    }
    return flatbuffers::Offset<void>(builder_.EndTable(start));
  }

  flatbuffers::FlatBufferBuilder builder_;
  std::vector<flatbuffers::Offset<schema::Buffer>> buffers_;
  std::vector<flatbuffers::Offset<schema::Tensor>> tensors_;
  Ints graph_inputs_;
};

}  // namespace

Tensor constant(Tensor tensor) {
  std::int64_t count = 1;
  for (const std::int32_t extent : tensor.shape) count *= extent;
  for (std::int64_t index = 0; index < count; ++index) {
    const auto bytes = bytes_of(tensor.type, tensor.type == Type::BOOL ? index % 2 : index * 7 % 11 - 5);
    tensor.data.insert(tensor.data.end(), bytes.begin(), bytes.end());
  }
  return tensor;
}

Tensor state(Tensor tensor) {
  tensor.is_state = true;
  return tensor;
}

Tensor list(Ints numbers) {
  Tensor tensor = int32s({static_cast<std::int32_t>(numbers.size())});
  for (const std::int32_t number : numbers) {
    const auto bytes = bytes_of(Type::INT32, number);
    tensor.data.insert(tensor.data.end(), bytes.begin(), bytes.end());
  }
  return tensor;
}

Tensor scalar(std::int32_t number) {
  Tensor tensor = list({number});
  tensor.shape.clear();
  return tensor;
}

std::vector<std::uint8_t> model_of(const Op& op) {
  return SeedWriter().write(op);
}

}  // namespace mote::test
