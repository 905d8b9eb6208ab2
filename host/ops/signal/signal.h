// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <span>
#include <string_view>

#include "ops/attributes.h"

namespace mote::ops::signal {

/// The operators of TensorFlow Lite Micro's signal library; mote/dsp says what they compute.
///
/// | function | inputs | outputs |
/// |---|---|---|
/// | window | int16 [..., n], constant int16 [n] | int16 [..., n] |
/// | fft_auto_scale | int16 [n] | int16 [n], int32 [] |
/// | rfft | int16 [..., n] | int16 [..., fft_length + 2], real and imaginary parts in turn |
/// | energy | int16 [2 n] | uint32 [n] |
/// | filter_bank | uint32 [n]; constant int16 weights, unweights [m], starts, weight starts, widths [channels
/// + 1] | int64 [channels] | | square_root | int64 [n], int32 [] | uint32 [n] | | spectral_subtraction |
/// uint32 [n], state uint32 [n] | uint32 [n] twice: signal, estimate | | pcan | uint32 [n], uint32 [n],
/// constant int16 [125] | uint32 [n] | | log | uint32 [n] | int16 [n] |
enum class Function : std::uint8_t {
  kWindow,
  kFftAutoScale,
  kRfft,
  kEnergy,
  kFilterBank,
  kSquareRoot,
  kSpectralSubtraction,
  kPcan,
  kLog
};

/// An attribute besides "function", with its range.
struct Number {
  std::string_view name;
  std::int32_t least = 0;
  std::int32_t most = 0;
};

/// The numbers that a function has, named and sorted as in the format.
std::span<const Number> numbers_of(Function function);

inline constexpr std::size_t kMostNumbers = 9;

struct Attributes {
  Function function = Function::kWindow;
  std::array<std::int32_t, kMostNumbers> numbers = {};  ///< in the order of numbers_of()

  /// The number of that name, which the function has.
  std::int32_t operator[](std::string_view name) const;
};

/// The node's attributes. Errors (kInput): see AttributeReader.
Result<Attributes> attributes(const graph::Graph& graph, const graph::Node& node);

/// Names of the functions as attributes have them and as the format does, by Function.
inline constexpr std::string_view kNames[] = {
    "window",      "fft_auto_scale",       "rfft", "energy", "filter_bank",
    "square_root", "spectral_subtraction", "pcan", "log"};
inline constexpr std::string_view kCustoms[] = {"SignalWindow",
                                                "SignalFftAutoScale",
                                                "SignalRfft",
                                                "SignalEnergy",
                                                "SignalFilterBank",
                                                "SignalFilterBankSquareRoot",
                                                "SignalFilterBankSpectralSubtraction",
                                                "SignalPCAN",
                                                "SignalFilterBankLog"};

/// Inputs of a filter bank by number.
enum BankInput : std::size_t {
  kEnergies,
  kWeights,
  kUnweights,
  kStarts,
  kWeightStarts,
  kWidths,
  kBankInputs
};

}  // namespace mote::ops::signal
