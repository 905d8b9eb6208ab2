// SPDX-License-Identifier: Apache-2.0
#include "simulate/rp2040js.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdlib>

#include "core/files.h"
#include "core/process.h"
#include "core/resources.h"
#include "core/text.h"

namespace mote::simulate {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRecordingLimitBytes = std::size_t{15} << 20;  // flash behind the image

struct Edge {
  bool busy = false;  ///< of the busy signal, not of the LED
  bool on = false;
  double time_ms = 0;
};

std::optional<Edge> parse_edge(std::string_view line) {
  const auto words = split(line, ' ');
  if (words.size() != 3 || (words[0] != "led" && words[0] != "busy") || (words[1] != "0" && words[1] != "1"))
    return std::nullopt;
  std::int64_t nanoseconds = 0;
  const char* const end = words[2].data() + words[2].size();
  const auto parsed = std::from_chars(words[2].data(), end, nanoseconds);
  if (parsed.ec != std::errc() || parsed.ptr != end || nanoseconds < 0) return std::nullopt;
  return Edge{words[0] == "busy", words[1] == "1", static_cast<double>(nanoseconds) / 1e6};
}

/// Emulated time after which an image has not ended by itself: the recording, and time for two blink codes.
std::int64_t limit_ms(const SimulateRequest& request, const Recording& recording) {
  const SensorDefects& defects = request.defects;
  const std::int64_t samples = std::ssize(recording.counts) / request.axes + defects.silent_samples;
  const std::int64_t pace = defects.pace_millihertz != 0 ? defects.pace_millihertz : request.rate_millihertz;
  return 60000 + samples * 1000000 / pace;
}

}  // namespace

std::optional<fs::path> rp2040js_folder() {
  const char* named = std::getenv("MOTE_RP2040JS");
  const fs::path package = named != nullptr ? named : MOTE_RP2040JS_DEFAULT;
  std::error_code ignored;
  if (!fs::exists(package / "dist" / "esm" / "index.js", ignored)) return std::nullopt;
  return package;
}

Result<fs::path> find_rp2040js() {
  const auto package = rp2040js_folder();
  if (!package.has_value())
    return fail(ErrorKind::kUsage, "the emulator 'rp2040js' is not installed", "",
                "run scripts/install-interop, or set MOTE_RP2040JS to the folder of the npm package");
  if (!program_exists("node"))
    return fail(ErrorKind::kUsage, "'node', which runs the emulator 'rp2040js', is not installed", "",
                "sudo apt-get install --no-install-recommends nodejs");
  return *package;
}

Result<EmulatedRun> run_in_rp2040js(const SimulateRequest& request, const Recording& recording,
                                    const fs::path& folder) {
  MOTE_TRY(const fs::path package, find_rp2040js());
  MOTE_TRY(const fs::path script, resource("host/simulate/rp2040js/run.mjs"));
  const auto bytes = playback_file(request, recording);
  if (bytes.size() > kRecordingLimitBytes)
    return fail(ErrorKind::kInput,
                fmt::format("the recording has {} bytes, at most {} fit into the flash of board '{}'",
                            bytes.size(), kRecordingLimitBytes, request.board.name),
                recording.id, "play shorter recordings, or another board");
  MOTE_CHECK(write_file(folder / "recording.bin", bytes));
  std::error_code error;
  const std::vector<std::string> command = {"node",
                                            fs::absolute(script, error).string(),
                                            fs::absolute(package, error).string(),
                                            fs::absolute(request.image, error).string(),
                                            "recording.bin",
                                            fmt::format("{}", limit_ms(request, recording))};
  MOTE_TRY(const ProcessResult result,
           run_process(command, {.working_directory = folder, .timeout = time_limit(request, recording)}));
  if (result.exit_code != 0)
    return fail(ErrorKind::kInternal,
                fmt::format("rp2040js ended with code {}: {}", result.exit_code, trim(result.errors)));
  EmulatedRun run;
  MOTE_TRY(run.serial, read_text(folder / "serial.txt"));
  MOTE_TRY(const std::string edges, read_text(folder / "edges.txt"));
  MOTE_TRY(run.seen, read_edges(edges, "edges"));
  return run;
}

Result<Observation> read_edges(std::string_view edges, std::string_view where) {
  Observation seen;
  double now_ms = 0, busy_since_ms = 0;
  std::int64_t number = 0;
  while (!edges.empty()) {
    const auto end = std::min(edges.find('\n'), edges.size());
    const std::string_view line = edges.substr(0, end);
    edges.remove_prefix(std::min(end + 1, edges.size()));
    ++number;
    const auto edge = parse_edge(line);
    if (!edge.has_value() || edge->time_ms < now_ms)
      return fail(ErrorKind::kInput, fmt::format("'{}' is no edge", escape_comment(line.substr(0, 80))),
                  fmt::format("{}:{}", where, number));
    now_ms = edge->time_ms;
    if (!edge->busy)
      seen.led.push_back({edge->on, now_ms});
    else if (edge->on)
      busy_since_ms = now_ms;
    else
      seen.inference_ms.push_back(now_ms - busy_since_ms);
  }
  return seen;
}

}  // namespace mote::simulate
