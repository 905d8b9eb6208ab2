// SPDX-License-Identifier: Apache-2.0
// The four functions that a compiler may call on its own accord even without a C library.

#include <stddef.h>
#include <stdint.h>

// Without this the compiler would turn each loop into a call of the function that it is the body of.
#pragma GCC optimize("no-tree-loop-distribute-patterns")

extern "C" {

void* memcpy(void* to, const void* from, size_t count) {
  uint8_t* target = static_cast<uint8_t*>(to);
  const uint8_t* source = static_cast<const uint8_t*>(from);
  while (count-- != 0) *target++ = *source++;
  return to;
}

void* memmove(void* to, const void* from, size_t count) {
  uint8_t* target = static_cast<uint8_t*>(to);
  const uint8_t* source = static_cast<const uint8_t*>(from);
  if (target <= source) return memcpy(to, from, count);
  while (count-- != 0) target[count] = source[count];
  return to;
}

void* memset(void* to, int value, size_t count) {
  uint8_t* target = static_cast<uint8_t*>(to);
  while (count-- != 0) *target++ = static_cast<uint8_t>(value);
  return to;
}

int memcmp(const void* left, const void* right, size_t count) {
  const uint8_t* first = static_cast<const uint8_t*>(left);
  const uint8_t* second = static_cast<const uint8_t*>(right);
  for (; count != 0; --count, ++first, ++second)
    if (*first != *second) return *first - *second;
  return 0;
}

}  // extern "C"
