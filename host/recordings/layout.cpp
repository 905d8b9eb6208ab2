// SPDX-License-Identifier: Apache-2.0
#include "recordings/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <system_error>

#include "core/files.h"
#include "core/hash.h"
#include "core/text.h"

namespace mote::recordings {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFiles = 200'000;
constexpr std::string_view kNoHash = "_nohash_";
constexpr std::string_view kNoise = "_background_noise_";
constexpr const char* kInfoLabels = "info.labels";
constexpr const char* kStructuredLabels = "structured_labels.labels";
constexpr std::string_view kUnknownKind =
    "no kind of file that is read (csv, txt, tsv, wav, npy, npz, json, cbor)";

/// Files and folders directly in a folder, by name.
struct Entries {
  std::vector<fs::path> files;
  std::vector<fs::path> folders;
};

bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

std::string before(std::string_view text, std::string_view mark) {
  return std::string(text.substr(0, text.find(mark)));
}

bool is_labels_file(const fs::path& path) {
  return path.filename() == kInfoLabels || path.filename() == kStructuredLabels;
}

class Scanner {
 public:
  Scanner(const fs::path& folder, FolderMeaning meaning) : meaning_(meaning) { layout_.folder = folder; }

  Result<Layout> run();

 private:
  Result<Entries> list(const fs::path& folder);
  void skip(const fs::path& path, std::string_view reason);
  bool is_speech_commands(const Entries& top) const;
  Result<void> scan_speech_commands(const Entries& top);
  Result<void> scan_info_labels();
  Result<void> scan_categories(const Entries& top);
  Result<void> scan_category(const fs::path& folder, const std::string& part);
  Result<void> scan_folders(const Entries& top);
  void scan_files(const Entries& top);

  FolderMeaning meaning_;
  Layout layout_;
  std::size_t listed_ = 0;
};

Result<Entries> Scanner::list(const fs::path& folder) {
  Entries entries;
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    std::error_code ignored;
    if (entry.path().filename().string().starts_with('.')) continue;
    if (entry.is_symlink(ignored))
      skip(entry.path(), "links are not followed");
    else if (entry.is_directory(ignored))
      entries.folders.push_back(entry.path());
    else if (entry.is_regular_file(ignored))
      entries.files.push_back(entry.path());
    if (++listed_ > kMaxFiles)
      return fail(ErrorKind::kInput, fmt::format("holds more than {} files", kMaxFiles),
                  layout_.folder.string());
  }
  if (code)
    return fail(ErrorKind::kInput, fmt::format("cannot be read: {}", code.message()), folder.string(),
                "check its permissions");
  std::sort(entries.files.begin(), entries.files.end());
  std::sort(entries.folders.begin(), entries.folders.end());
  return entries;
}

void Scanner::skip(const fs::path& path, std::string_view reason) {
  auto& skipped = layout_.skipped[std::string(reason)];
  if (skipped.count++ == 0)
    skipped.example = escape_comment(path.lexically_relative(layout_.folder).string().substr(0, 100));
}

bool Scanner::is_speech_commands(const Entries& top) const {
  return std::any_of(top.folders.begin(), top.folders.end(), [](const fs::path& folder) {
    if (folder.filename() == kNoise) return true;
    std::error_code code;
    for (const auto& entry : fs::directory_iterator(folder, code)) {
      const std::string name = entry.path().filename().string();
      if (name.ends_with(".wav") && name.find(kNoHash) != std::string::npos) return true;
    }
    return false;
  });
}

/// A plain name for a speaker whatever the file says.
std::string speaker_name(const std::string& speaker) {
  const std::string name = "speaker-" + speaker;
  return is_plain_name(name) ? name : "speaker-" + sha1(speaker).substr(0, 12);
}

