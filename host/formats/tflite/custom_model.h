// SPDX-License-Identifier: Apache-2.0
#pragma once
// Files of a model that is one custom operator, for tests and for the fuzzer.
#include <flatbuffers/flexbuffers.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tflite_schema/tflite_generated.h"

namespace mote::tflite {

namespace schema = tflite_schema;
using Bytes = std::vector<std::uint8_t>;

inline constexpr std::int32_t kChannels = 3;

inline Bytes packed(const schema::ModelT& model) {
  flatbuffers::FlatBufferBuilder builder;
  schema::FinishModelBuffer(builder, schema::Model::Pack(builder, &model));
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

inline Bytes options_of(const std::function<void(flexbuffers::Builder&)>& fill) {
  flexbuffers::Builder builder;
  builder.Map([&] { fill(builder); });
  builder.Finish();
  return builder.GetBuffer();
}

inline Bytes noise_options(std::int64_t channels = kChannels) {
  return options_of([&](flexbuffers::Builder& options) {
    options.Int("alternate_one_minus_smoothing", 15401);
    options.Int("alternate_smoothing", 983);
    options.Bool("clamping", false);
    options.Int("min_signal_remaining", 819);
    options.Int("num_channels", channels);
    options.Int("one_minus_smoothing", 15975);
    options.Int("smoothing", 409);
    options.Int("smoothing_bits", 10);
    options.Int("spectral_subtraction_bits", 14);
  });
}

/// A model of one custom operator with one input and `outputs` outputs of three numbers each.
inline Bytes model_of(const std::string& name, const Bytes& options, schema::TensorType in,
                      schema::TensorType out, std::int32_t outputs) {
  schema::ModelT model;
  model.version = 3;
  model.buffers.emplace_back(new schema::BufferT);
  model.operator_codes.emplace_back(new schema::OperatorCodeT);
  model.operator_codes[0]->deprecated_builtin_code = 32;
  model.operator_codes[0]->builtin_code = schema::BuiltinOperator::CUSTOM;
  model.operator_codes[0]->custom_code = name;
  auto subgraph = std::make_unique<schema::SubGraphT>();
  auto op = std::make_unique<schema::OperatorT>();
  op->custom_options = options;
  for (std::int32_t index = 0; index <= outputs; ++index) {
    auto tensor = std::make_unique<schema::TensorT>();
    tensor->type = index == 0 ? in : out;
    tensor->shape = {kChannels};
    tensor->name = "t" + std::to_string(index);
    subgraph->tensors.push_back(std::move(tensor));
    (index == 0 ? op->inputs : op->outputs).push_back(index);
  }
  subgraph->inputs = op->inputs;
  subgraph->outputs = op->outputs;
  subgraph->operators.push_back(std::move(op));
  model.subgraphs.push_back(std::move(subgraph));
  return packed(model);
}

inline Bytes noise_model(const Bytes& options,
                         const std::string& name = "SignalFilterBankSpectralSubtraction") {
  return model_of(name, options, schema::TensorType::UINT32, schema::TensorType::UINT32, 2);
}

}  // namespace mote::tflite
