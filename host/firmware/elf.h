// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace mote::firmware {

/// A section of an ELF file.
struct ElfSection {
  std::string name;
  bool allocated = false;  ///< has a place in the device's memory
  bool writable = false;
  bool executable = false;
  bool in_file = false;  ///< has bytes in the file; false for .bss and the stack
  std::uint32_t address = 0;
  std::uint32_t file_offset = 0;
  std::uint32_t bytes = 0;
};

/// A named function or object.
struct ElfSymbol {
  std::string name;  ///< demangled
  bool function = false;
  std::uint32_t address = 0;
  std::uint32_t bytes = 0;
  std::uint32_t file_offset = 0;  ///< of its first byte, 0 if it has none in the file
};

struct ElfImage {
  std::vector<ElfSection> sections;
  std::vector<ElfSymbol> symbols;  ///< functions and objects with a size, by address then name
};

/// The name of a C++ function or object as it stands in the source; any other name as it is.
std::string demangle(const std::string& name);

/// Reads sections and symbols of a 32-bit little-endian ELF file. Errors (kInput): it is none, or a table
/// points outside of the file; `where` names it.
Result<ElfImage> read_elf(std::span<const std::uint8_t> bytes, std::string_view where);

/// What an image takes of a board's memories.
struct MemoryUse {
  std::int64_t flash_bytes = 0;  ///< code, constants and start values of variables
  std::int64_t ram_bytes = 0;    ///< variables and stack
  std::int64_t code_bytes = 0;
  std::int64_t constant_bytes = 0;  ///< read-only data and start values
  std::int64_t stack_bytes = 0;     ///< the section .stack
};
MemoryUse memory_use(const ElfImage& image);

}  // namespace mote::firmware
