// SPDX-License-Identifier: Apache-2.0
#pragma once

// What boards with an Arm Cortex-M core share: start of the program, processor exceptions, the semihosting
// call. Defines functions: included by the board's board.cpp and nowhere else.

#include <stdint.h>

#include "board.h"
#include "mote/runtime/fault.h"
#include "semihosting.h"
#include "stack.h"

// From memory.ld.
extern "C" {
extern const uint32_t mote_data_source[];
extern uint32_t mote_data_start[];
extern uint32_t mote_data_end[];
extern uint32_t mote_bss_start[];
extern uint32_t mote_bss_end[];
int main();
void mote_processor_exception();
void mote_report_exception(const uint32_t* stack);
}

namespace cortex_m {

inline volatile uint32_t& at(uint32_t address) {
  return *reinterpret_cast<volatile uint32_t*>(address);
}

// Armv6-M and Armv7-M architecture reference manuals, chapters B3.
constexpr uint32_t kSysTickControl = 0xE000E010;
constexpr uint32_t kSysTickReload = 0xE000E014;
constexpr uint32_t kSysTickValue = 0xE000E018;
constexpr uint32_t kInterruptEnable = 0xE000E100;
constexpr uint32_t kInterruptDisable = 0xE000E180;
constexpr uint32_t kInterruptForget = 0xE000E280;
constexpr uint32_t kInterruptStatus = 0xE000ED04;
constexpr uint32_t kSystemControl = 0xE000ED10;

/// Lets 240 instructions go by. QEMU counts every one of them, which is what makes time exact, and hardly
/// works for them: waiting in a loop of three instructions took it ten times as long. Not inlined: the
/// compiler underrates its length.
__attribute__((noinline)) inline void pass_time() {
  __asm__ volatile(".rept 240\n\tnop\n\t.endr");
}

/// Ends the emulator with success.
inline void end_emulator() {
  const uint32_t arguments[2] = {0x20026, 0};  // ADP_Stopped_ApplicationExit
  semihosting::call(semihosting::kExitExtended, arguments);
  for (;;) {
  }
}

/// The rest of start-up: memory, painted stack, main().
inline void start_program() {
  const uint32_t* source = mote_data_source;
  for (uint32_t* word = mote_data_start; word < mote_data_end; ++word) *word = *source++;
  for (uint32_t* word = mote_bss_start; word < mote_bss_end; ++word) *word = 0;
  stack::paint();
  main();
  for (;;) {
  }
}

using Handler = void (*)();

/// The vectors of the processor itself; those of interrupts follow.
struct Exceptions {
  uint32_t* stack;
  Handler reset;
  Handler others[14];
};

/// Every exception is a fault but SysTick.
constexpr Exceptions exceptions(Handler reset, Handler sys_tick) {
  return {
      mote_stack_end,
      reset,
      {mote_processor_exception, mote_processor_exception, mote_processor_exception, mote_processor_exception,
       mote_processor_exception, mote_processor_exception, mote_processor_exception, mote_processor_exception,
       mote_processor_exception, mote_processor_exception, mote_processor_exception, mote_processor_exception,
       mote_processor_exception, sys_tick}};
}

}  // namespace cortex_m

int32_t semihosting::call(int32_t operation, const void* argument) {
  register int32_t code __asm__("r0") = operation;
  register const void* block __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(code) : "r"(block) : "memory");
  return code;
}

extern "C" {

__attribute__((naked, noreturn)) void mote_processor_exception() {
  // The stack may be what failed: begin a new one before anything is called.
  __asm__ volatile(
      "cpsid i\n\t"
      "mov r0, sp\n\t"
      "ldr r1, =mote_stack_end\n\t"
      "mov sp, r1\n\t"
      "bl mote_report_exception\n\t"
      ".pool");
}

void mote_report_exception(const uint32_t* stack) {
  using mote::runtime::Fault;
  if (stack < mote_stack_start || !Board::stack_intact())
    mote::runtime::halt<Board>(Fault::kStackOverflow, Board::kStackBytes);
  else
    mote::runtime::halt<Board>(Fault::kProcessorFault,
                               static_cast<int32_t>(cortex_m::at(cortex_m::kInterruptStatus) & 0x1FF));
  Board::finish();
}

}  // extern "C"
