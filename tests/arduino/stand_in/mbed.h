// SPDX-License-Identifier: Apache-2.0
#pragma once

// A stand-in for the threads of Mbed OS: one besides that of setup() and loop().

#include <stdint.h>

enum osPriority { osPriorityNormal = 24, osPriorityHigh = 40 };

namespace rtos {

class Thread {
 public:
  Thread(osPriority, uint32_t /*stack_bytes*/, unsigned char* /*stack*/, const char* /*name*/) {}
  int start(void (*function)());
};

}  // namespace rtos
