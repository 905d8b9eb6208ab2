// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the tests of the three convolutions share: shapes, layers with random constants, running a variant on
// them.
#include <cmath>
#include <cstdint>
#include <string_view>
#include <vector>

#include "kernel_test.h"
#include "mote/kernels/conv_2d_shape.h"

namespace mote::kernels::test {

/// A shape with TFLite's padding: SAME, or else VALID.
inline Conv2dShape conv_shape(int32_t height, int32_t width, int32_t in_ch, int32_t out_ch,
                              int32_t kernel_height, int32_t kernel_width, int32_t stride, int32_t dilation,
                              bool same, int32_t groups = 1) {
  Conv2dShape shape = {};
  shape.batch = 1;
  shape.in_height = height;
  shape.in_width = width;
  shape.in_channels = in_ch;
  shape.out_channels = out_ch;
  shape.kernel_height = kernel_height;
  shape.kernel_width = kernel_width;
  shape.stride_height = shape.stride_width = stride;
  shape.dilation_height = shape.dilation_width = dilation;
  shape.groups = groups;
  shape.activation_min = -128;
  shape.activation_max = 127;
  const int32_t reach_height = (kernel_height - 1) * dilation + 1,
                reach_width = (kernel_width - 1) * dilation + 1;
  shape.out_height =
      same ? (height + stride - 1) / stride : std::max((height - reach_height) / stride + 1, 0);
  shape.out_width = same ? (width + stride - 1) / stride : std::max((width - reach_width) / stride + 1, 0);
  shape.pad_top = std::max(((shape.out_height - 1) * stride + reach_height - height) / 2, 0);
  shape.pad_left = std::max(((shape.out_width - 1) * stride + reach_width - width) / 2, 0);
  return shape;
}

inline int32_t in_elements(const Conv2dShape& shape) {
  return shape.batch * shape.in_height * shape.in_width * shape.in_channels;
}
inline int32_t out_elements(const Conv2dShape& shape) {
  return shape.batch * shape.out_height * shape.out_width * shape.out_channels;
}

/// A random batch, and for int8 random zero points.
template <class T>
void randomize_quantization(Random& random, Conv2dShape& shape) {
  const int32_t most = sizeof(T) == 1 ? 127 : 32767;
  if (sizeof(T) == 1) {
    shape.input_zero_point = random.extreme_or_uniform(-128, 127);
    shape.output_zero_point = random.extreme_or_uniform(-128, 127);
  }
  shape.activation_min = random.uniform(0, 2) == 0 ? random.uniform(-most - 1, 0) : -most - 1;
  shape.activation_max = random.uniform(0, 2) == 0 ? random.uniform(0, most) : most;
  shape.rounding = random.uniform(0, 3) == 0 ? Rounding::kSingle : Rounding::kDouble;
}

template <class T>
std::vector<T> random_input(Random& random, const Conv2dShape& shape) {
  const int32_t most = sizeof(T) == 1 ? 127 : 32767;
  return random.values<T>(in_elements(shape), -most - 1, most);
}

/// The constants of a layer in the model's order.
template <class T, class Bias>
struct ConvLayer {
  Conv2dShape shape;
  std::vector<int8_t> weights;
  std::vector<Bias> bias;
  std::vector<int32_t> multiplier;
  std::vector<int8_t> shift;

