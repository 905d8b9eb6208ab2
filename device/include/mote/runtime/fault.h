// SPDX-License-Identifier: Apache-2.0
#pragma once

// What stops the firmware, and how it tells: a line on the serial port and a number of blinks that a person
// can count.

#include <stdint.h>

#include "mote/runtime/record.h"

namespace mote {
namespace runtime {

/// A reason to stop; the number is the `code` of faults.def.
enum class Fault : uint8_t {
  kNone = 0,
#define MOTE_FAULT(code, blinks, enumerator, name, meaning, cause, remedy) enumerator = code,
#include "mote/runtime/faults.def"
#undef MOTE_FAULT
};

/// How often the LED blinks for `fault`; 0 for kNone.
constexpr int32_t blinks_of(Fault fault) {
#define MOTE_FAULT(code, blinks, enumerator, name, meaning, cause, remedy) \
  fault == Fault::enumerator ? (blinks):
  return
#include "mote/runtime/faults.def"
      0;
#undef MOTE_FAULT
}

/// The name of `fault` as it stands in the table.
inline Flash<char> name_of(Fault fault) {
  switch (fault) {
#define MOTE_FAULT(code, blinks, enumerator, name, meaning, cause, remedy) \
  case Fault::enumerator:                                                  \
    return MOTE_TEXT(name);
#include "mote/runtime/faults.def"
#undef MOTE_FAULT
    case Fault::kNone:
      break;
  }
  return MOTE_TEXT("none");
}

/// The blink code in time: `blinks` times on and off, then a pause, and again.
constexpr int32_t kBlinkOnMs = 200;
constexpr int32_t kBlinkOffMs = 300;
constexpr int32_t kBlinkPauseMs = 1500;  ///< dark time before each group, besides the last blink's off time
constexpr int32_t kFirstPauseMs =
    400;  ///< dark time before the first: who waits sees at once that something is wrong

/// One group: the pause, then the blinks.
template <class Board>
void blink_group(int32_t blinks, int32_t pause_ms) {
  Board::feed_watchdog();
  Board::set_led(false);
  Board::delay_ms(pause_ms);
  for (int32_t blink = 0; blink < blinks; ++blink) {
    Board::feed_watchdog();
    Board::set_led(true);
    Board::delay_ms(kBlinkOnMs);
    Board::set_led(false);
    Board::delay_ms(kBlinkOffMs);
  }
}

/// Stops for good: no more samples, one `mote-fault` line, then the blink code for as long as the board runs.
///
/// Works without interrupts, so that a processor exception may call it. Returns only if
/// Board::keep_blinking() says so: never on hardware, after a few groups in an emulator.
template <class Board>
void halt(Fault fault, int32_t detail) {
  Board::stop_sampling();
  RecordWriter<Board> record(MOTE_TEXT("mote-fault"));
  record.number(MOTE_TEXT("code"), static_cast<int32_t>(fault));
  record.text(MOTE_TEXT("name"), name_of(fault));
  record.number(MOTE_TEXT("blinks"), blinks_of(fault));
  record.number(MOTE_TEXT("detail"), detail);
  record.end();
  for (int32_t group = 0; Board::keep_blinking(group); group = group < INT16_MAX ? group + 1 : group)
    blink_group<Board>(blinks_of(fault), group == 0 ? kFirstPauseMs : kBlinkPauseMs);
}

}  // namespace runtime
}  // namespace mote
