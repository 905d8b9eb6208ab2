// SPDX-License-Identifier: Apache-2.0
#include "mote/dsp/narrow.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace mote::dsp {
namespace {

template <class T>
void expect_the_formula(const std::vector<T>& inputs) {
  for (int shift = 0; shift <= 30; ++shift) {
    const std::vector<std::int8_t> shifts(inputs.size(), static_cast<std::int8_t>(shift));
    const Narrow<T> narrow = {static_cast<std::int32_t>(inputs.size()), shifts.data()};
    std::vector<std::int16_t> outputs(inputs.size());
    ASSERT_TRUE(narrow.push(inputs.data(), outputs.data(), nullptr, nullptr));
    for (std::size_t index = 0; index < inputs.size(); ++index) {
      const double exact = std::floor(std::ldexp(static_cast<double>(inputs[index]), -shift) + 0.5);
      EXPECT_EQ(outputs[index], std::clamp(exact, -32768.0, 32767.0)) << inputs[index] << " >> " << shift;
    }
  }
}

TEST(Narrow, RoundsAndSaturates) {
  expect_the_formula<std::int32_t>({0, 1, -1, 2, -2, 3, -3, 32767, 32768, -32768, -32769, 98303, 98304,
                                    123456789, -123456789, INT32_MAX, INT32_MIN});
  expect_the_formula<std::uint32_t>(
      {0, 1, 2, 3, 32767, 32768, 65535, 98303, 98304, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF});
}

TEST(Narrow, EachPlaceHasItsShift) {
  const std::int8_t shifts[] = {0, 4};
  const std::int32_t inputs[] = {100, 100};
  std::int16_t outputs[2];
  (Narrow<std::int32_t>{2, shifts}).push(inputs, outputs, nullptr, nullptr);
  EXPECT_EQ(outputs[0], 100);
  EXPECT_EQ(outputs[1], 6);  // 6.25
}

}  // namespace
}  // namespace mote::dsp
