// SPDX-License-Identifier: Apache-2.0
#include "tflite_seeds.h"

#include <algorithm>
#include <cctype>

#include "seed_model.h"
#include "tflite/custom_model.h"

namespace mote::test {
namespace {

using tflite_schema::ActivationFunctionType;
using tflite_schema::Padding;

constexpr auto kSame = Padding::SAME;
constexpr auto kValid = Padding::VALID;
constexpr auto kRelu = ActivationFunctionType::RELU;
constexpr auto kRelu6 = ActivationFunctionType::RELU6;
constexpr std::int64_t kLowest = -128;

/// Collects seeds; their name is the operator's, and what is told of the type.
class Seeds {
 public:
  void add(std::string_view type, const Op& op) {
    std::string name = tflite_schema::EnumNameBuiltinOperator(op.code);
    for (char& letter : name) letter = static_cast<char>(std::tolower(letter));
    seeds_.push_back({name + "_" + std::string(type), model_of(op)});
  }
  std::vector<Seed> take() { return std::move(seeds_); }

 private:
  std::vector<Seed> seeds_;
};

/// Weights along the axis `axis`, with a scale for each of its indices.
Tensor weights(Tensor tensor, std::int32_t axis) {
  const auto channels = static_cast<std::size_t>(tensor.shape[static_cast<std::size_t>(axis)]);
  tensor.scale.assign(channels, 0.25f);
  for (std::size_t channel = 0; channel < channels; ++channel)
    tensor.scale[channel] += 0.0625f * static_cast<float>(channel);
  tensor.zero_point = 0;
  tensor.axis = axis;
  return constant(std::move(tensor));
}

Tensor bias(std::int32_t channels, float input_scale, const Tensor& kernel, Type type = Type::INT32) {
  Tensor tensor{type, {channels}, kernel.scale};
  for (float& scale : tensor.scale) scale *= input_scale;
  return constant(std::move(tensor));
}

void add_convolutions(Seeds& seeds) {
  const std::vector<Field> conv = {{0, kSame}, {1, 2}, {2, 1}, {3, kRelu}, {4, 1}, {5, 1}};
  const std::vector<Field> depthwise = {{0, kValid}, {1, 1}, {2, 1}, {3, 2}, {4, kRelu6}, {5, 1}, {6, 1}};
  const std::vector<Field> transposed = {{0, kSame}, {1, 2}, {2, 2}};
  const Tensor kernel = weights(int8s({3, 2, 3, 2}), 0);
  const Tensor spread = weights(int8s({1, 2, 3, 4}), 3);
  const Tensor widening = weights(int8s({3, 2, 2, 2}), 0);
  seeds.add("float", {Code::CONV_2D,
                      1,
                      conv,
                      {floats({1, 4, 6, 2}), constant(floats({3, 2, 3, 2})), constant(floats({3}))},
                      {floats({1, 4, 3, 3})}});
  seeds.add(
      "int8",
      {Code::CONV_2D, 1, conv, {int8s({1, 4, 6, 2}), kernel, bias(3, 0.5f, kernel)}, {int8s({1, 4, 3, 3})}});
  seeds.add("int16", {Code::CONV_2D,
                      1,
                      conv,
                      {int16s({1, 4, 6, 2}), kernel, bias(3, 0x1p-8f, kernel, Type::INT64)},
                      {int16s({1, 4, 3, 3})}});
  seeds.add("float", {Code::DEPTHWISE_CONV_2D,
                      2,
                      depthwise,
                      {floats({1, 4, 6, 2}), constant(floats({1, 2, 3, 4})), constant(floats({4}))},
                      {floats({1, 3, 4, 4})}});
  seeds.add("int8", {Code::DEPTHWISE_CONV_2D,
                     2,
                     depthwise,
                     {int8s({1, 4, 6, 2}), spread, bias(4, 0.5f, spread)},
                     {int8s({1, 3, 4, 4})}});
  seeds.add("int16", {Code::DEPTHWISE_CONV_2D,
                      2,
                      depthwise,
                      {int16s({1, 4, 6, 2}), spread, bias(4, 0x1p-8f, spread, Type::INT64)},
                      {int16s({1, 3, 4, 4})}});
  seeds.add("float", {Code::TRANSPOSE_CONV,
                      49,
                      transposed,
                      {list({1, 4, 4, 3}), constant(floats({3, 2, 2, 2})), floats({1, 2, 2, 2})},
                      {floats({1, 4, 4, 3})}});
  seeds.add("int8", {Code::TRANSPOSE_CONV,
                     49,
                     transposed,
                     {list({1, 4, 4, 3}), widening, int8s({1, 2, 2, 2}), bias(3, 0.5f, widening)},
                     {int8s({1, 4, 4, 3})}});
  seeds.add("int16",
            {Code::TRANSPOSE_CONV,
             49,
             transposed,
             {list({1, 4, 4, 3}), widening, int16s({1, 2, 2, 2}), bias(3, 0x1p-8f, widening, Type::INT64)},
             {int16s({1, 4, 4, 3})}});
}

void add_products(Seeds& seeds) {
  const std::vector<Field> dense = {{0, kRelu}};
  const Tensor kernel = constant(int8s({3, 4}, 0.25f, 0));
  const Tensor rows = weights(int8s({3, 4}), 0);
  seeds.add("float", {Code::FULLY_CONNECTED,
                      8,
                      dense,
                      {floats({2, 4}), constant(floats({3, 4})), constant(floats({3}))},
                      {floats({2, 3})}});
  seeds.add(
      "int8",
      {Code::FULLY_CONNECTED, 8, dense, {int8s({2, 4}), kernel, bias(3, 0.5f, kernel)}, {int8s({2, 3})}});
  seeds.add("channels",
            {Code::FULLY_CONNECTED, 8, dense, {int8s({2, 4}), rows, bias(3, 0.5f, rows)}, {int8s({2, 3})}});
  seeds.add("int16", {Code::FULLY_CONNECTED,
                      8,
                      dense,
                      {int16s({2, 4}), kernel, bias(3, 0x1p-8f, kernel, Type::INT64)},
                      {int16s({2, 3})}});
  seeds.add("hybrid",
            {Code::FULLY_CONNECTED, 8, dense, {floats({2, 4}), kernel, absent()}, {floats({2, 3})}});
  const std::vector<Field> matmul = {{0, false}, {1, true}};
  seeds.add("float",
            {Code::BATCH_MATMUL, 101, matmul, {floats({2, 2, 4}), floats({1, 3, 4})}, {floats({2, 2, 3})}});
  seeds.add("int8",
            {Code::BATCH_MATMUL, 101, matmul, {int8s({2, 2, 4}), int8s({1, 3, 4})}, {int8s({2, 2, 3})}});
}

void add_pooling(Seeds& seeds) {
  const std::vector<Field> pool = {{0, kSame}, {1, 2}, {2, 2}, {3, 3}, {4, 2}, {5, kRelu}};
  for (const Code code : {Code::AVERAGE_POOL_2D, Code::MAX_POOL_2D, Code::L2_POOL_2D})
    seeds.add("float", {code, 5, pool, {floats({1, 4, 5, 2})}, {floats({1, 2, 3, 2})}});
  for (const Code code : {Code::AVERAGE_POOL_2D, Code::MAX_POOL_2D}) {
    seeds.add("int8", {code, 5, pool, {int8s({1, 4, 5, 2})}, {int8s({1, 2, 3, 2})}});
    seeds.add("int16", {code, 5, pool, {int16s({1, 4, 5, 2})}, {int16s({1, 2, 3, 2})}});
  }
}

void add_unary(Seeds& seeds) {
  const std::pair<Code, int> of_floats[] = {
      {Code::ABS, 78},         {Code::CEIL, 0},  {Code::COS, 84},     {Code::ELU, 0},
      {Code::EXP, 33},         {Code::FLOOR, 0}, {Code::LOG, 0},      {Code::NEG, 42},
      {Code::ROUND, 0},        {Code::RSQRT, 0}, {Code::SIN, 0},      {Code::SQRT, 0},
      {Code::SQUARE, 66},      {Code::RELU, 0},  {Code::RELU6, 0},    {Code::RELU_0_TO_1, 0},
      {Code::RELU_N1_TO_1, 0}, {Code::TANH, 0},  {Code::LOGISTIC, 0}, {Code::HARD_SWISH, 91},
      {Code::ZEROS_LIKE, 67}};
  for (const auto& [code, options] : of_floats)
    seeds.add("float", {code, options, {}, {floats({2, 3})}, {floats({2, 3})}});
  seeds.add("float", {Code::LEAKY_RELU, 75, {{0, 0.1f}}, {floats({2, 3})}, {floats({2, 3})}});
  seeds.add("int8", {Code::LEAKY_RELU, 75, {{0, 0.1f}}, {int8s({2, 3})}, {int8s({2, 3}, 0.25f)}});
  seeds.add("int16", {Code::LEAKY_RELU, 75, {{0, 0.1f}}, {int16s({2, 3})}, {int16s({2, 3}, 0x1p-9f)}});
  for (const Code code :
       {Code::RELU, Code::RELU6, Code::RELU_0_TO_1, Code::RELU_N1_TO_1, Code::HARD_SWISH, Code::ELU})
    seeds.add("int8", {code, code == Code::HARD_SWISH ? 91 : 0, {}, {int8s({2, 3})}, {int8s({2, 3}, 0.25f)}});
  seeds.add("int8", {Code::TANH, 0, {}, {int8s({2, 3}, 0.1f)}, {int8s({2, 3}, 0x1p-7f, 0)}});
  seeds.add("int16", {Code::TANH, 0, {}, {int16s({2, 3}, 0x1p-12f)}, {int16s({2, 3}, 0x1p-15f)}});
  seeds.add("int8", {Code::LOGISTIC, 0, {}, {int8s({2, 3}, 0.1f)}, {int8s({2, 3}, 0x1p-8f, kLowest)}});
  seeds.add("int16", {Code::LOGISTIC, 0, {}, {int16s({2, 3}, 0x1p-12f)}, {int16s({2, 3}, 0x1p-15f)}});
  seeds.add("bool", {Code::LOGICAL_NOT, 63, {}, {bools({2, 3})}, {bools({2, 3})}});
  seeds.add("int8", {Code::QUANTIZE, 89, {}, {floats({2, 3})}, {int8s({2, 3})}});
  seeds.add("again", {Code::QUANTIZE, 89, {}, {int16s({2, 3})}, {int8s({2, 3}, 0.02f, 5)}});
  seeds.add("int8", {Code::DEQUANTIZE, 38, {}, {int8s({2, 3})}, {floats({2, 3})}});
  seeds.add("int16", {Code::DEQUANTIZE, 38, {}, {int16s({2, 3})}, {floats({2, 3})}});
  seeds.add("float",
            {Code::CAST, 37, {{0, Type::INT32}, {1, Type::FLOAT32}}, {int32s({2, 3})}, {floats({2, 3})}});
}

void add_binary(Seeds& seeds) {
  const std::pair<Code, int> fused[] = {{Code::ADD, 11}, {Code::SUB, 28}, {Code::MUL, 21}};
  for (const auto& [code, options] : fused) {
    seeds.add("float", {code, options, {{0, kRelu}}, {floats({2, 3}), floats({3})}, {floats({2, 3})}});
    seeds.add("int8",
              {code, options, {{0, kRelu}}, {int8s({2, 3}), int8s({2, 1}, 0.25f)}, {int8s({2, 3}, 0.75f)}});
    seeds.add("int16", {code, options, {}, {int16s({2, 3}), int16s({2, 3})}, {int16s({2, 3}, 0x1p-7f)}});
    seeds.add("int32", {code, options, {}, {int32s({2, 3}), int32s({2, 3})}, {int32s({2, 3})}});
  }
  seeds.add("float", {Code::DIV, 29, {}, {floats({2, 3}), floats({3})}, {floats({2, 3})}});
  const std::pair<Code, int> plain[] = {{Code::MAXIMUM, 39},
                                        {Code::MINIMUM, 39},
                                        {Code::SQUARED_DIFFERENCE, 76},
                                        {Code::FLOOR_DIV, 65},
                                        {Code::FLOOR_MOD, 72}};
  for (const auto& [code, options] : plain)
    seeds.add("float", {code, options, {}, {floats({2, 3}), floats({3})}, {floats({2, 3})}});
  for (const auto& [code, options] : {plain[0], plain[1], plain[2]})
    seeds.add("int8", {code, options, {}, {int8s({2, 3}), int8s({3})}, {int8s({2, 3})}});
  const std::pair<Code, int> comparisons[] = {{Code::EQUAL, 53},         {Code::NOT_EQUAL, 54},
                                              {Code::LESS, 41},          {Code::GREATER, 44},
                                              {Code::GREATER_EQUAL, 45}, {Code::LESS_EQUAL, 46}};
  for (const auto& [code, options] : comparisons) {
    seeds.add("float", {code, options, {}, {floats({2, 3}), floats({3})}, {bools({2, 3})}});
    seeds.add("int8", {code, options, {}, {int8s({2, 3}), int8s({2, 3}, 0.25f)}, {bools({2, 3})}});
  }
  seeds.add("bool", {Code::LOGICAL_AND, 62, {}, {bools({2, 3}), bools({2, 3})}, {bools({2, 3})}});
  seeds.add("bool", {Code::LOGICAL_OR, 60, {}, {bools({2, 3}), bools({2, 3})}, {bools({2, 3})}});
  seeds.add(
      "float",
      {Code::PRELU, 0, {}, {floats({1, 2, 2, 3}), constant(floats({1, 1, 3}))}, {floats({1, 2, 2, 3})}});
  seeds.add("int8",
            {Code::PRELU, 0, {}, {int8s({1, 2, 2, 3}), constant(int8s({1, 1, 3}))}, {int8s({1, 2, 2, 3})}});
  seeds.add("float",
            {Code::ADD_N, 82, {}, {floats({2, 3}), floats({2, 3}), floats({2, 3})}, {floats({2, 3})}});
  seeds.add("float",
            {Code::SELECT_V2, 98, {}, {bools({2, 1}), floats({2, 3}), floats({3})}, {floats({2, 3})}});
  seeds.add("float",
            {Code::SELECT, 47, {}, {bools({2, 3}), floats({2, 3}), floats({2, 3})}, {floats({2, 3})}});
  seeds.add("rows", {Code::SELECT, 47, {}, {bools({2}), int8s({2, 3}), int8s({2, 3})}, {int8s({2, 3})}});
}

void add_reductions(Seeds& seeds) {
  const std::vector<Field> keep = {{0, true}};
  for (const Code code : {Code::MEAN, Code::SUM, Code::REDUCE_MAX, Code::REDUCE_MIN, Code::REDUCE_PROD})
    seeds.add("float", {code, 27, keep, {floats({1, 2, 3, 2}), list({1, 2})}, {floats({1, 1, 1, 2})}});
  for (const Code code : {Code::MEAN, Code::SUM, Code::REDUCE_MAX})
    seeds.add("int8", {code, 27, {}, {int8s({1, 2, 3, 2}), list({1, -2})}, {int8s({1, 2})}});
  for (const Code code : {Code::REDUCE_ALL, Code::REDUCE_ANY})
    seeds.add("bool", {code, 27, {}, {bools({2, 3}), list({1})}, {bools({2})}});
  for (const auto& [code, options] : {std::pair(Code::ARG_MAX, 40), std::pair(Code::ARG_MIN, 57)}) {
    seeds.add("float", {code, options, {{0, Type::INT32}}, {floats({2, 3}), scalar(1)}, {int32s({2})}});
    seeds.add("int8", {code, options, {{0, Type::INT32}}, {int8s({2, 3}), scalar(-1)}, {int32s({2})}});
    seeds.add("wide", {code, options, {{0, Type::INT64}}, {int8s({2, 3}), scalar(0)}, {int64s({3})}});
  }
  seeds.add("float",
            {Code::CUMSUM, 102, {{0, true}, {1, true}}, {floats({2, 3}), scalar(1)}, {floats({2, 3})}});
  seeds.add("int8", {Code::CUMSUM, 102, {}, {int8s({2, 3}), scalar(0)}, {int8s({2, 3})}});
  seeds.add("float", {Code::SOFTMAX, 9, {{0, 1.0f}}, {floats({2, 3})}, {floats({2, 3})}});
  seeds.add("int8",
            {Code::SOFTMAX, 9, {{0, 1.0f}}, {int8s({2, 3}, 0.1f)}, {int8s({2, 3}, 0x1p-8f, kLowest)}});
  seeds.add("int16", {Code::SOFTMAX, 9, {{0, 1.0f}}, {int16s({2, 3})}, {int16s({2, 3}, 0x1p-15f)}});
  seeds.add("float", {Code::LOG_SOFTMAX, 36, {}, {floats({2, 3})}, {floats({2, 3})}});
  seeds.add("int8", {Code::LOG_SOFTMAX, 36, {}, {int8s({2, 3}, 0.1f)}, {int8s({2, 3}, 0x1p-4f, 127)}});
  seeds.add("float", {Code::L2_NORMALIZATION, 12, {}, {floats({2, 3})}, {floats({2, 3})}});
  seeds.add("int8", {Code::L2_NORMALIZATION, 12, {}, {int8s({2, 3})}, {int8s({2, 3}, 0x1p-7f, 0)}});
}

void add_shapes(Seeds& seeds) {
  seeds.add("int8", {Code::RESHAPE, 17, {{0, Ints{3, -1}}}, {int8s({2, 3}), list({3, 2})}, {int8s({3, 2})}});
  seeds.add("float", {Code::RESHAPE, 17, {{0, Ints{6}}}, {floats({2, 3})}, {floats({6})}});
  seeds.add("int8", {Code::SQUEEZE, 30, {{0, Ints{1}}}, {int8s({2, 1, 3})}, {int8s({2, 3})}});
  seeds.add("int8", {Code::EXPAND_DIMS, 52, {}, {int8s({2, 3}), scalar(-1)}, {int8s({2, 3, 1})}});
  seeds.add("int8", {Code::TRANSPOSE, 26, {}, {int8s({2, 3, 2}), list({2, 0, 1})}, {int8s({2, 2, 3})}});
  Tensor margins = list({0, 0, 1, 2});
  margins.shape = {2, 2};
  seeds.add("int8", {Code::PAD, 22, {}, {int8s({2, 3}), margins}, {int8s({2, 6})}});
  seeds.add("float", {Code::PAD, 22, {}, {floats({2, 3}), margins}, {floats({2, 6})}});
  seeds.add("int8", {Code::PADV2, 43, {}, {int8s({2, 3}), margins, constant(int8s({1}))}, {int8s({2, 6})}});
  seeds.add("int8", {Code::MIRROR_PAD, 77, {{0, std::int8_t{1}}}, {int8s({2, 3}), margins}, {int8s({2, 6})}});
  seeds.add("int8", {Code::SLICE, 48, {}, {int8s({2, 4}), list({0, 1}), list({-1, 2})}, {int8s({2, 2})}});
  seeds.add("int8", {Code::STRIDED_SLICE,
                     32,
                     {{0, 1}, {1, 0}, {2, 0}, {3, 0}, {4, 2}},
                     {int8s({4, 3}), list({0, 1}), list({4, 2}), list({2, 1})},
                     {int8s({2})}});
  seeds.add("int8", {Code::SPLIT, 35, {{0, 2}}, {scalar(1), int8s({2, 4})}, {int8s({2, 2}), int8s({2, 2})}});
  seeds.add("int8", {Code::SPLIT_V,
                     79,
                     {{0, 2}},
                     {int8s({2, 4}), list({1, 3}), scalar(1)},
                     {int8s({2, 1}), int8s({2, 3})}});
  seeds.add("int8", {Code::CONCATENATION, 10, {{0, 1}}, {int8s({2, 1}), int8s({2, 3})}, {int8s({2, 4})}});
  seeds.add("float",
            {Code::CONCATENATION, 10, {{0, -1}}, {floats({2, 1}), floats({2, 3})}, {floats({2, 4})}});
  seeds.add("int8", {Code::PACK, 59, {{0, 2}, {1, 1}}, {int8s({2, 3}), int8s({2, 3})}, {int8s({2, 2, 3})}});
  seeds.add("int8", {Code::UNPACK, 64, {{0, 2}, {1, 1}}, {int8s({3, 2})}, {int8s({3}), int8s({3})}});
  seeds.add("int8", {Code::REVERSE_V2, 81, {}, {int8s({2, 3}), list({1})}, {int8s({2, 3})}});
  seeds.add("int8", {Code::BROADCAST_TO, 104, {}, {int8s({2, 1}), list({2, 3})}, {int8s({2, 3})}});
  seeds.add("int32", {Code::BROADCAST_ARGS, 0, {}, {list({2, 1}), list({1, 3})}, {int32s({2})}});
  seeds.add("int8", {Code::FILL, 68, {}, {list({2, 3}), int8s({})}, {int8s({2, 3})}});
  seeds.add("int32", {Code::SHAPE, 55, {{0, Type::INT32}}, {int8s({2, 3})}, {int32s({2})}});
}

void add_movements(Seeds& seeds) {
  Tensor crops = list({0, 0, 0, 0});
  crops.shape = {2, 2};
  seeds.add(
      "int8",
      {Code::SPACE_TO_BATCH_ND, 25, {}, {int8s({1, 4, 4, 2}), list({2, 2}), crops}, {int8s({4, 2, 2, 2})}});
  seeds.add(
      "int8",
      {Code::BATCH_TO_SPACE_ND, 24, {}, {int8s({4, 2, 2, 2}), list({2, 2}), crops}, {int8s({1, 4, 4, 2})}});
  seeds.add("int8", {Code::SPACE_TO_DEPTH, 19, {{0, 2}}, {int8s({1, 4, 2, 1})}, {int8s({1, 2, 1, 4})}});
  seeds.add("int8", {Code::DEPTH_TO_SPACE, 94, {{0, 2}}, {int8s({1, 2, 1, 4})}, {int8s({1, 4, 2, 1})}});
  seeds.add("int8", {Code::GATHER, 23, {{0, 1}}, {int8s({2, 3}), int32s({2})}, {int8s({2, 2})}});
  seeds.add("wide", {Code::GATHER, 23, {{0, 1}}, {int8s({2, 3}), int64s({2})}, {int8s({2, 2})}});
  seeds.add("float", {Code::GATHER, 23, {{0, 0}}, {floats({2, 3}), list({1})}, {floats({1, 3})}});
  seeds.add("int8", {Code::GATHER_ND, 83, {}, {int8s({2, 3}), int32s({2, 1})}, {int8s({2, 3})}});
  seeds.add("wide", {Code::GATHER_ND, 83, {}, {int8s({2, 3}), int64s({2, 2})}, {int8s({2})}});
  seeds.add("float",
            {Code::EMBEDDING_LOOKUP, 0, {}, {int32s({2}), constant(floats({3, 4}))}, {floats({2, 4})}});
  seeds.add(
      "int8",
      {Code::DYNAMIC_UPDATE_SLICE, 117, {}, {int8s({2, 4}), int8s({1, 2}), int32s({2})}, {int8s({2, 4})}});
  const std::vector<Field> bilinear = {{2, false}, {3, true}};
  const std::vector<Field> nearest = {{0, false}, {1, true}};
  seeds.add(
      "float",
      {Code::RESIZE_BILINEAR, 15, bilinear, {floats({1, 2, 2, 2}), list({3, 4})}, {floats({1, 3, 4, 2})}});
  seeds.add(
      "int8",
      {Code::RESIZE_BILINEAR, 15, bilinear, {int8s({1, 2, 2, 2}), list({3, 4})}, {int8s({1, 3, 4, 2})}});
  seeds.add("float", {Code::RESIZE_NEAREST_NEIGHBOR,
                      74,
                      nearest,
                      {floats({1, 2, 2, 2}), list({3, 4})},
                      {floats({1, 3, 4, 2})}});
  seeds.add("int8", {Code::RESIZE_NEAREST_NEIGHBOR,
                     74,
                     nearest,
                     {int8s({1, 2, 2, 2}), list({3, 4})},
                     {int8s({1, 3, 4, 2})}});
}

Op lstm(bool is_float) {
  const auto kernel = [&](std::int32_t inputs) {
    return is_float ? constant(floats({2, inputs})) : constant(int8s({2, inputs}, 0x1p-6f, 0));
  };
  const auto gate_bias = [&](float scale) {
    return is_float ? constant(floats({2})) : constant(Tensor{Type::INT32, {2}, {scale}});
  };
  Op op{Code::UNIDIRECTIONAL_SEQUENCE_LSTM,
        71,
        {{0, ActivationFunctionType::TANH}, {1, 10.0f}, {2, 0.0f}, {3, false}}};
  op.inputs.push_back(is_float ? floats({1, 2, 3}) : int8s({1, 2, 3}, 0x1p-5f));
  for (int gate = 0; gate < 4; ++gate) op.inputs.push_back(kernel(3));
  for (int gate = 0; gate < 4; ++gate) op.inputs.push_back(kernel(2));
  for (int peephole = 0; peephole < 3; ++peephole) op.inputs.push_back(absent());
  for (int gate = 0; gate < 4; ++gate) op.inputs.push_back(gate_bias(0x1p-11f));
  op.inputs.push_back(absent());
  op.inputs.push_back(absent());
  op.inputs.push_back(state(is_float ? floats({1, 2}) : int8s({1, 2}, 0x1p-7f, 0)));
  op.inputs.push_back(state(is_float ? floats({1, 2}) : int16s({1, 2}, 0x1p-11f)));
  for (int normalization = 0; normalization < 4; ++normalization) op.inputs.push_back(absent());
  op.outputs.push_back(is_float ? floats({1, 2, 2}) : int8s({1, 2, 2}, 0x1p-7f, 0));
  return op;
}

void add_recurrent(Seeds& seeds) {
  const std::vector<Field> svdf = {{0, 1}, {1, kRelu}};
  seeds.add("float", {Code::SVDF,
                      6,
                      svdf,
                      {floats({1, 3}), constant(floats({2, 3})), constant(floats({2, 4})),
                       constant(floats({2})), state(floats({1, 8}))},
                      {floats({1, 2})}});
  seeds.add("int8", {Code::SVDF,
                     6,
                     svdf,
                     {int8s({1, 3}), constant(int8s({2, 3}, 0x1p-6f, 0)), constant(int16s({2, 4}, 0x1p-9f)),
                      constant(Tensor{Type::INT32, {2}, {0x1p-17f}}), state(int16s({1, 8}, 0x1p-8f))},
                     {int8s({1, 2})}});
  seeds.add("float", lstm(true));
  seeds.add("int8", lstm(false));
}

}  // namespace

std::vector<Seed> tflite_seeds() {
  Seeds seeds;
  add_convolutions(seeds);
  add_products(seeds);
  add_pooling(seeds);
  add_unary(seeds);
  add_binary(seeds);
  add_reductions(seeds);
  add_shapes(seeds);
  add_movements(seeds);
  add_recurrent(seeds);
  std::vector<Seed> all = seeds.take();
  all.push_back({"custom_signal", tflite::noise_model(tflite::noise_options())});
  return all;
}

}  // namespace mote::test
