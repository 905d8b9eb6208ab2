// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

namespace mote::simulated_sensor {

/// What one person recorded in one session, as the file that a logger would have left: a heading, one line a
/// sample, a blank line between two captures.
struct SessionFile {
  std::string name;      ///< "s1-ada.csv"
  std::string session;   ///< "s1"
  std::string person;    ///< "ada"
  std::string recorded;  ///< start, UTC: "2026-01-05T10:00:00Z"
  std::string csv;       ///< columns time_ms, ax, ay, az (g), label
};

/// The recordings of `mote demo`: four people, six sessions, punch, flex and idle, 100 Hz, +-4 g. The last
/// session, which is held out, has a minute of everyday motion besides. Always the same bytes.
std::vector<SessionFile> demo_sessions();

}  // namespace mote::simulated_sensor
