// SPDX-License-Identifier: Apache-2.0
#include "operators_page.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace mote::test {
namespace {

TEST(OperatorsPage, IsWhatTheOperatorsAccept) {
  std::ifstream file(MOTE_SOURCE_DIR "/docs/reference/operators.md");
  std::stringstream committed;
  committed << file.rdbuf();
  EXPECT_EQ(committed.str(), operators_page())
      << "build/tests/reference/mote_operators_page >docs/reference/operators.md";
}

}  // namespace
}  // namespace mote::test
