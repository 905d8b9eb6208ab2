// SPDX-License-Identifier: Apache-2.0
#include "tflite/tflite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/files.h"
#include "ops/test_graphs.h"
#include "support/require.h"
#include "tflite_schema/tflite_generated.h"

namespace mote::tflite {
namespace {

namespace schema = tflite_schema;
using graph::Graph;
using ops::test::conv_model;
using ops::test::dense_model;
using testing::HasSubstr;
using Bytes = std::vector<std::uint8_t>;

Bytes written(const Graph& graph) {
  auto bytes = write(graph);
  EXPECT_TRUE(bytes) << to_text(bytes.error());
  return bytes ? *bytes : Bytes{};
}

/// The file of conv_model() with a change made to it.
template <class Change>
Bytes changed(Change change) {
  const Bytes file = written(conv_model());
  const auto model = schema::UnPackModel(file.data());
  change(*model);
  flatbuffers::FlatBufferBuilder builder;
  schema::FinishModelBuffer(builder, schema::Model::Pack(builder, model.get()));
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

std::string message(const Bytes& file) {
  const auto graph = read(file, "model.tflite");
  return graph ? "" : to_text(graph.error());
}

template <class Change>
std::string message_of(Change change) {
  return message(changed(change));
}

TEST(Tflite, ReadsBackWhatItWrote) {
  for (const Graph& graph : {dense_model(), conv_model()}) {
    const auto back = read(written(graph), "model.tflite");
    ASSERT_TRUE(back) << to_text(back.error());
    EXPECT_EQ(back->name, "gesture");
    EXPECT_EQ(back->metadata, graph.metadata);
    EXPECT_EQ(back->inputs, graph.inputs);
    EXPECT_EQ(back->outputs, graph.outputs);
    ASSERT_EQ(back->values.size(), graph.values.size());
    for (std::size_t id = 0; id < graph.values.size(); ++id) {
      EXPECT_EQ(back->values[id].name, graph.values[id].name);
      EXPECT_EQ(back->values[id].data, graph.values[id].data);
    }
    EXPECT_EQ(graph::content_hash(*back), graph::content_hash(graph));
  }
}

TEST(Tflite, ReadingAndWritingAgainGivesTheSameBytes) {
  for (const Graph& graph : {dense_model(), conv_model()}) {
    const Bytes file = written(graph);
    const auto back = read(file, "model.tflite");
    ASSERT_TRUE(back);
    EXPECT_EQ(written(*back), file);
  }
}

TEST(Tflite, ReadsFromAnyAddress) {
  Bytes shifted = written(conv_model());
  shifted.insert(shifted.begin(), 0);
  EXPECT_TRUE(read(std::span(shifted).subspan(1), "model.tflite"));
}

/// A file of one operator that quantises two numbers with zero point 3, a number of 8 bytes that stands at a
/// multiple of 4.
Bytes quantize_file() {
  flatbuffers::FlatBufferBuilder builder;
  builder.StartVector(2, sizeof(std::int32_t));
  builder.PushElement<std::int32_t>(0);
  builder.PushElement<std::int32_t>(3);
  const flatbuffers::Offset<flatbuffers::Vector<std::int64_t>> zero_point(builder.EndVector(1));
  const auto quantization = schema::CreateQuantizationParameters(
      builder, 0, 0, builder.CreateVector(std::vector{0.5f}), zero_point);
  const auto shape = builder.CreateVector(std::vector{1, 2});
  const auto name = builder.CreateString("x");
  const std::vector tensors = {
      schema::CreateTensor(builder, shape, schema::TensorType::FLOAT32, 0, name),
      schema::CreateTensor(builder, shape, schema::TensorType::INT8, 0, name, quantization)};
  const auto inputs = builder.CreateVector(std::vector{0});
  const auto outputs = builder.CreateVector(std::vector{1});
  const std::vector operators = {schema::CreateOperator(builder, 0, inputs, outputs,
                                                        schema::BuiltinOptions::QuantizeOptions,
                                                        schema::CreateQuantizeOptions(builder).Union())};
  const std::vector codes = {
      schema::CreateOperatorCode(builder, 114, 0, 1, schema::BuiltinOperator::QUANTIZE)};
  const std::vector subgraphs = {schema::CreateSubGraph(builder, builder.CreateVector(tensors), inputs,
                                                        outputs, builder.CreateVector(operators))};
  const std::vector buffers = {schema::CreateBuffer(builder)};
  schema::FinishModelBuffer(
      builder, schema::CreateModel(builder, 3, builder.CreateVector(codes), builder.CreateVector(subgraphs),
                                   0, builder.CreateVector(buffers)));
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

TEST(Tflite, ReadsNumbersAtAnyMultipleOfFour) {
  const Bytes file = quantize_file();
  const auto* tensors = schema::GetModel(file.data())->subgraphs()->Get(0)->tensors();
  ASSERT_NE((tensors->Get(1)->quantization()->zero_point()->Data() - file.data()) % 8, 0);
  const auto graph = read(file, "model.tflite");
  ASSERT_TRUE(graph) << to_text(graph.error());
  EXPECT_EQ(graph->values[1].quantization->zero_point, std::vector<std::int64_t>{3});
}

TEST(Tflite, KeepsNothingButTheNameOfATensorThatNothingUses) {
  const Bytes file = changed([](auto& model) {
    auto tensor = std::make_unique<schema::TensorT>();
    tensor->name = "spare";
    tensor->type = schema::TensorType::STRING;
    tensor->shape = {-7};
    tensor->buffer = 1000;
    model.subgraphs[0]->tensors.push_back(std::move(tensor));
  });
  const auto graph = read(file, "model.tflite");
  ASSERT_TRUE(graph) << to_text(graph.error());
  EXPECT_EQ(graph->values.back().name, "spare");
  EXPECT_TRUE(graph->values.back().shape.empty());
}

TEST(Tflite, EndsBeforeAnOperatorItDoesNotHaveIfAsked) {
  const Bytes file = changed([](auto& model) {
    auto code = std::make_unique<schema::OperatorCodeT>();
    code->builtin_code = schema::BuiltinOperator::CUMSUM;
    model.operator_codes.push_back(std::move(code));
    model.subgraphs[0]->operators[1]->opcode_index =
        static_cast<std::uint32_t>(model.operator_codes.size() - 1);
    model.metadata.clear();
  });
  EXPECT_THAT(message(file), HasSubstr("operator 1 (128 CUMSUM) is not supported"));
  const auto graph = read(file, "model.tflite", {.until_unsupported = true});
  ASSERT_TRUE(graph) << to_text(graph.error());
  EXPECT_EQ(graph->nodes.size(), 1u);
  EXPECT_EQ(graph->outputs, graph->nodes[0].outputs);
}

TEST(Tflite, KeepsAModelWithoutMetadataPlain) {
  Graph graph = dense_model();
  graph.metadata = {};
  const auto back = read(written(graph), "model.tflite");
  ASSERT_TRUE(back);
  EXPECT_EQ(back->metadata, graph::ModelMetadata{});
}

TEST(Tflite, WritesBuffersAsTheFormatWantsThem) {
  const Bytes file = written(conv_model());
  EXPECT_TRUE(schema::ModelBufferHasIdentifier(file.data()));
  const schema::Model* model = schema::GetModel(file.data());
  EXPECT_EQ(model->version(), 3u);
  EXPECT_EQ(model->buffers()->Get(0)->data(), nullptr);
  for (flatbuffers::uoffset_t index = 1; index < model->buffers()->size(); ++index)
    EXPECT_EQ((model->buffers()->Get(index)->data()->data() - file.data()) % 16, 0) << "buffer " << index;
}

TEST(Tflite, MetadataAreReadableText) {
  const Bytes file = written(dense_model());
  const std::string text(file.begin(), file.end());
  EXPECT_THAT(text, HasSubstr("\"content_hash\": \"" + graph::content_hash(dense_model()) + "\""));
  EXPECT_THAT(text, HasSubstr("\"labels\": [\n    \"punch\""));
  EXPECT_THAT(text, HasSubstr("\"rate_millihertz\": 99840"));
}

TEST(Tflite, WritesAFileThatItReads) {
  const test::TemporaryDirectory directory;
  const auto path = directory.path() / "model.tflite";
  ASSERT_TRUE(write_file(path, dense_model()));
  EXPECT_TRUE(read_file(path));
  EXPECT_THAT(to_text(read_file(directory.path() / "absent.tflite").error()), HasSubstr("absent.tflite"));
}

TEST(Tflite, RefusesWhatIsNoModel) {
  EXPECT_THAT(message({}), HasSubstr("model.tflite: no TensorFlow Lite file: too short"));
  EXPECT_THAT(message(Bytes(100, 'x')), HasSubstr("it lacks the identifier 'TFL3'"));
  EXPECT_THAT(message({0, 0, 0, 0, 'T', 'F', 'L', '3'}), HasSubstr("damaged"));
}

TEST(Tflite, RefusesAnotherFrame) {
  EXPECT_THAT(message_of([](auto& model) { model.version = 2; }), HasSubstr("schema version 2, expected 3"));
  EXPECT_THAT(
      message_of([](auto& model) { model.subgraphs.push_back(std::make_unique<schema::SubGraphT>()); }),
      HasSubstr("has 2 subgraphs, expected 1"));
  EXPECT_THAT(message_of([](auto& model) { model.subgraphs.clear(); }), HasSubstr("has 0 subgraphs"));
  EXPECT_THAT(message_of([](auto& model) { model.subgraphs[0]->inputs.resize(kMaximumItems + 1); }),
              HasSubstr("65537 tensors, operators or buffers, at most 65536"));
}

TEST(Tflite, RefusesATensorItCannotHold) {
  const auto of_tensor = [](auto change) {
    return message_of([&](schema::ModelT& model) { change(*model.subgraphs[0]->tensors[0]); });
  };
  EXPECT_THAT(of_tensor([](auto& tensor) { tensor.type = schema::TensorType::COMPLEX64; }),
              HasSubstr("tensor 0 'window': data type 8 (COMPLEX64) is not supported"));
  EXPECT_THAT(of_tensor([](auto& tensor) { tensor.type = static_cast<schema::TensorType>(99); }),
              HasSubstr("data type 99 () is not supported"));
  EXPECT_THAT(of_tensor([](auto& tensor) { tensor.is_variable = true; }),
              HasSubstr("keeps a state between runs"));
  EXPECT_THAT(
      of_tensor([](auto& tensor) { tensor.sparsity = std::make_unique<schema::SparsityParametersT>(); }),
      HasSubstr("is sparse"));
  EXPECT_THAT(of_tensor([](auto& tensor) { tensor.buffer = 1000; }),
              HasSubstr("tensor 0 'window' refers to buffer 1000, the file has"));
  EXPECT_THAT(of_tensor([](auto& tensor) { tensor.shape = {1, -1, 12, 3}; }),
              HasSubstr("model.tflite, tensor 0 'window': has a dimension of -1, expected at least 1"));
  EXPECT_THAT(of_tensor([](auto& tensor) { tensor.shape = {1 << 30, 1 << 30, 1 << 30, 1 << 30}; }),
              HasSubstr("is larger than 1073741824 bytes"));
  EXPECT_THAT(message_of([](auto& model) { model.buffers[0]->offset = 5000000000; }),
              HasSubstr("behind the model"));
}

TEST(Tflite, RefusesAFileThatUnfoldsToMoreThanMemoryHolds) {
  const auto message = message_of([](schema::ModelT& model) {
    model.buffers[1]->data.resize(std::size_t{1} << 20);
    schema::SubGraphT& subgraph = *model.subgraphs[0];
    for (int copy = 0; copy < 1100; ++copy) {
      subgraph.operators[0]->inputs.push_back(static_cast<std::int32_t>(subgraph.tensors.size()));
      subgraph.tensors.push_back(std::make_unique<schema::TensorT>());
      subgraph.tensors.back()->buffer = 1;
    }
  });
  EXPECT_THAT(message, HasSubstr("hold more than 1073741824 bytes"));
}

TEST(Tflite, RefusesBrokenQuantization) {
  const auto of_quantization = [](auto change) {
    return message_of([&](schema::ModelT& model) {
      schema::TensorT& tensor = *model.subgraphs[0]->tensors[0];
      tensor.type = schema::TensorType::INT8;
      tensor.quantization = std::make_unique<schema::QuantizationParametersT>();
      tensor.quantization->scale = {0.5f};
      tensor.quantization->zero_point = {3};
      change(*tensor.quantization);
    });
  };
  EXPECT_THAT(of_quantization([](auto& quantization) { quantization.scale = {-0.5f}; }),
              HasSubstr("has scale -0.5, expected a positive number"));
  EXPECT_THAT(of_quantization([](auto& quantization) { quantization.zero_point = {300}; }),
              HasSubstr("has zero point 300, outside of int8"));
  EXPECT_THAT(of_quantization([](auto& quantization) { quantization.zero_point = {1, 2}; }),
              HasSubstr("has 1 scales and 2 zero points"));
  EXPECT_THAT(of_quantization([](auto& quantization) {
                quantization.scale = {1.0f, 2.0f};
                quantization.zero_point = {0, 0};
                quantization.quantized_dimension = 7;
              }),
              HasSubstr("has 2 scales along axis 7"));
  EXPECT_THAT(
      of_quantization([](auto& quantization) { quantization.details.Set(schema::CustomQuantizationT{}); }),
      HasSubstr("a kind of quantisation that is not supported"));
}

TEST(Tflite, RefusesAnOperatorItDoesNotHave) {
  const auto of_code = [](auto change) {
    return message_of([&](schema::ModelT& model) { change(*model.operator_codes[0]); });
  };
  EXPECT_THAT(of_code([](auto& code) { code.builtin_code = schema::BuiltinOperator::CUMSUM; }),
              AllOf(HasSubstr("operator 0 (128 CUMSUM) is not supported"),
                    HasSubstr("supported are average_pool_2d, conv_2d")));
  EXPECT_THAT(of_code([](auto& code) {
                code.builtin_code = schema::BuiltinOperator::CUSTOM;
                code.custom_code = "ethos-u";
              }),
              HasSubstr("operator 0 (32 CUSTOM 'ethos-u') is not supported"));
  EXPECT_THAT(message_of([](auto& model) { model.subgraphs[0]->operators[0]->opcode_index = 77; }),
              HasSubstr("operator 0 refers to operator code 77, the file has"));
}

TEST(Tflite, RefusesOptionsItDoesNotHave) {
  const auto of_conv = [](auto change) {
    return message_of([&](schema::ModelT& model) {
      change(*model.subgraphs[0]->operators[0]->builtin_options.AsConv2DOptions());
    });
  };
  EXPECT_THAT(
      of_conv([](auto& conv) { conv.fused_activation_function = schema::ActivationFunctionType::TANH; }),
      HasSubstr("operator 0 (conv_2d): fused activation 4 (TANH) is not supported"));
  EXPECT_THAT(of_conv([](auto& conv) { conv.padding = static_cast<schema::Padding>(9); }),
              HasSubstr("operator 0 (conv_2d): padding 9 does not exist"));
  EXPECT_THAT(of_conv([](auto& conv) { conv.stride_w = 0; }),
              HasSubstr("op conv_2d 'conv_2d_0': attribute 'stride_width' is 0, expected 1 ... 32768"));
  EXPECT_THAT(message_of([](auto& model) { model.subgraphs[0]->operators[0]->builtin_options.Reset(); }),
              HasSubstr("operator 0 (conv_2d): options are missing"));
}

TEST(Tflite, RefusesIndicesThatLeadNowhere) {
  const auto of_subgraph = [](auto change) {
    return message_of([&](schema::ModelT& model) { change(*model.subgraphs[0]); });
  };
  EXPECT_THAT(of_subgraph([](auto& graph) { graph.operators[0]->inputs[1] = 1000; }),
              HasSubstr("reads tensor 1000, which does not exist"));
  EXPECT_THAT(of_subgraph([](auto& graph) { graph.operators[0]->inputs = {0}; }),
              HasSubstr("op conv_2d 'conv_2d_0': has 1 inputs, expected 2 to 3"));
  EXPECT_THAT(of_subgraph([](auto& graph) { graph.operators.back()->outputs = {}; }),
              HasSubstr("is never written"));
  EXPECT_THAT(of_subgraph([](auto& graph) { graph.operators[0]->outputs.push_back(0); }),
              HasSubstr("writes tensor 0 'window', which has a value already"));
  EXPECT_THAT(of_subgraph([](auto& graph) { graph.inputs = {-5}; }),
              HasSubstr("graph input -5 does not exist"));
  EXPECT_THAT(of_subgraph([](auto& graph) { std::swap(graph.operators[0], graph.operators[1]); }),
              HasSubstr("before anything writes it"));
}

TEST(Tflite, RefusesAChangedModel) {
  EXPECT_THAT(message_of([](auto& model) { model.buffers[1]->data[0] ^= 1; }),
              HasSubstr("differs from the content hash in its metadata"));
  EXPECT_EQ(message_of([](auto& model) {
              model.buffers[1]->data[0] ^= 1;
              model.metadata.clear();
            }),
            "");
}

TEST(Tflite, RefusesBrokenMetadata) {
  const auto of_metadata = [](auto change) {
    return message_of([&](schema::ModelT& model) {
      Bytes& data = model.buffers[model.metadata[0]->buffer]->data;
      Json json = Json::parse(data.begin(), data.end());
      change(json);
      const std::string text = json.dump();
      data.assign(text.begin(), text.end());
    });
  };
  EXPECT_THAT(of_metadata([](Json& json) { json["form"] = "mote.model/9"; }),
              HasSubstr("metadata have the form 'mote.model/9', expected 'mote.model/1'"));
  for (const char* field : {"version", "date", "labels", "window_samples", "hop_samples", "normalization",
                            "confidence_threshold", "content_hash", "form"})
    EXPECT_THAT(of_metadata([&](Json& json) { json.erase(field); }),
                HasSubstr("field '" + std::string(field) + "' is missing"));
  EXPECT_THAT(of_metadata([](Json& json) { json["labels"] = 3; }),
              HasSubstr("field 'labels' has the wrong type"));
  EXPECT_THAT(of_metadata([](Json& json) { json["contract"]["rate_millihertz"] = 0; }),
              HasSubstr("'rate_millihertz' has no sense"));
  EXPECT_THAT(of_metadata([](Json& json) { json["contract"]["groups"][0]["unit"] = "furlong"; }),
              HasSubstr("'unit' has no sense"));
  EXPECT_THAT(of_metadata([](Json& json) { json["normalization"][0]["standard_deviation"] = 0; }),
              HasSubstr("'standard_deviation' has no sense"));
  EXPECT_THAT(of_metadata([](Json& json) { json["confidence_threshold"] = 2; }),
              HasSubstr("'confidence_threshold' has no sense"));
  EXPECT_THAT(message_of([](auto& model) { model.metadata[0]->buffer = 999; }),
              HasSubstr("metadata refers to buffer 999"));
  EXPECT_THAT(message_of([](auto& model) { model.buffers[model.metadata[0]->buffer]->data = {'{'}; }),
              HasSubstr("model.tflite"));
}

TEST(Tflite, TruncatedFilesAreRefused) {
  const Bytes file = written(conv_model());
  for (std::size_t size = 0; size < file.size(); size += 97)
    EXPECT_FALSE(read(std::span(file).first(size), "model.tflite")) << size;
}

TEST(Tflite, FlippedBitsNeverCrash) {
  const Bytes file = written(conv_model());
  int refused = 0;
  for (std::size_t at = 0; at < file.size(); ++at) {
    for (const int bit : {0, 7}) {
      Bytes flipped = file;
      flipped[at] = static_cast<std::uint8_t>(flipped[at] ^ (1 << bit));
      if (!read(flipped, "model.tflite")) ++refused;
    }
  }
  // All but names, padding and what is not read: the constants and the attributes are covered by the hash.
  EXPECT_GT(refused, static_cast<int>(file.size()));
}

TEST(Tflite, DoesNotWriteABrokenGraph) {
  Graph graph = conv_model();
  graph.values[0].shape = {1, 1, 12, 4};
  EXPECT_THAT(to_text(write(graph).error()),
              HasSubstr("op conv_2d 'conv_2d_0': input has 4 channels, weights expect 3"));
}

}  // namespace
}  // namespace mote::tflite
