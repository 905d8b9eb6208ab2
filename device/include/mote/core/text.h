// SPDX-License-Identifier: Apache-2.0
#pragma once

// Texts that live where the program lives. On AVR a plain literal takes RAM, of which there are 2 KB.

#include "mote/core/flash.h"

/// A literal as Flash<char>, ended by a zero character; only inside of a function.
#if defined(__AVR__)
#define MOTE_TEXT(literal)                                   \
  (__extension__({                                           \
    static const char mote_text[] MOTE_FLASH_DATA = literal; \
    static_cast<::mote::Flash<char>>(mote_text);             \
  }))
#else
#define MOTE_TEXT(literal) (::mote::Flash<char>(literal))
#endif
