// SPDX-License-Identifier: Apache-2.0
#include "tflite/tflite.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "core/files.h"
#include "core/json.h"
#include "support/require.h"
#include "tflite/changed_model.h"

namespace mote::tflite {
namespace {

using graph::Graph;
using ops::test::conv_model;
using ops::test::dense_model;
using testing::ElementsAre;
using testing::HasSubstr;

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

/// conv_model() with its second operator replaced by one that Mote does not have.
Bytes with_unknown_operator() {
  return changed([](schema::ModelT& model) {
    auto code = std::make_unique<schema::OperatorCodeT>();
    code->builtin_code = schema::BuiltinOperator::UNSORTED_SEGMENT_SUM;
    model.operator_codes.push_back(std::move(code));
    model.subgraphs[0]->operators[1]->opcode_index =
        static_cast<std::uint32_t>(model.operator_codes.size() - 1);
    model.metadata.clear();
  });
}

TEST(Tflite, EndsBeforeWhatItDoesNotSupportIfAsked) {
  const Bytes file = with_unknown_operator();
  EXPECT_THAT(message(file), HasSubstr("model.tflite, operator 1 (UNSORTED_SEGMENT_SUM), tensor "
                                       "'max_pool_2d_1': Mote does not have this"));
  const auto graph = read(file, "model.tflite", {.until_unsupported = true});
  ASSERT_TRUE(graph) << to_text(graph.error());
  EXPECT_EQ(graph->nodes.size(), 1u);
  EXPECT_EQ(graph->outputs, graph->nodes[0].outputs);
}

std::vector<std::string> listed(const Bytes& file) {
  const auto unsupported = find_unsupported(file, "model.tflite");
  EXPECT_TRUE(unsupported) << to_text(unsupported.error());
  std::vector<std::string> lines;
  if (unsupported)
    for (const Unsupported& one : *unsupported)
      lines.push_back(fmt::format("{} {} '{}': {}", one.index ? std::to_string(*one.index) : "-", one.op,
                                  one.tensor, one.reason));
  return lines;
}

TEST(Tflite, ListsNothingForAModelThatItReads) {
  EXPECT_TRUE(listed(written(conv_model())).empty());
}

TEST(Tflite, ListsAllThatItDoesNotSupportAtOnce) {
  const auto lines = listed(changed([](schema::ModelT& model) {
    auto& subgraph = *model.subgraphs[0];
    subgraph.tensors[0]->type = schema::TensorType::COMPLEX64;
    subgraph.tensors[1]->sparsity = std::make_unique<schema::SparsityParametersT>();
    subgraph.operators[2]->builtin_options.AsConv2DOptions()->fused_activation_function =
        schema::ActivationFunctionType::TANH;
    auto code = std::make_unique<schema::OperatorCodeT>();
    code->builtin_code = schema::BuiltinOperator::CUSTOM;
    code->custom_code = "ethos-u";
    model.operator_codes.push_back(std::move(code));
    subgraph.operators[5]->opcode_index = static_cast<std::uint32_t>(model.operator_codes.size() - 1);
    subgraph.operators[4]->builtin_options.Reset();
    model.subgraphs.push_back(std::make_unique<schema::SubGraphT>());
  }));
  EXPECT_THAT(lines,
              ElementsAre("0 CONV_2D 'window': data type 8 (COMPLEX64) is not supported",
                          "0 CONV_2D 'constant_1': sparse constants are not supported",
                          HasSubstr("2 CONV_2D 'conv_2d_2': fused activation 4 (TANH) is not supported"),
                          HasSubstr("4 FULLY_CONNECTED 'fully_connected_4': options are missing"),
                          HasSubstr("5 CUSTOM 'ethos-u' 'probabilities': compiled for an Arm Ethos-U"),
                          "-  '': the model has 2 subgraphs, expected 1: control flow is not supported"));
}

TEST(Tflite, NamesTheReasonOfEveryRefusedOperator) {
  const auto of_code = [](schema::BuiltinOperator code) {
    return message_of([&](schema::ModelT& model) { model.operator_codes[0]->builtin_code = code; });
  };
  EXPECT_THAT(of_code(schema::BuiltinOperator::IF),
              HasSubstr("operator 0 (IF), tensor 'conv_2d_0': control flow"));
  EXPECT_THAT(of_code(schema::BuiltinOperator::VAR_HANDLE),
              HasSubstr("(VAR_HANDLE), tensor 'conv_2d_0': a resource variable"));
  EXPECT_THAT(of_code(schema::BuiltinOperator::HASHTABLE_FIND),
              HasSubstr("(HASHTABLE_FIND), tensor 'conv_2d_0': strings"));
  EXPECT_THAT(of_code(schema::BuiltinOperator::RANDOM_UNIFORM), HasSubstr("random numbers"));
  EXPECT_THAT(of_code(schema::BuiltinOperator::WHERE), HasSubstr("depends on the data"));
  EXPECT_THAT(of_code(schema::BuiltinOperator::STABLEHLO_IOTA), HasSubstr("(STABLEHLO_IOTA)"));
  EXPECT_THAT(of_code(static_cast<schema::BuiltinOperator>(4711)),
              HasSubstr("operator 0 (builtin 4711), tensor 'conv_2d_0': Mote does not have this operator"));
}

TEST(Tflite, RefusesTypesThatItCannotHold) {
  const auto of_tensor = [](auto change) {
    return message_of([&](schema::ModelT& model) { change(*model.subgraphs[0]->tensors[0]); });
  };
  EXPECT_THAT(of_tensor([](auto& tensor) { tensor.type = static_cast<schema::TensorType>(99); }),
              HasSubstr("tensor 'window': data type 99 () is not supported"));
  EXPECT_THAT(of_tensor([](auto& tensor) { tensor.type = schema::TensorType::STRING; }),
              HasSubstr("data type 5 (STRING) is not supported"));
  EXPECT_THAT(of_tensor([](auto& tensor) { tensor.type = schema::TensorType::INT4; }),
              HasSubstr("data type 17 (INT4) is supported for constants only"));
  EXPECT_THAT(of_tensor([](auto& tensor) {
                tensor.type = schema::TensorType::INT8;
                tensor.quantization = std::make_unique<schema::QuantizationParametersT>();
                tensor.quantization->details.Set(schema::CustomQuantizationT{});
              }),
              HasSubstr("has a kind of quantisation that is not supported"));
}

TEST(Tflite, RefusesOptionsItDoesNotHave) {
  const auto of_conv = [](auto change) {
    return message_of([&](schema::ModelT& model) {
      change(*model.subgraphs[0]->operators[0]->builtin_options.AsConv2DOptions());
    });
  };
  EXPECT_THAT(of_conv([](auto& conv) { conv.padding = static_cast<schema::Padding>(9); }),
              HasSubstr("operator 0 (CONV_2D), tensor 'conv_2d_0': padding 9 does not exist"));
  EXPECT_THAT(of_conv([](auto& conv) { conv.stride_w = 0; }),
              HasSubstr("tensor 'conv_2d_0': attribute 'stride_width' is 0, expected 1 ... 32768"));
}

TEST(Tflite, UsesTheShapeOfADynamicBatch) {
  const auto graph = read(changed([](schema::ModelT& model) {
                            model.subgraphs[0]->tensors[0]->shape_signature = {-1, 1, 12, 3};
                          }),
                          "model.tflite");
  ASSERT_TRUE(graph) << to_text(graph.error());
  EXPECT_THAT(graph->values[0].shape, ElementsAre(1, 1, 12, 3));
}

TEST(Tflite, GivesABiasItsOnlyAxis) {
  const Bytes file = changed([](schema::ModelT& model) {
    schema::TensorT& spare = *model.subgraphs[0]->tensors[0];
    spare.type = schema::TensorType::INT32;
    spare.shape = {2};
    spare.quantization = std::make_unique<schema::QuantizationParametersT>();
    spare.quantization->scale = {0.5f, 0.25f};
    spare.quantization->quantized_dimension = 3;
    model.subgraphs[0]->operators.clear();
    model.subgraphs[0]->outputs = {0};
    model.metadata.clear();
  });
  const auto graph = read(file, "model.tflite");
  ASSERT_TRUE(graph) << to_text(graph.error());
  EXPECT_EQ(graph->values[0].quantization, (graph::Quantization{{0.5f, 0.25f}, {0, 0}, 0}));
}

/// A graph without nodes that gives back its only value.
Graph one_value(graph::Value value) {
  Graph graph;
  graph.outputs = {graph.add(std::move(value))};
  return graph;
}

TEST(Tflite, KeepsAStateAndIntermediates) {
  Graph graph = conv_model();
  graph.nodes[0].intermediates = {
      graph.add({"inside", graph::DType::kInt16, {}, graph::Quantization{{0.5f}, {0}, 0}, {}})};
  graph.outputs.push_back(graph.add({"memory", graph::DType::kFloat32, {2, 3}, std::nullopt, {}, true}));
  const auto back = read(written(graph), "model.tflite");
  ASSERT_TRUE(back) << to_text(back.error());
  EXPECT_EQ(back->nodes[0].intermediates, graph.nodes[0].intermediates);
  EXPECT_EQ(back->value(graph.nodes[0].intermediates[0]).quantization->scale, std::vector{0.5f});
  EXPECT_TRUE(back->values.back().is_state);
  Graph broken = one_value(graph::constant<float>("w", graph::DType::kFloat32, {1}, {1.0f}));
  broken.values[0].is_state = true;
  EXPECT_THAT(to_text(write(broken).error()),
              HasSubstr("tensor 0 'w': is kept between runs and has a constant content"));
}

/// The file of a constant whose elements are stored as `type`.
Bytes constant_of(schema::TensorType type, std::vector<std::int32_t> shape, Bytes data) {
  const Bytes file = written(one_value(graph::constant<float>("w", graph::DType::kFloat32, {1}, {1.0f})));
  const auto model = schema::UnPackModel(file.data());
  model->metadata.clear();
  model->subgraphs[0]->tensors[0]->type = type;
  model->subgraphs[0]->tensors[0]->shape = std::move(shape);
  model->buffers[1]->data = std::move(data);
  return packed(*model);
}

TEST(Tflite, ReadsConstantsOfFourBits) {
  const auto graph = read(constant_of(schema::TensorType::INT4, {1, 5}, {0x10, 0x87, 0x0F}), "model.tflite");
  ASSERT_TRUE(graph) << to_text(graph.error());
  EXPECT_THAT(graph::elements<std::int8_t>(graph->values[0]), ElementsAre(0, 1, 7, -8, -1));
  EXPECT_THAT(message(constant_of(schema::TensorType::INT4, {7}, {0x10, 0x87, 0x0F})),
              HasSubstr("tensor 'w': holds 6 bytes, its shape [7] of int8 needs 7"));
}

/// DEQUANTIZE of a constant of halves.
Bytes widened(std::vector<std::int32_t> shape, Bytes halves) {
  const Bytes file = constant_of(schema::TensorType::FLOAT16, shape, std::move(halves));
  const auto model = schema::UnPackModel(file.data());
  auto code = std::make_unique<schema::OperatorCodeT>();
  code->builtin_code = schema::BuiltinOperator::DEQUANTIZE;
  model->operator_codes.push_back(std::move(code));
  schema::SubGraphT& subgraph = *model->subgraphs[0];
  subgraph.tensors.push_back(std::make_unique<schema::TensorT>());
  subgraph.tensors[1]->name = "wide";
  subgraph.tensors[1]->shape = std::move(shape);
  subgraph.operators.push_back(std::make_unique<schema::OperatorT>());
  subgraph.operators[0]->inputs = {0};
  subgraph.operators[0]->outputs = {1};
  subgraph.outputs = {1};
  return packed(*model);
}

TEST(Tflite, WidensConstantsOfHalfPrecision) {
  const Bytes halves = {0x00, 0x3C, 0x00, 0xC0, 0x01, 0x00, 0xFF, 0x83,
                        0x00, 0x04, 0xFF, 0x7B, 0x00, 0xFC, 0x00, 0x80};
  const auto graph = read(widened({8}, halves), "model.tflite");
  ASSERT_TRUE(graph) << to_text(graph.error());
  EXPECT_TRUE(graph->nodes.empty());
  EXPECT_THAT(graph::elements<float>(graph->value(1)),
              ElementsAre(1.0f, -2.0f, 0x1p-24f, -1023 * 0x1p-24f, 0x1p-14f, 65504.0f,
                          -std::numeric_limits<float>::infinity(), -0.0f));
  EXPECT_TRUE(std::signbit(graph::elements<float>(graph->value(1))[7]));
  EXPECT_THAT(message(widened({9}, halves)),
              HasSubstr("tensor 'wide': holds 32 bytes, its shape [9] of float32 needs 36"));
  EXPECT_THAT(message(constant_of(schema::TensorType::FLOAT16, {8}, halves)),
              HasSubstr("tensor 'w': data type 1 (FLOAT16) is not supported"));
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

/// Every model of the reference data that Mote reads.
TEST(Tflite, WritesEveryReferenceModelSoThatItReadsTheSame) {
  const auto folder = test::reference_data_dir() / "models";
  MOTE_REQUIRE_OR_SKIP(std::filesystem::exists(folder), "the reference models");
  int models = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::filesystem::path& path = entry.path();
    if (path.extension() != ".tflite") continue;
    const auto graph = read_file(path);
    if (!graph) continue;
    SCOPED_TRACE(path.filename());
    const Bytes file = written(*graph);
    const auto back = read(file, "written");
    ASSERT_TRUE(back) << to_text(back.error());
    EXPECT_EQ(graph::content_hash(*back), graph::content_hash(*graph));
    for (std::size_t id = 0; id < graph->values.size(); ++id)
      EXPECT_EQ(back->values[id].name, graph->values[id].name);
    EXPECT_EQ(written(*back), file);
    ++models;
  }
  fmt::print("{} models\n", models);
  EXPECT_GT(models, 0);
}

TEST(Tflite, DoesNotWriteABrokenGraph) {
  Graph graph = conv_model();
  graph.values[0].shape = {1, 1, 12, 4};
  EXPECT_THAT(to_text(write(graph).error()),
              HasSubstr("op conv_2d 'conv_2d_0': input has 4 channels, weights expect 3"));
}

}  // namespace
}  // namespace mote::tflite
