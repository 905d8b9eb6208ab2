// SPDX-License-Identifier: Apache-2.0
// Files that are damaged, absurd or meant to do harm: each ends in an error with place and reason.
#include <cmath>
#include <limits>

#include "core/json.h"
#include "tflite/changed_model.h"

namespace mote::tflite {
namespace {

using ops::test::conv_model;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(HostileTflite, RefusesWhatIsNoModel) {
  EXPECT_THAT(message({}), HasSubstr("model.tflite: no TensorFlow Lite file: too short"));
  EXPECT_THAT(message(Bytes(100, 'x')), HasSubstr("it lacks the identifier 'TFL3'"));
}

TEST(HostileTflite, RefusesAnIdentifierAlone) {
  EXPECT_THAT(message({0, 0, 0, 0, 'T', 'F', 'L', '3'}),
              HasSubstr("model.tflite: damaged: an offset or a length points outside of the file"));
  EXPECT_THAT(message({8, 0, 0, 0, 'T', 'F', 'L', '3'}), HasSubstr("damaged"));
  EXPECT_THAT(message({255, 255, 255, 255, 'T', 'F', 'L', '3'}), HasSubstr("damaged"));
}

TEST(HostileTflite, RefusesATableAtAnOddAddress) {
  Bytes file = written(conv_model());
  file.insert(file.begin() + 8, 0);  // everything behind the identifier moves by one byte
  ++file[0];
  EXPECT_THAT(message(file),
              HasSubstr("damaged: an offset or a length points outside of the file, or to where"));
}

TEST(HostileTflite, RefusesOrSurvivesEveryOffsetOutOfRange) {
  const Bytes file = written(conv_model());
  int refused = 0;
  for (std::size_t at = 0; at + 4 <= file.size(); at += 4) {
    for (const std::uint8_t byte : Bytes{0x00, 0x7F, 0xFF}) {
      Bytes wild = file;
      std::fill_n(wild.begin() + static_cast<std::ptrdiff_t>(at), 4, byte);
      if (!read(wild, "model.tflite")) ++refused;
      (void)find_unsupported(wild, "model.tflite");
    }
  }
  EXPECT_GT(refused, static_cast<int>(file.size() / 4));
}

TEST(HostileTflite, RefusesTruncatedFiles) {
  // Behind the model come the labels, which are not needed to read it.
  const Bytes file = packed(*schema::UnPackModel(written(conv_model()).data()));
  for (std::size_t size = 0; size < file.size(); size += 97)
    EXPECT_FALSE(read(std::span(file).first(size), "model.tflite")) << size;
}

TEST(HostileTflite, FlippedBitsNeverCrash) {
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
  EXPECT_GT(refused, static_cast<int>(file.size()) / 2);
}

TEST(HostileTflite, RefusesAnotherFrame) {
  EXPECT_THAT(message_of([](auto& model) { model.version = 2; }), HasSubstr("schema version 2, expected 3"));
  EXPECT_THAT(message_of([](auto& model) { model.subgraphs.clear(); }),
              HasSubstr("the model has no subgraph, expected 1"));
  EXPECT_THAT(message_of([](auto& model) { model.subgraphs[0]->inputs.resize(kMaximumItems + 1); }),
              HasSubstr("65537 tensors, operators or buffers, at most 65536"));
}

TEST(HostileTflite, RefusesSubgraphsThatCallEachOther) {
  EXPECT_THAT(
      message_of([](auto& model) { model.subgraphs.push_back(std::make_unique<schema::SubGraphT>()); }),
      HasSubstr("model.tflite: the model has 2 subgraphs, expected 1: control flow is not supported"));
  const auto of_loop = message_of([](schema::ModelT& model) {
    model.operator_codes[0]->builtin_code = schema::BuiltinOperator::WHILE;  // whose body could be itself
    model.subgraphs.push_back(std::make_unique<schema::SubGraphT>(*model.subgraphs[0]));
  });
  EXPECT_THAT(of_loop, AllOf(HasSubstr("operator 0 (WHILE), tensor 'conv_2d_0': control flow: what runs"),
                             HasSubstr("hint: `mote inspect` lists this and 2 more")));
}

TEST(HostileTflite, RefusesOperatorsThatWaitForEachOther) {
  EXPECT_THAT(message_of([](schema::ModelT& model) {
                auto& operators = model.subgraphs[0]->operators;
                operators[0]->inputs[0] = operators[2]->outputs[0];
                model.metadata.clear();
              }),
              HasSubstr("operator 0 (CONV_2D), tensor 'conv_2d_0': "));
  EXPECT_THAT(
      message_of([](schema::ModelT& model) {
        auto& operators = model.subgraphs[0]->operators;
        std::swap(operators[0], operators[1]);
      }),
      HasSubstr("model.tflite, node 0 (max_pool_2d): reads tensor 3 'conv_2d_0' before anything writes it"));
}

TEST(HostileTflite, RefusesIndicesThatLeadNowhere) {
  const auto of_subgraph = [](auto change) {
    return message_of([&](schema::ModelT& model) { change(*model.subgraphs[0]); });
  };
  EXPECT_THAT(of_subgraph([](auto& graph) { graph.operators[0]->inputs[1] = 1000; }),
              HasSubstr("model.tflite, node 0 (conv_2d): reads tensor 1000, which does not exist"));
  EXPECT_THAT(of_subgraph([](auto& graph) { graph.operators[0]->inputs = {0}; }),
              HasSubstr("operator 0 (CONV_2D), tensor 'conv_2d_0': has 1 inputs, expected 2 to 3"));
  EXPECT_THAT(of_subgraph([](auto& graph) { graph.operators.back()->outputs = {}; }), HasSubstr("SOFTMAX"));
  EXPECT_THAT(of_subgraph([](auto& graph) { graph.operators[0]->outputs = {-7}; }),
              HasSubstr("node 0 (conv_2d): writes tensor -7, which does not exist"));
  EXPECT_THAT(of_subgraph([](auto& graph) { graph.operators[0]->intermediates = {4000}; }),
              HasSubstr("has the intermediate tensor 4000, which does not exist"));
  EXPECT_THAT(of_subgraph([](auto& graph) { graph.inputs = {-5}; }),
              HasSubstr("graph input -5 does not exist"));
  EXPECT_THAT(of_subgraph([](auto& graph) { graph.inputs = {0, 0}; }), HasSubstr("listed twice"));
  EXPECT_THAT(of_subgraph([](auto& graph) { graph.outputs = {77}; }),
              HasSubstr("graph output 77 is never written"));
  EXPECT_THAT(message_of([](auto& model) { model.subgraphs[0]->operators[0]->opcode_index = 77; }),
              HasSubstr("model.tflite: operator 0 refers to operator code 77, the file has"));
  EXPECT_THAT(message_of([](auto& model) { model.subgraphs[0]->tensors[0]->buffer = 1000; }),
              HasSubstr("model.tflite: tensor 0 refers to buffer 1000, the file has"));
  EXPECT_THAT(message_of([](auto& model) { model.metadata[0]->buffer = 999; }),
              HasSubstr("model.tflite: metadata refers to buffer 999"));
}

std::string message_of_shape(std::vector<std::int32_t> shape) {
  return message_of([&](schema::ModelT& model) { model.subgraphs[0]->tensors[0]->shape = shape; });
}

TEST(HostileTflite, RefusesShapesWithoutSense) {
  EXPECT_THAT(message_of_shape({1, -1, 12, 3}),
              HasSubstr("operator 0 (CONV_2D), tensor 'window': has a dimension of -1, expected at least 1"));
  EXPECT_THAT(message_of_shape({1, 0, 12, 3}), HasSubstr("has a dimension of 0, expected at least 1"));
  EXPECT_THAT(message_of_shape({std::numeric_limits<std::int32_t>::min()}),
              HasSubstr("has a dimension of -2147483648"));
  EXPECT_THAT(message_of_shape(std::vector<std::int32_t>(9, 1)),
              HasSubstr("has 9 dimensions, at most 8 are supported"));
}

TEST(HostileTflite, RefusesShapesThatOverflow) {
  EXPECT_THAT(message_of_shape({1 << 30, 1 << 30, 1 << 30, 1 << 30}),
              HasSubstr("tensor 'window': is larger than 1073741824 bytes"));
  EXPECT_THAT(message_of_shape({65536, 65536, 65536, 65536}), HasSubstr("is larger than 1073741824 bytes"));
  EXPECT_THAT(message_of_shape({1, 23171, 23171, 1}), HasSubstr("is larger than 1073741824 bytes"));  // 2 GB
}

TEST(HostileTflite, RefusesAConstantWithoutItsBytes) {
  EXPECT_THAT(message_of([](auto& model) { model.buffers[1]->data.clear(); }),
              HasSubstr("operator 0 (CONV_2D), tensor 'conv_2d_0': "));
  EXPECT_THAT(message_of([](auto& model) { model.buffers[1]->data.pop_back(); }),
              HasSubstr("bytes, its shape [8] of float32 needs 32"));
}

TEST(HostileTflite, RefusesABufferBehindTheModel) {
  EXPECT_THAT(message_of([](auto& model) { model.buffers[1]->offset = 5000000000; }),
              AllOf(HasSubstr("operator 0 (CONV_2D), tensor 'constant_1': its data lie behind the model")));
}

TEST(HostileTflite, RefusesAFileThatUnfoldsToMoreThanMemoryHolds) {
  const auto shared_data = message_of([](schema::ModelT& model) {
    model.buffers[1]->data.resize(std::size_t{1} << 20);
    schema::SubGraphT& subgraph = *model.subgraphs[0];
    for (int copy = 0; copy < 100; ++copy) {
      subgraph.operators[0]->inputs.push_back(static_cast<std::int32_t>(subgraph.tensors.size()));
      subgraph.tensors.push_back(std::make_unique<schema::TensorT>());
      subgraph.tensors.back()->buffer = 1;
    }
  });
  EXPECT_THAT(shared_data, HasSubstr("model.tflite: the model unfolds to more than "));
}

/// A file of `count` operators that all share one vector of a million operands.
Bytes shared_operands(int count) {
  flatbuffers::FlatBufferBuilder builder;
  const auto operands = builder.CreateVector(std::vector<std::int32_t>(1 << 20));
  std::vector<flatbuffers::Offset<schema::Operator>> operators;
  for (int index = 0; index < count; ++index)
    operators.push_back(schema::CreateOperator(builder, 0, operands, operands));
  const auto operator_list = builder.CreateVector(operators);
  const std::vector subgraphs = {schema::CreateSubGraph(builder, 0, 0, 0, operator_list)};
  const auto subgraph_list = builder.CreateVector(subgraphs);
  const std::vector codes = {schema::CreateOperatorCode(builder, 25, 0, 1, schema::BuiltinOperator::SOFTMAX)};
  const auto code_list = builder.CreateVector(codes);
  schema::FinishModelBuffer(builder, schema::CreateModel(builder, 3, code_list, subgraph_list));
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

TEST(HostileTflite, RefusesOperatorsThatShareWhatIsTooMuchForAll) {
  EXPECT_THAT(message(shared_operands(100)), HasSubstr("the model unfolds to more than "));
}

template <class Change>
std::string message_of_quantization(Change change) {
  return message_of([&](schema::ModelT& model) {
    schema::TensorT& tensor = *model.subgraphs[0]->tensors[0];
    tensor.type = schema::TensorType::INT8;
    tensor.quantization = std::make_unique<schema::QuantizationParametersT>();
    tensor.quantization->scale = {0.5f};
    tensor.quantization->zero_point = {3};
    change(*tensor.quantization);
  });
}

TEST(HostileTflite, RefusesAbsurdScales) {
  const auto of_scale = [](float scale) {
    return message_of_quantization([&](auto& quantization) { quantization.scale = {scale}; });
  };
  EXPECT_THAT(of_scale(-0.5f),
              HasSubstr("operator 0 (CONV_2D), tensor 'window': has scale -0.5, expected a positive"));
  EXPECT_THAT(of_scale(0.0f), HasSubstr("has scale 0, expected a positive number"));
  EXPECT_THAT(of_scale(std::numeric_limits<float>::quiet_NaN()), HasSubstr("has scale nan"));
  EXPECT_THAT(of_scale(std::numeric_limits<float>::infinity()), HasSubstr("has scale inf"));
}

TEST(HostileTflite, RefusesAbsurdZeroPoints) {
  const auto of_zero_point = [](std::vector<std::int64_t> zero_point) {
    return message_of_quantization([&](auto& quantization) { quantization.zero_point = zero_point; });
  };
  EXPECT_THAT(of_zero_point({300}), HasSubstr("has zero point 300, outside of int8"));
  EXPECT_THAT(of_zero_point({std::numeric_limits<std::int64_t>::min()}), HasSubstr("outside of int8"));
  EXPECT_THAT(of_zero_point({1, 2}), HasSubstr("has 1 scales and 2 zero points"));
}

TEST(HostileTflite, RefusesQuantizationAlongAnAxisThatIsNotThere) {
  const auto of_axis = [](std::int32_t axis) {
    return message_of_quantization([&](auto& quantization) {
      quantization.scale = {1.0f, 2.0f};
      quantization.zero_point = {0, 0};
      quantization.quantized_dimension = axis;
    });
  };
  EXPECT_THAT(of_axis(7), HasSubstr("has 2 scales along axis 7"));
  EXPECT_THAT(of_axis(-1), HasSubstr("has 2 scales along axis -1"));
  EXPECT_THAT(of_axis(3), HasSubstr("has 2 scales along axis 3, its shape is [1, 1, 12, 3]"));
}

TEST(HostileTflite, RefusesAChangedModel) {
  EXPECT_THAT(message_of([](auto& model) { model.buffers[1]->data[0] ^= 1; }),
              HasSubstr("differs from the content hash in its metadata"));
  EXPECT_EQ(message_of([](auto& model) {
              model.buffers[1]->data[0] ^= 1;
              model.metadata.clear();
            }),
            "");
}

TEST(HostileTflite, RefusesBrokenMetadata) {
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
  EXPECT_THAT(message_of([](auto& model) { model.buffers[model.metadata[0]->buffer]->data = {'{'}; }),
              HasSubstr("model.tflite"));
}

/// Names are data: they come back as they are, and go on as they are.
TEST(HostileTflite, KeepsNamesThatWouldHarmElsewhere) {
  for (const std::string& name :
       {std::string("*/ int evil; /*"), std::string("a\nb\r\n\x1b[31m"), std::string("</script>"),
        std::string("../../etc/passwd"), std::string("nul\0l", 5), std::string("\xff\xfe\x80"), std::string(),
        std::string(1 << 20, 'x')}) {
    graph::Graph graph = conv_model();
    graph.name = name;
    for (graph::Value& value : graph.values) value.name = name;
    const auto back = read(written(graph), "model.tflite");
    ASSERT_TRUE(back) << to_text(back.error());
    EXPECT_EQ(back->name, name);
    EXPECT_EQ(back->values[0].name, name);
  }
}

TEST(HostileTflite, AHostileLabelStaysInItsLine) {
  graph::Graph graph = conv_model();
  graph.metadata.labels = {"one\ntwo", "three\r\x1b[31m", "four"};
  const Bytes file = written(graph);
  const std::string text(file.begin(), file.end());
  EXPECT_THAT(text, AllOf(HasSubstr("one two\nthree  [31m\nfour\n"), Not(HasSubstr("one\ntwo"))));
  const auto back = read(file, "model.tflite");
  ASSERT_TRUE(back);
  EXPECT_EQ(back->metadata.labels, graph.metadata.labels);
}

}  // namespace
}  // namespace mote::tflite
