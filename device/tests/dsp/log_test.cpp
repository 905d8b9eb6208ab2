// SPDX-License-Identifier: Apache-2.0
// Logarithms to every base are within the documented error of a 64-bit float.
#include "mote/dsp/log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "features/design/logarithm.h"

namespace mote::dsp {
namespace {

using features::LogBase;
using features::LogDesign;
using features::LogParameters;

Log block_of(const LogParameters& parameters, std::int32_t values) {
  return {values,          parameters.table.data(), parameters.offset, parameters.factor,
          parameters.bias, parameters.shift,        parameters.at_zero};
}

double octave(LogBase base) {
  return base == LogBase::kNatural ? std::log(2.0)
         : base == LogBase::kTwo   ? 1.0
                                   : (base == LogBase::kDecibelPower ? 10 : 20) * std::log10(2.0);
}

std::vector<std::uint32_t> inputs() {
  std::vector<std::uint32_t> values = {0,   1,     2,     3,          63,         64,         65,        127,
                                       128, 65535, 65536, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF};
  std::mt19937 generator(9);
  for (int count = 0; count < 20000; ++count) {
    const int shift = static_cast<int>(generator() % 32);
    values.push_back(static_cast<std::uint32_t>(generator()) >> shift);
  }
  return values;
}

TEST(Log, is_within_its_bound_for_every_base_scaling_and_reference) {
  const auto values = inputs();
  for (const LogBase base :
       {LogBase::kNatural, LogBase::kTwo, LogBase::kDecibelPower, LogBase::kDecibelAmplitude})
    for (const int bits : {-10, 0, 6, 20})
      for (const double reference : {1.0, 1e-3, 32767.0 * 240})
        for (const double offset_steps : {0.0, 100.0}) {
          const double step = std::exp2(-bits);
          const auto parameters = features::log_parameters({base, bits, reference, offset_steps * step});
          ASSERT_TRUE(parameters.has_value());
          const Log block = block_of(*parameters, static_cast<std::int32_t>(values.size()));
          ASSERT_TRUE(block.valid());
          std::vector<std::int16_t> output(values.size() + 1, 0x5A5A);
          EXPECT_TRUE(block.push(values.data(), output.data(), nullptr, nullptr));
          EXPECT_EQ(output.back(), 0x5A5A);
          const double unit = octave(base) * std::exp2(features::log_fraction_bits(base));
          for (std::size_t index = 0; index < values.size(); ++index) {
            const double sum = std::min(values[index] + offset_steps, 4294967295.0);
            const double octaves = std::log2((sum == 0 ? 1.0 : sum) * step / reference);
            const double exact = std::clamp(unit * octaves, -32768.0, 32767.0);
            const double bound = 0.51 + unit * std::exp2(-13.7) + std::abs(unit * octaves) * std::exp2(-15) +
                                 32 * std::exp2(7 - 1 - block.shift);
            ASSERT_LE(std::abs(output[index] - exact), bound)
                << values[index] << " base " << static_cast<int>(base) << " bits " << bits << " "
                << reference;
          }
        }
}

TEST(Log, counts_a_small_offset_only_where_the_input_is_zero) {
  // MLPerf Tiny's keyword features: ln(x + 1e-6) of x in 6 fraction bits.
  const auto parameters = features::log_parameters({LogBase::kNatural, 6, 1.0, 1e-6});
  ASSERT_TRUE(parameters.has_value());
  const Log block = block_of(*parameters, 1);
  EXPECT_EQ(block.of(0), std::lround(1024 * std::log(1e-6)));
  EXPECT_NEAR(block.of(1), 1024 * std::log(1.0 / 64), 1.5);
  EXPECT_NEAR(block.of(64), 0, 1.5);
}

TEST(Log, is_relative_to_a_reference_that_is_known_at_run_time) {
  const auto parameters = features::log_parameters({LogBase::kNatural, 6, 1.0, 1e-6});
  ASSERT_TRUE(parameters.has_value());
  const Log block = block_of(*parameters, 1);
  for (const std::uint32_t reference : {1u, 7u, 1000u, 32767u}) {
    const Log relative = block.relative_to(reference);
    EXPECT_NEAR(relative.of(reference * 64), 0, 1) << reference;
    EXPECT_NEAR(relative.of(5), 1024 * std::log(5.0 / 64 / reference), 2) << reference;
    EXPECT_EQ(relative.of(0), block.of(0));
  }
}

TEST(Log, valid_knows_the_limits) {
  EXPECT_TRUE((Log{32768, {}, 0, -32768, 1 << 29, 28, 0}.valid()));
  EXPECT_FALSE((Log{0, {}, 0, 1, 0, 1, 0}.valid()));
  EXPECT_FALSE((Log{1, {}, 0, 1, (1 << 29) + 1, 1, 0}.valid()));
  EXPECT_FALSE((Log{1, {}, 0, 1, 0, 0, 0}.valid()));
  EXPECT_FALSE((Log{1, {}, 0, 1, 0, 29, 0}.valid()));
}

}  // namespace
}  // namespace mote::dsp
