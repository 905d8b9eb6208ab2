// SPDX-License-Identifier: Apache-2.0
#include "simulate/simulate.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "boards/emulator.h"
#include "core/files.h"
#include "core/temporary_folder.h"
#include "simulate/emulated_run.h"
#include "simulate/qemu.h"
#include "simulate/rp2040js.h"
#include "simulate/simavr.h"

namespace mote::simulate {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kWorkersLimit = 4;

using Run = Result<EmulatedRun> (*)(const SimulateRequest&, const Recording&, const fs::path&);

/// The emulators by the name of their program in board.toml.
struct Emulator {
  std::string_view program;
  Run run;
};
constexpr Emulator kEmulators[] = {
    {"qemu-system-arm", run_in_qemu},
    {"qemu-system-riscv32", run_in_qemu},
    {"rp2040js", run_in_rp2040js},
    {"simavr", run_in_simavr},
};

Result<EmulatedRun> run_image(const SimulateRequest& request, const Recording& recording,
                              const fs::path& folder) {
  MOTE_CHECK(boards::require_emulator(request.board));
  for (const Emulator& emulator : kEmulators)
    if (request.board.emulator == emulator.program) return emulator.run(request, recording, folder);
  return fail(ErrorKind::kInternal, fmt::format("nothing is known about '{}'", request.board.emulator));
}

Json to_json(const WindowRecord& window) {
  return {{"window", window.window},     {"class", window.class_index},     {"confidence", window.confidence},
          {"decision", window.decision}, {"window_crc", window.window_crc}, {"output_crc", window.output_crc},
          {"lost", window.lost}};
}

Json to_json(const EventRecord& event) {
  return {{"window", event.window},
          {"class", event.class_index},
          {"label", event.label},
          {"confidence", event.confidence}};
}

Json to_json(const WokenRecord& woken) {
  return {{"window", woken.window},     {"class", woken.class_index},     {"confidence", woken.confidence},
          {"decision", woken.decision}, {"window_crc", woken.window_crc}, {"output_crc", woken.output_crc}};
}

Json to_json(const Played& played) {
  Json windows = Json::array();
  for (const auto& window : played.transcript.windows) windows.push_back(to_json(window));
  Json events = Json::array();
  for (const auto& event : played.transcript.events) events.push_back(to_json(event));
  Json json = {{"id", played.id},
               {"windows", windows},
               {"events", events},
               {"restarts", played.transcript.restarts},
               {"led_edges", played.seen.led.size()}};
  if (!played.transcript.second.empty()) {
    json["woken"] = Json::array();
    for (const auto& woken : played.transcript.woken) json["woken"].push_back(to_json(woken));
  }
  json["end"] = nullptr;
  json["fault"] = nullptr;
  if (const auto& end = played.transcript.end)
    json["end"] = {{"windows", end->windows},
                   {"samples", end->samples},
                   {"lost", end->lost},
                   {"rate_millihertz", end->rate_millihertz},
                   {"stack_unused_bytes", end->stack_unused}};
  if (const auto& fault = played.transcript.fault)
    json["fault"] = {
        {"code", fault->code}, {"name", fault->name}, {"blinks", fault->blinks}, {"detail", fault->detail}};
  if (played.transcript.fault) json["fault"]["blinks_seen"] = played.blinks ? Json(*played.blinks) : Json();
  return json;
}

}  // namespace

Result<Played> play(const SimulateRequest& request, const Recording& recording) {
  MOTE_TRY(const TemporaryFolder folder, TemporaryFolder::create("mote-simulate"));
  MOTE_TRY(EmulatedRun run, run_image(request, recording, folder.path()));
  Played played;
  played.id = recording.id;
  MOTE_TRY(played.transcript, parse_records(run.serial, "serial output"));
  if (!played.transcript.end && !played.transcript.fault)
    return fail(ErrorKind::kFinding, "the firmware stopped without saying why", recording.id);
  played.seen = std::move(run.seen);
  if (played.transcript.fault) played.blinks = count_blinks(played.seen.led);
  return played;
}

Result<std::vector<Played>> play_all(const SimulateRequest& request, const std::vector<Recording>& recordings,
                                     const ProgressSink& progress) {
  std::vector<Played> played(recordings.size());
  std::atomic<std::size_t> next = 0;
  std::mutex lock;
  std::int64_t done = 0;
  std::optional<Error> error;
  const auto work = [&] {
    for (std::size_t index = next++; index < recordings.size(); index = next++) {
      auto result = play(request, recordings[index]);
      const std::scoped_lock guard(lock);
      if (error.has_value()) return;
      if (!result.has_value()) {
        error = std::move(result.error()).during(fmt::format("playing recording '{}'", recordings[index].id));
        return;
      }
      played[index] = std::move(*result);
      if (progress) progress({++done, static_cast<std::int64_t>(recordings.size()), recordings[index].id});
    }
  };
  {
    std::vector<std::jthread> workers;
    const std::size_t count = std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kWorkersLimit);
    for (std::size_t worker = 0; worker < std::min(count, recordings.size()); ++worker)
      workers.emplace_back(work);
  }
  if (error.has_value()) return std::unexpected(std::move(*error));
  return played;
}

std::int64_t steps_per_inference(const boards::Board& board, const std::vector<Played>& played) {
  std::vector<double> durations;
  for (const auto& recording : played)
    durations.insert(durations.end(), recording.seen.inference_ms.begin(), recording.seen.inference_ms.end());
  if (durations.empty()) return 0;
  const auto middle = durations.begin() + static_cast<std::ptrdiff_t>(durations.size() / 2);
  std::nth_element(durations.begin(), middle, durations.end());
  return std::llround(*middle * 1e6 / board.step_ns());
}

Result<Json> facts(const boards::Board& board, const std::vector<Played>& played) {
  Json recordings = Json::array();
  for (const auto& recording : played) {
    if (recording.transcript.boot != played.front().transcript.boot ||
        recording.transcript.second != played.front().transcript.second)
      return fail(ErrorKind::kFinding, "the boot line is another one than that of the first recording",
                  recording.id);
    recordings.push_back(to_json(recording));
  }
  Json json = {{"board", board.name},
               {"boot", played.empty() ? Json::object() : Json(played.front().transcript.boot)},
               {"recordings", recordings},
               {board.icount_shift ? "instructions_per_inference" : "cycles_per_inference",
                steps_per_inference(board, played)}};
  if (!played.empty() && !played.front().transcript.second.empty())
    json["second"] = played.front().transcript.second;
  if (board.icount_shift) json["icount_shift"] = *board.icount_shift;
  return json;
}

}  // namespace mote::simulate
