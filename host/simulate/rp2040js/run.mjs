// SPDX-License-Identifier: Apache-2.0
// Runs one image in rp2040js, the RP2040 of the Wokwi project, from reset to its end.
// Usage: node run.mjs PACKAGE IMAGE RECORDING LIMIT_MS
//   PACKAGE    folder of the npm package rp2040js
//   IMAGE      ELF file, its vectors at the start of flash
//   RECORDING  what boards/rp2040js-pico finds in flash behind the image
//   LIMIT_MS   emulated time after which it is ended
// Writes serial.txt (what came out of serial port 0) and edges.txt (a line "led 1 NANOSECONDS" for each change of
// the LED and of the busy signal) into the working folder. Ends with 0 if the image says so by semihosting, with 3
// if it does not end or cannot go on. Time is counted in cycles: two runs are identical.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, imagePath, recordingPath, limitMs] = process.argv.slice(2);
const { RP2040 } = await import(pathToFileURL(join(resolve(folder), 'dist', 'esm', 'index.js')));
console.warn = () => {};  // some of its parts log here what is no fault

const CYCLE_NANOSECONDS = 8;  // 125 MHz
const FLASH = 0x10000000;
const RECORDING_BYTES = 0x100000, RECORDING = 0x100010;  // in flash
const LED = 25, BUSY = 15;
const WATCHDOG = 0x40058, REASON_TIMER = 1;
const HARD_FAULT = 3;
const SEMIHOSTING = 0xab, EXIT_EXTENDED = 0x20, APPLICATION_EXIT = 0x20026;
const WAIT_FOR_EVENT = 0xbf20;

const image = readFileSync(imagePath);
const recording = readFileSync(recordingPath);
const limit = Number(limitMs) * 1e6;
const serial = [];
const edges = [];
const levels = { led: 0, busy: 0 };
let before = 0;  // nanoseconds until the last reset

class Stop extends Error {}

function loadElf(flash) {
  const first = image.readUInt32LE(28), size = image.readUInt16LE(42), count = image.readUInt16LE(44);
  for (let header = first; header < first + size * count; header += size) {
    const [type, offset, , address, bytes] = [0, 4, 8, 12, 16].map((at) => image.readUInt32LE(header + at));
    if (type === 1 && bytes > 0) flash.set(image.subarray(offset, offset + bytes), address - FLASH);
  }
}

/// A chip after reset; `reason` is what its watchdog says of it.
function boot(reason) {
  const chip = new RP2040();
  const state = { chip, fault: null, reset: false, ended: false };
  // Accesses to nothing and instructions that do not exist are told to the logger, and faults on silicon.
  const fault = (component, text) => {
    if (component === 'RP2040' || component === 'CortexM0Core') state.fault ??= text;
  };
  chip.logger = { debug() {}, info() {}, warn: fault, error: fault };
  loadElf(chip.flash);
  if (recording.length > 0) {
    chip.flashView.setUint32(RECORDING_BYTES, recording.length, true);
    chip.flash.set(recording, RECORDING);
  }
  chip.core.VTOR = FLASH;
  chip.core.reset();
  const watchdog = chip.peripherals[WATCHDOG];
  watchdog.reason = reason;
  watchdog.onWatchdogTrigger = () => {
    watchdog.alarm.enable = false;  // else it goes off again at once, for ever
    state.reset = true;
  };
  chip.uart[0].onByte = (byte) => serial.push(byte);
  const follow = (name, level) => {
    if (levels[name] === level) return;
    levels[name] = level;
    edges.push(`${name} ${level} ${before + chip.clock.nanos}\n`);
  };
  follow('led', 0);
  follow('busy', 0);
  chip.gpio[LED].addListener((level) => follow('led', level === 1 ? 1 : 0));
  chip.gpio[BUSY].addListener((level) => follow('busy', level === 1 ? 1 : 0));
  chip.onBreak = (code) => {
    const { registers } = chip.core;
    if (code !== SEMIHOSTING || registers[0] !== EXIT_EXTENDED)
      throw new Stop('it met a breakpoint that is no end');
    const [why, exit] = [0, 4].map((at) => chip.readUint32(registers[1] + at));
    if (why !== APPLICATION_EXIT || exit !== 0) throw new Stop(`it ended itself with ${why.toString(16)}, ${exit}`);
    state.ended = true;
  };
  return state;
}

/// Lets time pass up to what ends the sleep. The emulator does not see an interrupt that became pending before it
/// fell asleep, and knows no event of a pending interrupt that is not enabled (SEVONPEND): both are done here.
function sleep({ chip }) {
  const { core, clock } = chip;
  if (core.checkForInterrupts()) {
    core.waiting = false;
    return;
  }
  const forEvent = chip.readUint16(core.PC - 2) === WAIT_FOR_EVENT;
  if (forEvent && core.pendingInterrupts !== 0) {
    core.waiting = false;
    return;
  }
  if (clock.nextAlarm === null) throw new Stop('it sleeps and nothing will wake it');
  clock.tick(clock.nanosToNextAlarm);
}

function raiseHardFault(state) {
  const { core } = state.chip;
  const text = state.fault;
  if (core.IPSR === HARD_FAULT) throw new Stop(`it faulted inside of a fault: ${text}`);
  core.waiting = false;
  core.exceptionEntry(HARD_FAULT);
  state.fault = null;  // the stack that is written then may be what failed
}

function run() {
  let state = boot(0);
  while (!state.ended) {
    const { core, clock } = state.chip;
    if (core.waiting)
      sleep(state);
    else
      clock.tick(core.executeInstruction() * CYCLE_NANOSECONDS);
    if (state.fault !== null) raiseHardFault(state);
    if (before + clock.nanos > limit) throw new Stop(`it did not end within ${limitMs} ms of emulated time`);
    if (state.reset) {
      before += clock.nanos;
      state = boot(REASON_TIMER);
    }
  }
}

try {
  run();
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  console.error(error.message);
  process.exitCode = 3;
}
writeFileSync('serial.txt', Buffer.from(serial));
writeFileSync('edges.txt', edges.join(''));
