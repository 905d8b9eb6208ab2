// SPDX-License-Identifier: Apache-2.0
#include "simulated_sensor/demo_sessions.h"

#include <fmt/format.h>

#include <array>
#include <iterator>

#include "simulated_sensor/simulated_sensor.h"

namespace mote::simulated_sensor {
namespace {

constexpr std::array kPeople = {"ada", "ben", "cyd", "dan"};
constexpr double kCaptureSeconds = 4;
constexpr double kEverydaySeconds = 60;

/// One session: when, who (indices into kPeople) and how many captures of each motion.
struct Session {
  const char* name;
  const char* date;
  std::vector<std::size_t> people;
  int captures;
  bool everyday = false;
};

void append_capture(std::string& csv, const PersonModel& person, const Scene& scene) {
  const SensorModel sensor;
  const std::vector<double> values = simulate(sensor, person, scene);
  if (!csv.ends_with("label\n")) csv += '\n';
  for (std::size_t at = 0; at + 2 < values.size(); at += 3) {
    const double time_ms = 1000.0 * static_cast<double>(at / 3) / sensor.rate_hz;
    fmt::format_to(std::back_inserter(csv), "{:.0f},{:.5f},{:.5f},{:.5f},{}\n", time_ms, values[at],
                   values[at + 1], values[at + 2], to_string(scene.motion));
  }
}

SessionFile record(const Session& session, std::size_t who, std::uint64_t seed) {
  const PersonModel person = simulated_sensor::person(who);
  SessionFile file{.name = fmt::format("{}-{}.csv", session.name, kPeople[who]),
                   .session = session.name,
                   .person = kPeople[who],
                   .recorded = fmt::format("{}T{:02}:00:00Z", session.date, 9 + who),
                   .csv = "time_ms,ax,ay,az,label\n"};
  Scene scene{.seconds = kCaptureSeconds, .strap = worn_strap(seed), .seed = seed * 1000};
  for (const Motion motion : {Motion::kPunch, Motion::kFlex, Motion::kIdle}) {
    scene.motion = motion;
    for (int capture = 0; capture < session.captures; ++capture, ++scene.seed)
      append_capture(file.csv, person, scene);
  }
  if (session.everyday && who == session.people.front()) {
    scene.seconds = kEverydaySeconds;
    append_capture(file.csv, person, scene);
  }
  return file;
}

}  // namespace

std::vector<SessionFile> demo_sessions() {
  const std::vector<Session> sessions = {
      {"s1", "2026-01-05", {0, 1}, 3},       {"s2", "2026-01-07", {2, 3}, 3},
      {"s3", "2026-01-09", {0, 2}, 3},       {"s4", "2026-01-12", {1, 3}, 3},
      {"s5", "2026-01-14", {0, 1, 2, 3}, 4}, {"s6", "2026-01-16", {0, 1, 2, 3}, 5, true}};
  std::vector<SessionFile> files;
  for (const Session& session : sessions) {
    for (const std::size_t who : session.people) files.push_back(record(session, who, 100 + files.size()));
  }
  return files;
}

}  // namespace mote::simulated_sensor
