// SPDX-License-Identifier: Apache-2.0
// Compares every variant that this core has of the layers with weights and of addition with the reference,
// on random shapes and tensors, on the core itself.
#include <stdint.h>

#include "mote/kernels/average_pool_2d_variants.h"
#include "mote/kernels/binary_variants.h"
#include "mote/kernels/conv_2d_variants.h"
#include "mote/kernels/depthwise_conv_2d_variants.h"
#include "mote/kernels/fully_connected_variants.h"
#include "platform.h"

namespace {

using namespace mote::kernels;

constexpr int32_t kMost = 16384;   ///< bytes of a tensor
constexpr int32_t kCanaries = 16;  ///< before and behind an output
constexpr int8_t kCanary = 0x5A;

#if defined(__ARM_FEATURE_MVE)
constexpr Isa kIsa = Isa::kCortexMMve;
#elif defined(__ARM_FEATURE_DSP)
constexpr Isa kIsa = Isa::kCortexMDsp;
#elif defined(__riscv)
constexpr Isa kIsa = Isa::kRiscv32;
#elif defined(__ARM_ARCH_6M__)
constexpr Isa kIsa = Isa::kCortexM0;
#else
constexpr Isa kIsa = Isa::kCortexM3;
#endif

int8_t input[kMost], other[kMost], weights[kMost], expected[kMost], found[kMost];
alignas(8) int8_t packed[2 * kMost];
alignas(8) uint8_t scratch[kMost];
int32_t bias[64], packed_bias[64], multiplier[64];
int8_t shift[64];

uint32_t state = 1;
int32_t uniform(int32_t least, int32_t most) {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return least + static_cast<int32_t>(state % static_cast<uint32_t>(most - least + 1));
}

void fill(int8_t* to, int32_t count, int32_t least) {
  for (int32_t index = 0; index < count; ++index) to[index] = static_cast<int8_t>(uniform(least, 127));
}

struct Counts {
  int32_t runs;
  int32_t failures;
};

void report(const char* kernel, const char* variant, bool equal, Counts& counts) {
  ++counts.runs;
  if (equal) return;
  ++counts.failures;
  platform::write(kernel);
  platform::write(" ");
  platform::write(variant);
  platform::write(" differs in run ");
  platform::write(counts.runs);
  platform::write("\n");
}

bool is_equal(int32_t count) {
  bool equal = true;
  for (int32_t index = 0; index < count; ++index)
    equal = equal && expected[kCanaries + index] == found[kCanaries + index];
  for (int32_t index = 0; index < kCanaries; ++index)
    equal = equal && found[index] == kCanary && found[kCanaries + count + index] == kCanary;
  return equal;
}

template <class Variant, class Shape>
__attribute__((noinline)) void run(const Shape& shape, int8_t* out) {
  Variant::pack(shape, weights, bias, packed, packed_bias);
  Variant::run(shape, {packed, packed_bias, multiplier, shift}, input, out + kCanaries, scratch);
}

/// Elements of a layer's input and output.
struct Sizes {
  int32_t in;
  int32_t out;
};
Sizes sizes(const Conv2dShape& shape) {
  return {shape.batch * shape.in_height * shape.in_width * shape.in_channels,
          shape.batch * shape.out_height * shape.out_width * shape.out_channels};
}
Sizes sizes(const FullyConnectedShape& shape) {
  return {shape.batch * shape.in_features, shape.batch * shape.out_features};
}

/// Runs all variants of the list.
template <class Variants, class Reference, class Shape>
void check(const char* kernel, const Shape& shape, WeightLayout layout, Counts& counts) {
  fill(weights, layout.channels * layout.inputs, -127);
  for (int32_t ch = 0; ch < layout.channels; ++ch) {
    bias[ch] = uniform(-20000, 20000);
    multiplier[ch] = uniform(1 << 30, INT32_MAX);
    shift[ch] = static_cast<int8_t>(uniform(-11, -1));
  }
  fill(input, sizes(shape).in, -128);
  const Limits limits = weight_limits(layout, weights, bias, shape.input_zero_point, shift, layout.channels);
  const int32_t count = sizes(shape).out;
  run<Reference>(shape, expected);
  Variants::for_each([&](auto variant) {
    using Variant = decltype(variant);
    const bool available = Variant::available(kIsa) || Variant::available(Isa::kPortable);
    if (!available || !Variant::supports(shape, limits) || Variant::scratch_bytes(shape) > kMost) return;
    for (int8_t& byte : found) byte = kCanary;
    run<Variant>(shape, found);
    report(kernel, Variant::kName, is_equal(count), counts);
  });
}

int32_t out_size(int32_t in, int32_t kernel, int32_t stride, bool same) {
  return same ? (in + stride - 1) / stride : (in - kernel + stride) / stride;
}
int32_t pad_before(int32_t in, int32_t kernel, int32_t stride, bool same) {
  const int32_t total = (out_size(in, kernel, stride, same) - 1) * stride + kernel - in;
  return same && total > 0 ? total / 2 : 0;
}

/// Sizes as TensorFlow's padding gives them.
Conv2dShape random_shape(int32_t height, int32_t width, int32_t in_channels, int32_t out_channels,
                         int32_t kernel_height, int32_t kernel_width, int32_t stride, bool same) {
  Conv2dShape shape = {};
  shape.batch = uniform(1, 2);
  shape.in_height = height;
  shape.in_width = width;
  shape.in_channels = in_channels;
  shape.out_height = out_size(height, kernel_height, stride, same);
  shape.out_width = out_size(width, kernel_width, stride, same);
  shape.out_channels = out_channels;
  shape.kernel_height = kernel_height;
  shape.kernel_width = kernel_width;
  shape.stride_height = shape.stride_width = stride;
  shape.dilation_height = shape.dilation_width = 1;
  shape.pad_top = pad_before(height, kernel_height, stride, same);
  shape.pad_left = pad_before(width, kernel_width, stride, same);
  shape.groups = 1;
  shape.input_zero_point = uniform(-128, 127);
  shape.output_zero_point = uniform(-128, 127);
  shape.activation_min = uniform(0, 1) == 0 ? -128 : shape.output_zero_point;
  shape.activation_max = uniform(0, 3) == 0 ? 127 - (127 - shape.activation_min) / 3 : 127;
  shape.rounding = mote::Rounding::kDouble;
  shape.scratch_allowance = 512 * uniform(0, 3);
  return shape;
}

void check_conv_2d(Counts& counts) {
  const bool pointwise = uniform(0, 1) == 0;
  const int32_t kernel_height = pointwise ? 1 : uniform(1, 4), kernel_width = pointwise ? 1 : uniform(1, 4);
  const int32_t in_channels = uniform(1, 40), out_channels = uniform(1, 20);
  const Conv2dShape shape =
      random_shape(kernel_height + uniform(0, 4), kernel_width + uniform(0, 6), in_channels, out_channels,
                   kernel_height, kernel_width, pointwise ? 1 : uniform(1, 2), uniform(0, 1) == 0);
  check<Conv2dVariants<int8_t, int32_t>, Conv2dReference<int8_t, int32_t>>(
      "conv_2d", shape, weights_by_channel(out_channels, kernel_height * kernel_width * in_channels), counts);
}

void check_depthwise_conv_2d(Counts& counts) {
  const int32_t kind = uniform(0, 2);  // 3x3, a column, a row
  const int32_t length = uniform(1, 9);
  const int32_t kernel_height = kind == 0 ? 3 : kind == 1 ? length : 1;
  const int32_t kernel_width = kind == 0 ? 3 : kind == 1 ? 1 : length;
  const int32_t channels = uniform(1, 9);
  Conv2dShape shape = random_shape(kind == 2 ? 1 : kernel_height + uniform(0, 9),
                                   kind == 1 ? 1 : kernel_width + uniform(0, 20), channels, channels,
                                   kernel_height, kernel_width, uniform(1, 2), uniform(0, 2) > 0);
  shape.groups = channels;
  check<DepthwiseConv2dVariants<int8_t, int32_t>, DepthwiseConv2dReference<int8_t, int32_t>>(
      "depthwise_conv_2d", shape, weights_by_input(channels, kernel_height * kernel_width), counts);
}

void check_fully_connected(Counts& counts) {
  FullyConnectedShape shape = {};
  shape.batch = uniform(1, 2);
  shape.in_features = uniform(1, 200);
  shape.out_features = uniform(1, 40);
  shape.input_zero_point = uniform(-128, 127);
  shape.output_zero_point = uniform(-128, 127);
  shape.activation_min = uniform(0, 1) == 0 ? -128 : shape.output_zero_point;
  shape.activation_max = uniform(0, 3) == 0 ? 127 - (127 - shape.activation_min) / 3 : 127;
  shape.per_channel = uniform(0, 1) == 0;
  shape.rounding = mote::Rounding::kDouble;
  check<FullyConnectedVariants<int8_t, int32_t>, FullyConnectedReference<int8_t, int32_t>>(
      "fully_connected", shape, weights_by_channel(shape.out_features, shape.in_features), counts);
}

void check_average_pool_2d(Counts& counts) {
  const int32_t kernel = uniform(1, 5), channels = uniform(1, 20), stride = uniform(1, 2);
  const int32_t height = kernel + uniform(0, 6), width = kernel + uniform(0, 6);
  const Conv2dShape conv =
      random_shape(height, width, channels, channels, kernel, kernel, stride, uniform(0, 1) == 0);
  const Pool2dShape shape = {1,      height, width,  channels,     conv.out_height, conv.out_width,   kernel,
                             kernel, stride, stride, conv.pad_top, conv.pad_left,   uniform(-128, 0), 127};
  fill(input, height * width * channels, -128);
  AveragePool2dReference<int8_t>::run(shape, input, expected + kCanaries, scratch);
  AveragePool2dVariants<int8_t>::for_each([&](auto variant) {
    using Variant = decltype(variant);
    if (!Variant::supports(shape, {})) return;
    for (int8_t& byte : found) byte = kCanary;
    Variant::run(shape, input, found + kCanaries, scratch);
    report("average_pool_2d", Variant::kName, is_equal(shape.out_height * shape.out_width * channels),
           counts);
  });
}

void check_add(Counts& counts) {
  using Add = functions::AddQuantized<int8_t>;
  BinaryQuantizedShape shape = {};
  for (int32_t& size : shape.size) size = 1;
  const int32_t count = shape.size[kBroadcastAxes - 1] = uniform(1, 500);
  shape.a_zero_point = uniform(-128, 127);
  shape.b_zero_point = uniform(-128, 127);
  shape.output_zero_point = uniform(-128, 127);
  // One half is the factor of the operand of the larger scale.
  const int32_t half = uniform(0, 2);
  shape.a_multiplier = half == 0 ? 1 << 30 : uniform(1 << 30, INT32_MAX);
  shape.a_shift = half == 0 ? 0 : uniform(-9, -1);
  shape.b_multiplier = half == 1 ? 1 << 30 : uniform(1 << 30, INT32_MAX);
  shape.b_shift = half == 1 ? 0 : uniform(-9, -1);
  shape.output_multiplier = uniform(1 << 30, INT32_MAX);
  shape.output_shift = uniform(-22, -14);
  shape.activation_min = uniform(0, 1) == 0 ? -128 : shape.output_zero_point;
  shape.activation_max = 127;
  shape.rounding = mote::Rounding::kDouble;
  fill(input, count, -128);
  fill(other, count, -128);
  Binary<Add>::run(shape, input, other, expected + kCanaries, scratch);
  BinaryVariants<Add>::for_each([&](auto variant) {
    using Variant = decltype(variant);
    if (!Variant::supports(shape, {})) return;
    for (int8_t& byte : found) byte = kCanary;
    Variant::run(shape, input, other, found + kCanaries, scratch);
    report("add", Variant::kName, is_equal(count), counts);
  });
}

}  // namespace

int main() {
  Counts counts = {0, 0};
  for (int32_t index = 0; index < 400; ++index) {
    check_conv_2d(counts);
    check_depthwise_conv_2d(counts);
    check_fully_connected(counts);
    check_average_pool_2d(counts);
    check_add(counts);
  }
  platform::write(counts.failures == 0 && counts.runs > 0 ? "passed " : "failed ");
  platform::write(counts.runs);
  platform::write(" runs\n");
  return counts.failures == 0 ? 0 : 1;
}
