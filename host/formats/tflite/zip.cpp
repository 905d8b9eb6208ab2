// SPDX-License-Identifier: Apache-2.0
#include "tflite/zip.h"

#include "mote/core/crc.h"

namespace mote::tflite {
namespace {

constexpr std::uint32_t kLocalHeader = 0x04034B50;
constexpr std::uint32_t kDirectoryEntry = 0x02014B50;
constexpr std::uint32_t kDirectoryEnd = 0x06054B50;
constexpr std::uint16_t kVersion = 20;  // 2.0: what plain, uncompressed files need
constexpr std::uint16_t kUtf8Names = 1 << 11;
constexpr std::uint16_t kFirstDate = 1 << 5 | 1;  // 1 January 1980

/// Little-endian fields behind each other.
class Fields {
 public:
  explicit Fields(std::vector<std::uint8_t>& bytes) : bytes_(bytes) {}

  Fields& u16(std::size_t number) { return unsigned_number(number, 2); }
  Fields& u32(std::size_t number) { return unsigned_number(number, 4); }
  Fields& text(const std::string& text) {
    bytes_.insert(bytes_.end(), text.begin(), text.end());
    return *this;
  }

 private:
  Fields& unsigned_number(std::size_t number, int size) {
    for (int byte = 0; byte < size; ++byte) bytes_.push_back(static_cast<std::uint8_t>(number >> (8 * byte)));
    return *this;
  }

  std::vector<std::uint8_t>& bytes_;
};

/// The part that a file's own header and its entry in the directory share.
void describe(const AssociatedFile& file, Fields& out) {
  const std::uint32_t crc = crc32_finish(
      crc32_update(kCrc32Initial, file.content.data(), static_cast<std::int32_t>(file.content.size())));
  out.u16(kVersion).u16(kUtf8Names).u16(0).u16(0).u16(kFirstDate).u32(crc);
  out.u32(file.content.size()).u32(file.content.size()).u16(file.name.size()).u16(0);
}

}  // namespace

void append_zip(std::vector<std::uint8_t>& bytes, const std::vector<AssociatedFile>& files) {
  Fields out(bytes);
  std::vector<std::size_t> starts;
  for (const AssociatedFile& file : files) {
    starts.push_back(bytes.size());
    out.u32(kLocalHeader);
    describe(file, out);
    out.text(file.name).text(file.content);
  }
  const std::size_t directory = bytes.size();
  for (std::size_t index = 0; index < files.size(); ++index) {
    out.u32(kDirectoryEntry).u16(kVersion);
    describe(files[index], out);
    out.u16(0).u16(0).u16(0).u32(0).u32(starts[index]).text(files[index].name);
  }
  const std::size_t directory_size = bytes.size() - directory;
  out.u32(kDirectoryEnd).u16(0).u16(0).u16(files.size()).u16(files.size());
  out.u32(directory_size).u32(directory).u16(0);
}

}  // namespace mote::tflite
