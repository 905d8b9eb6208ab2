// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace mote::tflite {

/// A file inside of another one.
struct AssociatedFile {
  std::string name;  ///< plain: no folder
  std::string content;
};

/// Appends `files` to `bytes` as an uncompressed ZIP archive whose offsets count from the start of `bytes`,
/// so that `unzip` lists and extracts them from the whole file. No clock: every entry has the first date that
/// ZIP knows. At most 65535 files; `bytes` stay below 4 GiB.
void append_zip(std::vector<std::uint8_t>& bytes, const std::vector<AssociatedFile>& files);

}  // namespace mote::tflite
