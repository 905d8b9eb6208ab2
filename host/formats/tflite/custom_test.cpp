// SPDX-License-Identifier: Apache-2.0
// Custom operators: options from a FlexBuffer, and a state that the file does not know.
#include "tflite/changed_model.h"

namespace mote::tflite {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(CustomOperator, GetsItsHiddenStateAsAnInput) {
  const auto graph = read(noise_model(noise_options()), "model.tflite");
  ASSERT_TRUE(graph) << to_text(graph.error());
  ASSERT_EQ(graph->nodes.size(), 1U);
  const graph::Node& node = graph->nodes[0];
  EXPECT_EQ(node.op, "signal");
  ASSERT_EQ(node.inputs.size(), 2U);
  const graph::Value& state = graph->value(node.inputs[1]);
  EXPECT_TRUE(state.is_state);
  EXPECT_EQ(state.dtype, graph::DType::kUInt32);
  EXPECT_EQ(state.shape, std::vector{kChannels});
  EXPECT_EQ(std::get<std::int64_t>(node.attributes.at("smoothing_bits")), 10);
}

TEST(CustomOperator, IsRefusedWithoutItsOptions) {
  EXPECT_THAT(message(noise_model({})), HasSubstr("options are missing or damaged, expected a FlexBuffer"));
  EXPECT_THAT(message(noise_model({1, 2, 3, 4})), HasSubstr("options are"));
  EXPECT_THAT(
      message(noise_model(options_of([](flexbuffers::Builder& options) { options.Int("smoothing", 1); }))),
      HasSubstr("option 'alternate_one_minus_smoothing' is missing or no whole number"));
  flexbuffers::Builder number;
  number.Int(5);
  number.Finish();
  EXPECT_THAT(message(noise_model(number.GetBuffer())), HasSubstr("options are no map of names"));
}

TEST(CustomOperator, IsRefusedWithOptionsOutOfRange) {
  EXPECT_THAT(message(noise_model(noise_options(0))),
              HasSubstr("attribute 'num_channels' is 0, expected 1 ... 32768"));
  EXPECT_THAT(message(noise_model(noise_options(std::int64_t{1} << 40))),
              HasSubstr("attribute 'num_channels'"));
  EXPECT_THAT(message(noise_model(noise_options(4))),
              HasSubstr("input 0 has 3 elements in a row, expected 4"));
}

TEST(CustomOperator, TransformsInt16Alone) {
  const auto model = [](std::int64_t type) {
    const Bytes options = options_of([&](flexbuffers::Builder& map) {
      map.Int("T", type);
      map.Int("fft_length", 16);
    });
    return message(model_of("SignalRfft", options, schema::TensorType::INT16, schema::TensorType::INT16, 1));
  };
  EXPECT_THAT(model(0), HasSubstr("a transform of other numbers than int16 is not supported"));
  EXPECT_THAT(model(7), HasSubstr("output is int16 [3], expected int16 [18]"));
}

TEST(CustomOperator, IsRefusedWithItsReason) {
  EXPECT_THAT(message(noise_model({}, "SignalFramer")),
              AllOf(HasSubstr("CUSTOM 'SignalFramer'"), HasSubstr("with frames of samples as its input")));
  EXPECT_THAT(message(noise_model({}, "nobody's")), HasSubstr("Mote does not have this custom operator"));
  EXPECT_THAT(message(noise_model({}, "")), HasSubstr("Mote does not have this custom operator"));
}

TEST(CustomOperator, SurvivesEveryChangedByteOfItsOptions) {
  const Bytes options = noise_options();
  int refused = 0;
  for (std::size_t at = 0; at < options.size(); ++at)
    for (const int change : {0x01, 0x10, 0x80, 0xFF}) {
      Bytes changed = options;
      changed[at] = static_cast<std::uint8_t>(changed[at] ^ change);
      refused += read(noise_model(changed), "model.tflite") ? 0 : 1;
    }
  EXPECT_GT(refused, 100);
}

TEST(CustomOperator, IsWrittenWithoutItsHiddenState) {
  const auto graph = read(noise_model(noise_options()), "model.tflite");
  ASSERT_TRUE(graph);
  const Bytes file = written(*graph);
  const auto model = schema::UnPackModel(file.data());
  const schema::SubGraphT& subgraph = *model->subgraphs[0];
  EXPECT_EQ(subgraph.tensors.size(), 3U);
  EXPECT_EQ(subgraph.operators[0]->inputs, std::vector<std::int32_t>{0});
  EXPECT_EQ(subgraph.operators[0]->custom_options, noise_options());
  EXPECT_EQ(model->operator_codes[0]->custom_code, "SignalFilterBankSpectralSubtraction");
  EXPECT_EQ(model->operator_codes[0]->builtin_code, schema::BuiltinOperator::CUSTOM);
  const auto again = read(file, "model.tflite");
  ASSERT_TRUE(again) << to_text(again.error());
  EXPECT_EQ(again->nodes[0].attributes, graph->nodes[0].attributes);
  EXPECT_EQ(again->nodes[0].inputs, graph->nodes[0].inputs);
}

TEST(CustomOperator, HasItsSumsAsUnsignedNumbers) {
  const Bytes file =
      model_of("SignalFilterBankSquareRoot", {}, schema::TensorType::UINT64, schema::TensorType::UINT32, 1);
  auto model = schema::UnPackModel(file.data());
  auto shift = std::make_unique<schema::TensorT>();
  shift->type = schema::TensorType::INT32;
  shift->name = "shift";
  model->subgraphs[0]->tensors.push_back(std::move(shift));
  for (auto* inputs : {&model->subgraphs[0]->inputs, &model->subgraphs[0]->operators[0]->inputs})
    inputs->push_back(2);
  const auto graph = read(packed(*model), "model.tflite");
  ASSERT_TRUE(graph) << to_text(graph.error());
  EXPECT_EQ(graph->value(0).dtype, graph::DType::kInt64);
  const Bytes again = written(*graph);
  EXPECT_EQ(schema::UnPackModel(again.data())->subgraphs[0]->tensors[0]->type, schema::TensorType::UINT64);
}

}  // namespace
}  // namespace mote::tflite
