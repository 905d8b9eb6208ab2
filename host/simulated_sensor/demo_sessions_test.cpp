// SPDX-License-Identifier: Apache-2.0
#include "simulated_sensor/demo_sessions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "core/hash.h"
#include "core/text.h"

namespace mote::simulated_sensor {
namespace {

TEST(DemoSessions, AreTheSameBytesOnEveryMachine) {
  std::string all;
  for (const SessionFile& file : demo_sessions()) all += file.name + file.recorded + file.csv;
  // A change here changes everybody's demo: approve it by looking at the accuracy that the demo then reaches.
  EXPECT_EQ(sha256(all), "3440d4ac6c2c7ab7c033bc67f7c9505c89e6058cb0c4a851e48bd2b3ea0961f8");
}

TEST(DemoSessions, HaveFourPeopleSixSessionsAndFiveColumns) {
  std::set<std::string> people, sessions;
  for (const SessionFile& file : demo_sessions()) {
    people.insert(file.person);
    sessions.insert(file.session);
    for (const std::string_view line : split(file.csv, '\n')) {
      EXPECT_TRUE(line.empty() || std::count(line.begin(), line.end(), ',') == 4) << line;
    }
  }
  EXPECT_EQ(people.size(), 4u);
  EXPECT_EQ(sessions.size(), 6u);
}

}  // namespace
}  // namespace mote::simulated_sensor
