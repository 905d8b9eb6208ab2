// SPDX-License-Identifier: Apache-2.0
#pragma once

// Lines of text on the serial port, one record a line: `mote-result window=3 class=1 ...`.
// docs/reference/records.md lists them.

#include <stdint.h>

#include "mote/core/text.h"

namespace mote {
namespace runtime {

/// Writes one record in pieces as they come; needs no line buffer, so nothing can be cut off. Called in some
/// thirty places: inlined there, its functions took 5.7 KB more of an ATmega328P.
class RecordWriter {
 public:
  /// `write` [in]: takes characters for the serial port. `name` [in]: the first word of the line.
  RecordWriter(void (*write)(const char* characters, int32_t count), Flash<char> name) : write_(write) {
    write_text(name);
  }

  MOTE_SHARED void number(Flash<char> key, int32_t value) {
    begin(key);
    char digits[11];
    int32_t first = static_cast<int32_t>(sizeof(digits));
    uint32_t rest = value < 0 ? ~static_cast<uint32_t>(value) + 1u : static_cast<uint32_t>(value);
    do {
      digits[--first] = static_cast<char>('0' + rest % 10);
      rest /= 10;
    } while (rest != 0);
    if (value < 0) digits[--first] = '-';
    write_(digits + first, static_cast<int32_t>(sizeof(digits)) - first);
  }

  /// Four hexadecimal digits.
  MOTE_SHARED void hexadecimal(Flash<char> key, uint16_t value) {
    begin(key);
    char digits[4];
    for (int32_t position = 0; position < 4; ++position) {
      const int32_t digit = (value >> (12 - 4 * position)) & 15;
      digits[position] = static_cast<char>(digit < 10 ? '0' + digit : 'a' + digit - 10);
    }
    write_(digits, 4);
  }

  /// `value` up to `limit` characters; each that could end a field or the line becomes '_', an empty text
  /// '-'.
  MOTE_SHARED void text(Flash<char> key, Flash<char> value, int32_t limit = 64) {
    begin(key);
    if (value[0] == '\0') write_character('-');
    for (int32_t position = 0; position < limit && value[position] != '\0'; ++position) {
      const char character = value[position];
      const bool plain = character > ' ' && character < 127 && character != '=';
      write_character(plain ? character : '_');
    }
  }

  void end() { write_character('\n'); }

 private:
  void write_character(char character) { write_(&character, 1); }

  MOTE_SHARED void write_text(Flash<char> text) {
    for (int32_t position = 0; text[position] != '\0'; ++position) write_character(text[position]);
  }

  void begin(Flash<char> key) {
    write_character(' ');
    write_text(key);
    write_character('=');
  }

  void (*write_)(const char* characters, int32_t count);
};

}  // namespace runtime
}  // namespace mote
