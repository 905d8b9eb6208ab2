// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <numeric>

#include "bench/measure.h"
#include "compile/test_graphs.h"
#include "core/process.h"
#include "support/require.h"

namespace mote::bench {
namespace {
TEST(Counts, AreReadLineByLine) {
  const auto counts = parse_counts("1 2 3 4 5 6 7 8\n10 20 30 40 50 60 70 80\n");
  ASSERT_TRUE(counts.has_value());
  ASSERT_EQ(counts->size(), 2u);
  EXPECT_EQ((*counts)[1].cycles, 20);
  EXPECT_EQ((*counts)[1].code_bytes, 80);
  EXPECT_FALSE(parse_counts("1 2 3\n").has_value());
  EXPECT_FALSE(parse_counts("one\n").has_value());
}
}  // namespace
}  // namespace mote::bench
