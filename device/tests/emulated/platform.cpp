// SPDX-License-Identifier: Apache-2.0
#include "platform.h"

void platform::write(int32_t number) {
  char digits[12];
  char* first = digits + sizeof(digits) - 1;
  *first = '\0';
  uint32_t rest = number < 0 ? 0u - static_cast<uint32_t>(number) : static_cast<uint32_t>(number);
  do {
    *--first = static_cast<char>('0' + static_cast<char>(rest % 10u));
    rest /= 10u;
  } while (rest != 0);
  if (number < 0) *--first = '-';
  write(first);
}
