// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

#include "core/error.h"

/// Parameters of mote/dsp/log.h.
namespace mote::features {

enum class LogBase : std::uint8_t {
  kNatural,           ///< ln; 10 fraction bits
  kTwo,               ///< log2; 10 fraction bits
  kDecibelPower,      ///< 10 log10; 8 fraction bits
  kDecibelAmplitude,  ///< 20 log10; 7 fraction bits
};

/// Fraction bits of the output: the most with which every uint32 in steps of 1 has a place in int16.
std::int32_t log_fraction_bits(LogBase base);

/// log((x + offset) / reference) of x = input * 2^-input_fraction_bits.
struct LogDesign {
  LogBase base = LogBase::kNatural;
  std::int32_t input_fraction_bits = 0;  ///< -32 ... 32
  double reference = 1.0;                ///< in x's unit, 2^-32 ... 2^32: what gives 0
  double offset = 0.0;                   ///< in x's unit, 0 ... 2^32 steps of the input
};

/// The parameters of a dsp::Log, but for the number of values.
struct LogParameters {
  std::vector<std::uint16_t> table;
  std::uint32_t offset = 0;
  std::int16_t factor = 0;
  std::int32_t bias = 0;
  std::int8_t shift = 1;
  std::int16_t at_zero = 0;
};

/// An offset below 16 steps of the input would be added with an error of more than 3 %: it counts then only
/// where the input is 0, as `at_zero`, exactly. Without an offset an input of 0 counts as one step. Errors
/// (kInput): a number out of range.
Result<LogParameters> log_parameters(const LogDesign& design);

}  // namespace mote::features