  Limits limits(WeightLayout layout) const {
    return weight_limits<T>(layout, weights.data(), bias.data(), shape.input_zero_point, shift.data(),
                            static_cast<int32_t>(shift.size()));
  }
};

/// Random constants; factors that bring most sums into the output's range.
template <class T, class Bias>
ConvLayer<T, Bias> random_layer(Random& random, const Conv2dShape& shape, int32_t weight_count) {
  ConvLayer<T, Bias> layer{shape, {}, {}, {}, {}};
  const bool small = random.uniform(0, 1) == 1;
  const int32_t largest = small ? 1 : 127, wide = sizeof(T) == 1 ? 1 : 100;
  layer.weights = random.values<int8_t>(weight_count, random.uniform(0, 5) == 0 ? -128 : -largest, largest);
  layer.bias =
      random.values<Bias>(shape.out_channels, (small ? -200 : -20000) * wide, (small ? 200 : 20000) * wide);
  layer.multiplier = random.values<int32_t>(shape.out_channels, 1 << 30, INT32_MAX);
  layer.shift = random.values<int8_t>(shape.out_channels, small ? -4 : -12, small ? 1 : -1);
  return layer;
}

/// Runs a variant on the layer's constants in its own order; canaries around everything.
template <class Variant, class T, class Bias>
void run_layer(const ConvLayer<T, Bias>& layer, const T* in, T* out) {
  const Conv2dShape& shape = layer.shape;
  Guarded<int8_t> packed(Variant::packed_bytes(shape));
  Guarded<Bias> packed_bias(shape.out_channels);
  Guarded<uint8_t> scratch(Variant::scratch_bytes(shape));
  Variant::pack(shape, layer.weights.data(), layer.bias.empty() ? nullptr : layer.bias.data(), packed.data(),
                packed_bias.data());
  Variant::run(shape, {packed.data(), packed_bias.data(), layer.multiplier.data(), layer.shift.data()}, in,
               out, scratch.data());
  EXPECT_TRUE(packed.intact() && packed_bias.intact() && scratch.intact()) << Variant::kName;
}

template <class Variant, class T, class Bias>
std::vector<T> outputs_of(const ConvLayer<T, Bias>& layer, const std::vector<T>& in) {
  Guarded<T> out(out_elements(layer.shape));
  run_layer<Variant>(layer, in.data(), out.data());
  EXPECT_TRUE(out.intact()) << Variant::kName;
  return out.values();
}

/// Compares every variant of the list that supports the layer with the last one, the reference; adds those
/// compared to `compared`.
template <class Variants, class Reference, class T, class Bias>
void expect_variants_equal(const ConvLayer<T, Bias>& layer, const Limits& limits, const std::vector<T>& in,
                           int32_t& compared) {
  if (!Reference::supports(layer.shape, limits)) return;
  const auto expected = outputs_of<Reference>(layer, in);
  Variants::for_each([&](auto variant) {
    using Variant = decltype(variant);
    if (std::is_same_v<Variant, Reference> || !Variant::supports(layer.shape, limits)) return;
    ASSERT_EQ(outputs_of<Variant>(layer, in), expected) << Variant::kName;
    ++compared;
  });
}

/// A layer whose outputs tell which inputs they come from: weights of 1 or -1, outputs half of the sums.
template <class T, class Bias>
ConvLayer<T, Bias> telling_layer(Random& random, const Conv2dShape& shape, int32_t weight_count) {
  ConvLayer<T, Bias> layer{shape, {}, {}, {}, {}};
  for (int32_t index = 0; index < weight_count; ++index)
    layer.weights.push_back(random.uniform(0, 1) == 0 ? 1 : -1);
  layer.bias.assign(static_cast<size_t>(shape.out_channels), 0);
  layer.multiplier.assign(layer.bias.size(), 1 << 30);
  layer.shift.assign(layer.bias.size(), -1);
  return layer;
}

/// What holds for such layers.
constexpr Limits kTellingLimits = {1 << 20, -1, -1, -1};

/// Checks input_ahead_bytes of every variant that supports such a layer. With a dilation it may be more than
/// the least, and for the vectors' depthwise kernel, which takes two pixels at once, up to a pixel more.
template <class Variants, class T, class Bias>
void expect_exact_overlap(Random& random, const ConvLayer<T, Bias>& layer) {
  std::vector<std::vector<T>> inputs;
  for (int input = 0; input < 20; ++input)
    inputs.push_back(random.values<T>(in_elements(layer.shape), -9, 9));
  Variants::for_each([&](auto variant) {
    using Variant = decltype(variant);
    const Conv2dShape& shape = layer.shape;
    if (!Variant::supports(shape, kTellingLimits)) return;
    SCOPED_TRACE(testing::Message() << Variant::kName << " " << shape.batch << "x" << shape.in_height << "x"
                                    << shape.in_width << "x" << shape.in_channels << " to "
                                    << shape.out_height << "x" << shape.out_width << "x" << shape.out_channels
                                    << " kernel " << shape.kernel_height << "x" << shape.kernel_width
                                    << " stride " << shape.stride_width << " dilation "
                                    << shape.dilation_width << " groups " << shape.groups);
    expect_exact_input_ahead<T>(
        inputs, out_elements(shape), Variant::input_ahead_bytes(shape),
        [&](const T* in, T* out) { run_layer<Variant>(layer, in, out); },
        shape.dilation_width == 1 &&
            !(shape.groups > 1 && std::string_view(Variant::kName) == "cortex_m_mve"));
  });
}

/// The constants of a float or hybrid layer in the model's order; `scale` is 1 for float weights.
template <class Weight>
struct FloatConvLayer {
  Conv2dShape shape;
  FloatActivation activation;
  std::vector<Weight> weights;
  std::vector<float> bias;
  std::vector<float> scale;
};

template <class Weight>
FloatConvLayer<Weight> random_float_layer(Random& random, const Conv2dShape& shape, int32_t weight_count) {
  FloatConvLayer<Weight> layer{shape, no_activation(), {}, {}, {}};
  for (int32_t index = 0; index < weight_count; ++index)
    layer.weights.push_back(static_cast<Weight>(static_cast<float>(random.uniform(-127, 127)) *
                                                (sizeof(Weight) == 1 ? 1.0f : 0.37f)));
  for (int32_t ch = 0; ch < shape.out_channels; ++ch) {
    layer.bias.push_back(static_cast<float>(random.uniform(-9999, 9999)) / 99.0f);
    layer.scale.push_back(sizeof(Weight) == 1 ? static_cast<float>(random.uniform(1, 999)) / 777.0f : 1.0f);
  }
  return layer;
}

inline FloatWeightTables<float> tables_of(const FloatConvLayer<float>& layer, const float* packed) {
  return {packed, layer.bias.empty() ? nullptr : layer.bias.data()};
}
inline FloatWeightTables<int8_t> tables_of(const FloatConvLayer<int8_t>& layer, const int8_t* packed) {
  return {packed, layer.bias.empty() ? nullptr : layer.bias.data(), layer.scale.data()};
}

template <class Variant, class Weight>
void run_float_layer(const FloatConvLayer<Weight>& layer, const float* in, float* out) {
  Guarded<Weight> packed(Variant::packed_bytes(layer.shape) / static_cast<int32_t>(sizeof(Weight)));
  Guarded<uint8_t> scratch(Variant::scratch_bytes(layer.shape));
  Variant::pack(layer.shape, layer.weights.data(), packed.data());
  Variant::run(layer.shape, layer.activation, tables_of(layer, packed.data()), in, out, scratch.data());
  EXPECT_TRUE(packed.intact() && scratch.intact()) << Variant::kName;
}

/// Whether every variant keeps its bound: `inputs` weights an output; `Exact` is the reference run on double
/// sums.
///
/// Sums and magnitudes come from the quantised reference's own walk: `sum(visit)` calls visit(out, weight
/// index, input index) for each product.
template <class Variants, class Weight, class ForEachProduct>
void expect_within_bound(Random& random, const FloatConvLayer<Weight>& layer, int32_t inputs,
                         ForEachProduct for_each_product) {
  const Conv2dShape& shape = layer.shape;
  std::vector<float> in;
  for (int32_t index = 0; index < in_elements(shape); ++index)
    in.push_back(static_cast<float>(random.uniform(-9999, 9999)) / 333.0f);
  std::vector<double> sum(static_cast<size_t>(out_elements(shape))), magnitude(sum.size());
  for_each_product([&](int32_t out, int32_t weight, int32_t input) {
    const size_t at = static_cast<size_t>(out);
    const double product = static_cast<double>(layer.weights[static_cast<size_t>(weight)]) *
                           layer.scale[at % static_cast<size_t>(shape.out_channels)] *
                           in[static_cast<size_t>(input)];
    sum[at] += product;
    magnitude[at] += std::abs(product);
  });
  Variants::for_each([&](auto variant) {
    Guarded<float> out(out_elements(shape));
    run_float_layer<decltype(variant)>(layer, in.data(), out.data());
    EXPECT_TRUE(out.intact());
    const std::vector<float> values = out.values();
    for (size_t at = 0; at < sum.size(); ++at) {
      const double bias = layer.bias[at % static_cast<size_t>(shape.out_channels)];
      ASSERT_NEAR(values[at], sum[at] + bias,
                  (inputs + 2) * std::exp2(-24) * (magnitude[at] + std::abs(bias)))
          << variant.kName;
    }
  });
}

}  // namespace mote::kernels::test
