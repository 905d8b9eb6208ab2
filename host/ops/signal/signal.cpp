// SPDX-License-Identifier: Apache-2.0
#include "ops/signal/signal.h"

namespace mote::ops::signal {
namespace {

constexpr std::int32_t kMostItems = 1 << 15;
constexpr std::int32_t kMostFactor = 1 << 30;

constexpr Number kWindow[] = {{"shift", 0, 31}};
constexpr Number kRfft[] = {{"fft_length", 16, 2048}};
constexpr Number kEnergy[] = {{"end_index", 0, kMostItems}, {"start_index", 0, kMostItems}};
constexpr Number kFilterBank[] = {{"num_channels", 1, kMostItems}};
constexpr Number kSpectralSubtraction[] = {{"alternate_one_minus_smoothing", 0, kMostFactor},
                                           {"alternate_smoothing", 0, kMostFactor},
                                           {"clamping", 0, 1},
                                           {"min_signal_remaining", 0, kMostFactor},
                                           {"num_channels", 1, kMostItems},
                                           {"one_minus_smoothing", 0, kMostFactor},
                                           {"smoothing", 0, kMostFactor},
                                           {"smoothing_bits", 0, 31},
                                           {"spectral_subtraction_bits", 0, 31}};
static_assert(std::size(kSpectralSubtraction) == kMostNumbers);
constexpr Number kPcan[] = {{"snr_shift", 0, 63}};
constexpr Number kLog[] = {{"input_correction_bits", 0, 31}, {"output_scale", 0, kMostFactor}};

}  // namespace

std::span<const Number> numbers_of(Function function) {
  switch (function) {
    case Function::kWindow:
      return kWindow;
    case Function::kRfft:
      return kRfft;
    case Function::kEnergy:
      return kEnergy;
    case Function::kFilterBank:
      return kFilterBank;
    case Function::kSpectralSubtraction:
      return kSpectralSubtraction;
    case Function::kPcan:
      return kPcan;
    case Function::kLog:
      return kLog;
    case Function::kFftAutoScale:
    case Function::kSquareRoot:
      return {};
  }
  return {};
}

std::int32_t Attributes::operator[](std::string_view name) const {
  const auto all = numbers_of(function);
  for (std::size_t index = 0; index < all.size(); ++index)
    if (all[index].name == name) return numbers[index];
  return 0;
}

Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node) {
  AttributeReader reader(graph, node);
  Attributes result;
  result.function = static_cast<Function>(reader.choice("function", kNames));
  const auto all = numbers_of(result.function);
  for (std::size_t index = 0; index < all.size(); ++index)
    result.numbers[index] = reader.integer(std::string(all[index].name), all[index].least, all[index].most);
  MOTE_CHECK(reader.finish());
  return result;
}

}  // namespace mote::ops::signal