Result<void> Scanner::scan_speech_commands(const Entries& top) {
  layout_.kind = LayoutKind::kSpeechCommands;
  for (const auto& file : top.files) skip(file, "beside the folders of words");
  for (const auto& folder : top.folders) {
    MOTE_TRY(const Entries words, list(folder));
    for (const auto& inner : words.folders) skip(inner, "folder in a folder");
    for (const auto& file : words.files) {
      const std::string name = file.filename().string();
      if (folder.filename() == kNoise) {
        skip(file, "background noise is no word; import it by itself under a label of your own");
      } else if (!name.ends_with(".wav")) {
        skip(file, kUnknownKind);
      } else {
        const std::string speaker = speaker_name(before(name, kNoHash));
        layout_.sources.push_back({.path = file,
                                   .label = folder.filename().string(),
                                   .session = speaker,
                                   .person = name.find(kNoHash) != std::string::npos ? speaker : "",
                                   .part = std::string(speech_commands_part(name))});
      }
    }
  }
  return {};
}

/// A plain name out of info.labels' metadata, else none.
std::string plain_in(const std::map<std::string, std::string>& metadata, const char* key) {
  const auto found = metadata.find(key);
  return found != metadata.end() && is_plain_name(found->second) ? found->second : "";
}

Result<void> Scanner::scan_info_labels() {
  layout_.kind = LayoutKind::kEdgeImpulse;
  const fs::path list_path = layout_.folder / kInfoLabels;
  MOTE_TRY(const std::string text, read_text(list_path));
  MOTE_TRY(auto files, parse_info_labels(text, list_path.string()));
  for (auto& file : files) {
    const fs::path path = layout_.folder / file.path;
    if (!is_there(path))
      return fail(ErrorKind::kInput, fmt::format("lists '{}', which is not there", escape_comment(file.path)),
                  list_path.string(), "export it again, or take the entry out");
    const std::string part = plain_in(file.metadata, "part");
    if (!is_recording_name(path))
      skip(path, kUnknownKind);
    else if (file.label.empty() && file.samples.runs.empty())
      skip(path, "info.labels has no label for it");
    else
      layout_.sources.push_back({path, file.label, plain_in(file.metadata, "session"),
                                 plain_in(file.metadata, "person"),
                                 file.category == "testing"                            ? "test"
                                 : file.category == "training" && part == "validation" ? "validation"
                                 : file.category == "training"                         ? "train"
                                                                                       : "",
                                 std::move(file.samples)});
  }
  return {};
}

Result<void> Scanner::scan_categories(const Entries& top) {
  layout_.kind = LayoutKind::kEdgeImpulse;
  for (const auto& file : top.files) skip(file, "beside training/ and testing/");
  for (const auto& folder : top.folders) {
    const std::string name = folder.filename().string();
    if (name == "training" || name == "testing")
      MOTE_CHECK(scan_category(folder, name == "testing" ? "test" : "train"));
    else
      skip(folder, "folder beside training/ and testing/");
  }
  return {};
}

Result<void> Scanner::scan_category(const fs::path& folder, const std::string& part) {
  std::map<std::string, SampleLabels> structured;
  if (const fs::path path = folder / kStructuredLabels; is_there(path)) {
    MOTE_TRY(const std::string text, read_text(path));
    MOTE_TRY(structured, parse_structured_labels(text, path.string()));
  }
  MOTE_TRY(const Entries entries, list(folder));
  for (const auto& inner : entries.folders) skip(inner, "folder in training/ or testing/");
  for (const auto& file : entries.files) {
    const std::string name = file.filename().string();
    const auto labels = structured.find(name);
    if (is_labels_file(file)) continue;
    if (!is_recording_name(file))
      skip(file, kUnknownKind);
    else if (labels != structured.end())
      layout_.sources.push_back({.path = file, .part = part, .samples = labels->second});
    else
      layout_.sources.push_back({.path = file, .label = before(name, "."), .part = part});
    structured.erase(name);
  }
  if (!structured.empty())
    return fail(ErrorKind::kInput,
                fmt::format("labels '{}', which is not there", escape_comment(structured.begin()->first)),
                (folder / kStructuredLabels).string(), "export it again, or take the entry out");
  return {};
}

