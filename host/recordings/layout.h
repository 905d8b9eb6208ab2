// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "recordings/labels.h"

namespace mote::recordings {

/// What is known of a file before it is read; empty where nothing is.
struct Source {
  std::filesystem::path path;
  std::string label = {};
  std::string session = {};
  std::string person = {};
  std::string part = {};      ///< "train", "validation", "test"
  SampleLabels samples = {};  ///< instead of `label`
};

/// How a folder is laid out.
enum class LayoutKind : std::uint8_t {
  kFiles,           ///< files side by side; the name up to the first dot is the label
  kFolders,         ///< a folder a label, or a person, or a session
  kEdgeImpulse,     ///< info.labels, or training/ and testing/
  kSpeechCommands,  ///< a folder a word, the speaker in the file name
};

/// "files", "label folders", ..., for people.
std::string_view to_string(LayoutKind kind);

/// What the folders of kFolders are.
enum class FolderMeaning : std::uint8_t { kUnknown, kLabel, kPerson, kSession };

/// Files that are not imported, for one reason.
struct Skipped {
  std::int64_t count = 0;
  std::string example;  ///< name of one of them
};

struct Layout {
  std::filesystem::path folder;
  LayoutKind kind = LayoutKind::kFiles;
  std::vector<Source> sources;             ///< by path
  std::map<std::string, Skipped> skipped;  ///< by reason
};

/// Whether a file of this name is read, by its ending: csv, txt, tsv, wav, npy, npz, json, cbor.
bool is_recording_name(const std::filesystem::path& path);

/// Finds out how `folder` is laid out, and lists its files; reads only labels files. Links are not followed.
///
/// Google Speech Commands is told by names `<speaker>_nohash_<number>.wav`, and gives each file its speaker
/// as person and session and its part by speech_commands_part(); `_background_noise_` is left out. Edge
/// Impulse is told by info.labels or by training/ or testing/, whose labels come from info.labels,
/// structured_labels.labels or the file's name up to the first dot, and its part from its category. Else
/// folders are what `meaning` says (kUnknown: labels).
///
/// Errors (kInput): no such folder; no recordings in it; more than 200,000 files; a damaged labels file; a
/// file of info.labels that is not there.
Result<Layout> scan_folder(const std::filesystem::path& folder, FolderMeaning meaning);

/// The part of a file of Google Speech Commands by its own rule, with its 10 % for validation and 10 % for
/// test: a hash of the speaker (the name up to `_nohash_`; without that, the whole name).
/// Source: tensorflow/examples/speech_commands/input_data.py, which_set().
std::string_view speech_commands_part(std::string_view file_name);

/// The hash of that rule in per cent, 0 ... 100.
double speech_commands_percentage(std::string_view file_name);

}  // namespace mote::recordings
