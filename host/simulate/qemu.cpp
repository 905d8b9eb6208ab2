// SPDX-License-Identifier: Apache-2.0
#include "simulate/qemu.h"

#include <fmt/format.h>

#include "boards/emulator.h"
#include "core/files.h"

namespace mote::simulate {

Result<EmulatedRun> run_in_qemu(const SimulateRequest& request, const Recording& recording,
                                const std::filesystem::path& folder) {
  const boards::Board& board = request.board;
  MOTE_CHECK(write_file(folder / "recording.bin", playback_file(request, recording)));
  std::error_code error;
  EmulatedRun run;
  MOTE_TRY(
      run.serial,
      boards::run_emulator(
          board, {.folder = folder,
                  .image = std::filesystem::absolute(request.image, error),
                  .command_line = "recording.bin",
                  .arguments = {"-icount", fmt::format("shift={},sleep=off", board.icount_shift.value_or(0)),
                                "-trace", board.led_register ? "memory_region_ops_*" : "mps2_fpgaio_*", "-D",
                                "trace.txt"},
                  .timeout = time_limit(request, recording)}));
  MOTE_TRY(const std::string trace, read_text(folder / "trace.txt"));
  if (board.led_register) {
    MOTE_TRY(run.seen, read_memory_trace(trace,
                                         {.led_address = *board.led_register,
                                          .led_bit = board.led_bit,
                                          .busy_bit = board.busy_bit,
                                          .time_address = *board.time_register,
                                          .time_hz = board.time_hz},
                                         "trace"));
  } else {
    MOTE_TRY(run.seen, read_fpgaio_trace(trace, board.time_hz, "trace"));
  }
  return run;
}

}  // namespace mote::simulate
