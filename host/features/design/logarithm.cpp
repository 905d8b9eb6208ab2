// SPDX-License-Identifier: Apache-2.0
#include "features/design/logarithm.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/portable_math.h"
#include "mote/dsp/log.h"

namespace mote::features {
namespace {

constexpr double kLn2 = 0.6931471805599453;

/// What doubling adds, in the base's unit.
double octave(LogBase base) {
  switch (base) {
    case LogBase::kNatural:
      return kLn2;
    case LogBase::kTwo:
      return 1.0;
    case LogBase::kDecibelPower:
      return 3.010299956639812;
    case LogBase::kDecibelAmplitude:
      return 6.020599913279624;
  }
  return 1.0;
}

double log2_of(double value) {
  return portable_log(value) / kLn2;
}

std::int32_t rounded(double value) {
  return static_cast<std::int32_t>(value + (value < 0 ? -0.5 : 0.5));
}

double power_of_two(std::int32_t exponent) {
  double power = 1.0;
  for (std::int32_t step = 0; step < (exponent < 0 ? -exponent : exponent); ++step) power *= 2.0;
  return exponent < 0 ? 1.0 / power : power;
}

}  // namespace

std::int32_t log_fraction_bits(LogBase base) {
  switch (base) {
    case LogBase::kNatural:
    case LogBase::kTwo:
      return 10;
    case LogBase::kDecibelPower:
      return 8;
    case LogBase::kDecibelAmplitude:
      return 7;
  }
  return 0;
}

Result<LogParameters> log_parameters(const LogDesign& design) {
  const double step = power_of_two(-design.input_fraction_bits);
  if (design.input_fraction_bits < -32 || design.input_fraction_bits > 32)
    return fail(ErrorKind::kInput,
                fmt::format("input has {} fraction bits, expected -32 to 32", design.input_fraction_bits),
                "logarithm", "correct the block before the logarithm");
  if (!(design.reference >= power_of_two(-32)) || !(design.reference <= power_of_two(32)))
    return fail(ErrorKind::kInput, fmt::format("reference is {}, expected 2^-32 to 2^32", design.reference),
                "logarithm", "give the reference in the unit of the energies");
  if (!(design.offset >= 0) || !(design.offset < step * power_of_two(32)))
    return fail(ErrorKind::kInput,
                fmt::format("offset is {}, expected 0 to below {}", design.offset, step * power_of_two(32)),
                "logarithm", "give the offset in the unit of the energies");
  LogParameters parameters;
  for (std::int32_t index = 0; index < dsp::Log::kWords; ++index)
    parameters.table.push_back(static_cast<std::uint16_t>(rounded(32768.0 * log2_of(1.0 + index / 64.0))));
  const double unit = octave(design.base) * power_of_two(log_fraction_bits(design.base));
  // product = log2 * factor * 2^7: the largest factor that fits decides the shift.
  while (unit * power_of_two(parameters.shift + 1 - 7) < 32767.0) ++parameters.shift;
  parameters.factor = static_cast<std::int16_t>(rounded(unit * power_of_two(parameters.shift - 7)));
  const double shift = design.input_fraction_bits + log2_of(design.reference);
  parameters.bias = rounded(-shift * parameters.factor * 128.0);
  const double offset_steps = design.offset / step;
  if (offset_steps >= 16.0)
    parameters.offset = static_cast<std::uint32_t>(std::min(offset_steps + 0.5, 4294967295.0));
  const double zero = design.offset > 0 ? design.offset : step;
  parameters.at_zero =
      static_cast<std::int16_t>(std::clamp(rounded(unit * log2_of(zero / design.reference)), -32768, 32767));
  return parameters;
}

}  // namespace mote::features
