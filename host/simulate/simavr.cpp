// SPDX-License-Identifier: Apache-2.0
#include "simulate/simavr.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "core/files.h"
#include "core/process.h"
#include "core/resources.h"
#include "core/text.h"

namespace mote::simulate {
namespace {

constexpr int kEnded = 0, kNotRun = 1, kNoEnd = 2;  // exit codes of mote-simavr

/// More emulated time than any firmware needs to play the recording and to blink twice.
double limit_seconds(const SimulateRequest& request, const Recording& recording) {
  const auto samples = static_cast<double>(recording.counts.size()) / request.axes;
  const auto pace = static_cast<double>(request.defects.pace_millihertz != 0 ? request.defects.pace_millihertz
                                                                             : request.rate_millihertz);
  return 20 + 2 * samples * 1000 / pace;
}

Result<void> judge(const ProcessResult& result, double seconds) {
  if (result.exit_code == kEnded) return {};
  if (result.exit_code == kNotRun)
    return fail(ErrorKind::kInput, "simavr: " + std::string(trim(result.errors)));
  if (result.exit_code == kNoEnd)
    return fail(ErrorKind::kFinding,
                fmt::format("the firmware has not ended after {:.0f} emulated seconds", seconds));
  return fail(ErrorKind::kFinding, fmt::format("the firmware crashed in simavr (code {})", result.exit_code));
}

}  // namespace

Result<Observation> read_pin_trace(std::string_view trace, std::int64_t clock_hz, std::string_view where) {
  Observation seen;
  const double ms_per_cycle = 1000.0 / static_cast<double>(clock_hz);
  std::int64_t number = 0;
  std::uint64_t busy_since = 0;
  for (const auto line : split(trace, '\n')) {
    ++number;
    if (line.empty()) continue;
    const auto space = line.rfind(' ');
    const std::string_view what = line.substr(0, space == std::string_view::npos ? 0 : space);
    std::uint64_t cycle = 0;
    const auto parsed = std::from_chars(line.data() + what.size() + 1, line.data() + line.size(), cycle);
    const bool whole = parsed.ec == std::errc() && parsed.ptr == line.data() + line.size();
    if (whole && (what == "led 0" || what == "led 1"))
      seen.led.push_back({what == "led 1", static_cast<double>(cycle) * ms_per_cycle});
    else if (whole && what == "busy 1")
      busy_since = cycle;
    else if (whole && what == "busy 0")
      seen.inference_ms.push_back(static_cast<double>(cycle - busy_since) * ms_per_cycle);
    else if (!whole || what != "end")
      return fail(ErrorKind::kInput,
                  fmt::format("'{}' is no line of the trace", escape_comment(line.substr(0, 80))),
                  fmt::format("{}:{}", where, number));
  }
  return seen;
}

Result<EmulatedRun> run_in_simavr(const SimulateRequest& request, const Recording& recording,
                                  const std::filesystem::path& folder) {
  const boards::Board& board = request.board;
  const auto program = module_file("mote-simavr");
  if (!program.has_value())
    return fail(ErrorKind::kUsage, "simavr support was not built in", "",
                "install libsimavr-dev and build mote again");
  MOTE_CHECK(write_file(folder / "recording.bin", playback_file(request, recording)));
  std::error_code error;
  const double seconds = limit_seconds(request, recording);
  MOTE_TRY(const ProcessResult result,
           run_process({program->string(), board.emulator_machine, std::to_string(board.clock_hz),
                        std::filesystem::absolute(request.image, error).string(), "recording.bin",
                        std::to_string(std::llround(seconds * static_cast<double>(board.clock_hz)))},
                       {.working_directory = folder, .timeout = time_limit(request, recording)}));
  MOTE_CHECK(judge(result, seconds));
  EmulatedRun run;
  MOTE_TRY(run.serial, read_text(folder / "serial.txt"));
  MOTE_TRY(const std::string trace, read_text(folder / "trace.txt"));
  MOTE_TRY(run.seen, read_pin_trace(trace, board.clock_hz, "trace"));
  return run;
}

}  // namespace mote::simulate
