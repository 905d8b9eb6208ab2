// SPDX-License-Identifier: Apache-2.0
#include "firmware/elf.h"

#include <cxxabi.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <tuple>

namespace mote::firmware {
namespace {

// System V ABI, "Object Files": sizes and numbers of the 32-bit form.
constexpr std::uint32_t kFileHeaderBytes = 52;
constexpr std::uint32_t kSectionHeaderBytes = 40;
constexpr std::uint32_t kSymbolBytes = 16;
constexpr std::uint32_t kTypeSymbols = 2;
constexpr std::uint32_t kTypeNoBits = 8;
constexpr std::uint32_t kFlagWrite = 1;
constexpr std::uint32_t kFlagAllocated = 2;
constexpr std::uint32_t kFlagExecutable = 4;
constexpr std::uint32_t kSymbolObject = 1;
constexpr std::uint32_t kSymbolFunction = 2;

/// Reads little-endian numbers; outside() remembers an access behind the end, which reads as 0.
class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  std::uint32_t u32(std::uint64_t offset) { return static_cast<std::uint32_t>(number(offset, 4)); }
  std::uint16_t u16(std::uint64_t offset) { return static_cast<std::uint16_t>(number(offset, 2)); }
  std::uint8_t u8(std::uint64_t offset) { return static_cast<std::uint8_t>(number(offset, 1)); }

  /// A string that ends with a zero byte inside the file.
  std::string text(std::uint64_t offset) {
    std::string result;
    for (std::uint8_t letter = u8(offset); letter != 0 && result.size() < 4096; letter = u8(++offset))
      result += static_cast<char>(letter);
    return result;
  }

  bool outside() const { return outside_; }

 private:
  std::uint64_t number(std::uint64_t offset, std::uint64_t count) {
    if (offset + count > bytes_.size()) {
      outside_ = true;
      return 0;
    }
    std::uint64_t value = 0;
    for (std::uint64_t byte = 0; byte < count; ++byte)
      value |= static_cast<std::uint64_t>(bytes_[static_cast<std::size_t>(offset + byte)]) << (8 * byte);
    return value;
  }

  std::span<const std::uint8_t> bytes_;
  bool outside_ = false;
};

/// A section header as it stands in the file.
struct RawSection {
  std::uint32_t name, type, flags, address, offset, bytes, link;
};

std::vector<RawSection> read_headers(Reader& reader) {
  const std::uint64_t table = reader.u32(32);
  const std::uint16_t count = reader.u16(48);
  std::vector<RawSection> headers;
  for (std::uint64_t index = 0; index < count && !reader.outside(); ++index) {
    const std::uint64_t at = table + index * kSectionHeaderBytes;
    headers.push_back({reader.u32(at), reader.u32(at + 4), reader.u32(at + 8), reader.u32(at + 12),
                       reader.u32(at + 16), reader.u32(at + 20), reader.u32(at + 24)});
  }
  return headers;
}

void read_symbols(Reader& reader, const std::vector<RawSection>& headers, const RawSection& table,
                  ElfImage& image) {
  if (table.link >= headers.size()) return;
  const std::uint64_t names = headers[table.link].offset;
  for (std::uint64_t at = table.offset; at + kSymbolBytes <= std::uint64_t{table.offset} + table.bytes;
       at += kSymbolBytes) {
    const std::uint32_t type = reader.u8(at + 12) & 15u;
    const std::uint16_t section = reader.u16(at + 14);
    ElfSymbol symbol;
    symbol.function = type == kSymbolFunction;
    symbol.bytes = reader.u32(at + 8);
    if ((type != kSymbolObject && type != kSymbolFunction) || symbol.bytes == 0) continue;
    symbol.address = symbol.function ? reader.u32(at + 4) & ~1u : reader.u32(at + 4);  // bit 0 says Thumb
    symbol.name = demangle(reader.text(names + reader.u32(at)));
    if (section < headers.size() && headers[section].type != kTypeNoBits)
      symbol.file_offset = symbol.address - headers[section].address + headers[section].offset;
    if (reader.outside()) return;
    image.symbols.push_back(std::move(symbol));
  }
}

}  // namespace

std::string demangle(const std::string& name) {
  int status = 0;
  char* const plain = abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status);
  std::string result = status == 0 && plain != nullptr ? plain : name;
  std::free(plain);  // NOLINT: __cxa_demangle allocates with malloc
  return result;
}

Result<ElfImage> read_elf(std::span<const std::uint8_t> bytes, std::string_view where) {
  Reader reader(bytes);
  if (bytes.size() < kFileHeaderBytes || reader.u32(0) != 0x464C457F || reader.u8(4) != 1 ||
      reader.u8(5) != 1)
    return fail(ErrorKind::kInput, "not a 32-bit little-endian ELF file", std::string(where));
  const auto headers = read_headers(reader);
  const std::size_t names = reader.u16(50);
  ElfImage image;
  for (const auto& header : headers) {
    ElfSection section;
    if (names < headers.size())
      section.name = reader.text(std::uint64_t{headers[names].offset} + header.name);
    section.allocated = (header.flags & kFlagAllocated) != 0;
    section.writable = (header.flags & kFlagWrite) != 0;
    section.executable = (header.flags & kFlagExecutable) != 0;
    section.in_file = header.type != kTypeNoBits && header.type != 0;
    section.address = header.address;
    section.file_offset = header.offset;
    section.bytes = header.bytes;
    if (section.in_file && std::uint64_t{header.offset} + header.bytes > bytes.size())
      return fail(ErrorKind::kInput, fmt::format("section '{}' ends behind the file", section.name),
                  std::string(where));
    image.sections.push_back(std::move(section));
    if (header.type == kTypeSymbols) read_symbols(reader, headers, header, image);
  }
  if (reader.outside())
    return fail(ErrorKind::kInput, "a table of the ELF file points outside of it", std::string(where));
  std::sort(image.symbols.begin(), image.symbols.end(), [](const ElfSymbol& left, const ElfSymbol& right) {
    return std::tie(left.address, left.name) < std::tie(right.address, right.name);
  });
  return image;
}

MemoryUse memory_use(const ElfImage& image) {
  MemoryUse use;
  for (const auto& section : image.sections) {
    if (!section.allocated) continue;
    if (section.in_file) use.flash_bytes += section.bytes;
    if (section.in_file && section.executable) use.code_bytes += section.bytes;
    if (section.in_file && !section.executable) use.constant_bytes += section.bytes;
    if (section.writable || !section.in_file) use.ram_bytes += section.bytes;
    if (section.name == ".stack") use.stack_bytes += section.bytes;
  }
  return use;
}

}  // namespace mote::firmware