Result<void> Scanner::scan_folders(const Entries& top) {
  layout_.kind = LayoutKind::kFolders;
  for (const auto& file : top.files) skip(file, "beside the folders");
  for (const auto& folder : top.folders) {
    MOTE_TRY(const Entries entries, list(folder));
    const std::string name = folder.filename().string();
    for (const auto& inner : entries.folders)
      skip(inner, "folder in a folder: import the outer one by itself");
    for (const auto& file : entries.files) {
      if (!is_recording_name(file)) {
        skip(file, kUnknownKind);
        continue;
      }
      Source source{.path = file};
      if (meaning_ == FolderMeaning::kPerson) source.person = name;
      if (meaning_ == FolderMeaning::kPerson || meaning_ == FolderMeaning::kSession)
        source.session = name;
      else
        source.label = name;
      layout_.sources.push_back(std::move(source));
    }
  }
  return {};
}

void Scanner::scan_files(const Entries& top) {
  layout_.kind = LayoutKind::kFiles;
  for (const auto& file : top.files)
    if (is_recording_name(file))
      layout_.sources.push_back({.path = file, .label = before(file.filename().string(), ".")});
    else
      skip(file, kUnknownKind);
}

Result<Layout> Scanner::run() {
  MOTE_TRY(const Entries top, list(layout_.folder));
  const auto has = [&top](std::string_view name) {
    return std::any_of(top.folders.begin(), top.folders.end(),
                       [name](const fs::path& path) { return path.filename() == name; });
  };
  if (is_there(layout_.folder / kInfoLabels))
    MOTE_CHECK(scan_info_labels());
  else if (has("training") || has("testing"))
    MOTE_CHECK(scan_categories(top));
  else if (is_speech_commands(top))
    MOTE_CHECK(scan_speech_commands(top));
  else if (!top.folders.empty())
    MOTE_CHECK(scan_folders(top));
  else
    scan_files(top);
  if (layout_.sources.empty())
    return fail(
        ErrorKind::kInput, "holds no recordings", layout_.folder.string(),
        "files are read that end in csv, txt, tsv, wav, npy, npz, json or cbor, in the folder or one below");
  return std::move(layout_);
}

}  // namespace

std::string_view to_string(LayoutKind kind) {
  switch (kind) {
    case LayoutKind::kFiles:
      return "files side by side";
    case LayoutKind::kFolders:
      return "files in folders";
    case LayoutKind::kEdgeImpulse:
      return "Edge Impulse";
    case LayoutKind::kSpeechCommands:
      return "Google Speech Commands";
  }
  return "";
}

bool is_recording_name(const fs::path& path) {
  const std::string ending = lower_case(path.extension().string());
  static constexpr std::array<std::string_view, 8> kEndings = {".csv", ".txt", ".tsv",  ".wav",
                                                               ".npy", ".npz", ".json", ".cbor"};
  return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

double speech_commands_percentage(std::string_view file_name) {
  const std::string digest = sha1(before(file_name, kNoHash));
  std::uint32_t low = 0;
  std::from_chars(digest.data() + digest.size() - 7, digest.data() + digest.size(), low, 16);
  constexpr std::uint32_t kMaxFilesPerClass = (std::uint32_t{1} << 27) - 1;
  return (low & kMaxFilesPerClass) * (100.0 / kMaxFilesPerClass);
}

std::string_view speech_commands_part(std::string_view file_name) {
  const double percentage = speech_commands_percentage(file_name);
  return percentage < 10 ? "validation" : percentage < 20 ? "test" : "train";
}

Result<Layout> scan_folder(const fs::path& folder, FolderMeaning meaning) {
  return Scanner(folder, meaning).run();
}

}  // namespace mote::recordings
