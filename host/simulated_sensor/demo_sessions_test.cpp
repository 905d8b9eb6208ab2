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
  EXPECT_EQ(sha256(all), "5033b6666ee0af01d56e810bdccc3fe1b84e86a6853ab210fdd92d79e89207e4");
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
