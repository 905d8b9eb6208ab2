// SPDX-License-Identifier: Apache-2.0
#include "recordings/store.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <system_error>

#include "core/files.h"
#include "core/hash.h"
#include "recordings/csv.h"
#include "recordings/wav.h"

namespace mote::recordings {
namespace {

constexpr std::string_view kStagingFolder = ".import";
constexpr std::string_view kRestore = "restore the file, or delete the recording and import it again";

std::vector<std::filesystem::path> label_folders(const project::Project& project) {
  std::vector<std::filesystem::path> folders;
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(project.recordings(), code))
    if (entry.is_directory(code) && !entry.path().filename().string().starts_with('.'))
      folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  return folders;
}

/// Refuses samples without a description, a description without samples, and samples of both kinds.
Result<void> check_pairs(const std::filesystem::path& folder) {
  const auto there = [](std::filesystem::path path, const char* suffix) {
    std::error_code ignored;
    return std::filesystem::exists(path.replace_extension(suffix), ignored);
  };
  for (const char* suffix : {".csv", ".wav"})
    for (const auto& path : list_files(folder, suffix))
      if (!there(path, ".json"))
        return fail(ErrorKind::kInput, "recording has no .json beside it", path.string(),
                    std::string(kRestore));
  for (const auto& path : list_files(folder, ".json")) {
    const bool csv = there(path, ".csv"), wav = there(path, ".wav");
    if (!csv && !wav)
      return fail(ErrorKind::kInput, "recording has neither .csv nor .wav beside it", path.string(),
                  std::string(kRestore));
    if (csv && wav)
      return fail(ErrorKind::kInput, "recording has both .csv and .wav beside it", path.string(),
                  "delete the one that import did not write");
  }
  return {};
}

Result<Description> read_description(const std::filesystem::path& path) {
  MOTE_TRY(const Json json, read_json(path));
  MOTE_TRY(Description description, description_from(json, path.string()));
  if (description.id != path.stem() || description.label != path.parent_path().filename())
    return fail(
        ErrorKind::kInput,
        fmt::format("recording {} of label {} is in the wrong place", description.id, description.label),
        path.string(), fmt::format("move it to {}/{}", description.label, description.id));
  return description;
}

Result<void> check_count(const Recording& recording, std::int64_t samples, const std::string& path) {
  if (samples == recording.description.samples) return {};
  return fail(ErrorKind::kInput,
              fmt::format("recording has {} samples, its description says {}", samples,
                          recording.description.samples),
              path, std::string(kRestore));
}

/// The samples as they stand in a CSV file.
Result<void> take_csv(const std::string& content, const std::string& path, Recording& recording) {
  CsvOptions options;
  options.heading = true;
  MOTE_TRY(auto blocks, parse_csv(content, path, recording.description.sensor, options));
  if (blocks.size() != 1)
    return fail(ErrorKind::kInput, fmt::format("recording has {} captures, expected 1", blocks.size()), path,
                std::string(kRestore));
  recording.values = std::move(blocks.front().values);
  recording.time_ms = std::move(blocks.front().time);
  return check_count(recording, blocks.front().samples, path);
}

/// The samples as they stand in a WAV file.
Result<void> take_wav(const std::string& content, const std::string& path, Recording& recording) {
  const std::span bytes(reinterpret_cast<const std::uint8_t*>(content.data()), content.size());
  MOTE_TRY(auto wav, read_wav(bytes, path, recording.description.sensor, {}));
  recording.values = std::move(wav.captures.front().values);
  return check_count(recording, wav.captures.front().samples, path);
}

}  // namespace

std::filesystem::path samples_path(const project::Project& project, const Description& description) {
  return project.recordings() / description.label /
         (description.id + (description.storage == Storage::kWav ? ".wav" : ".csv"));
}

std::filesystem::path json_path(const project::Project& project, const Description& description) {
  return project.recordings() / description.label / (description.id + ".json");
}

Result<std::vector<Description>> read_descriptions(const project::Project& project) {
  std::vector<Description> descriptions;
  std::set<std::string> ids;
  for (const auto& folder : label_folders(project)) {
    MOTE_CHECK(check_pairs(folder));
    for (const auto& path : list_files(folder, ".json")) {
      MOTE_TRY(Description description, read_description(path));
      if (!ids.insert(description.id).second)
        return fail(ErrorKind::kInput, fmt::format("two recordings have the id {}", description.id),
                    path.string(), "delete one of them");
      descriptions.push_back(std::move(description));
    }
  }
  return descriptions;
}

Result<Recording> read_samples(const project::Project& project, const Description& description) {
  const std::string path = samples_path(project, description).string();
  MOTE_TRY(const std::string content, read_text(path));
  if (sha256(content) != description.file_sha256)
    return fail(ErrorKind::kInput, "recording was changed since it was imported (checksum)", path,
                std::string(kRestore));
  Recording recording{description, {}, {}};
  if (description.storage == Storage::kWav)
    MOTE_CHECK(take_wav(content, path, recording));
  else
    MOTE_CHECK(take_csv(content, path, recording));
  return recording;
}

Addition::Addition(const project::Project& project)
    : project_(project), root_(project.recordings()), folder_(root_ / kStagingFolder) {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);  // of an import that was killed
}

Addition::~Addition() {
  std::error_code ignored;
  for (const auto& path : moved_) std::filesystem::remove(path, ignored);
  std::filesystem::remove_all(folder_, ignored);
  std::filesystem::remove(root_, ignored);  // if it is empty
}

Result<void> Addition::write(const std::filesystem::path& target, std::string_view content) {
  targets_.push_back(target.lexically_relative(root_));
  return write_file(folder_ / targets_.back(), content);
}

Result<void> Addition::add(Recording& recording) {
  Description& description = recording.description;
  const bool audio = is_audio(description.sensor);
  description.storage = audio ? Storage::kWav : Storage::kCsv;
  std::string content;
  if (audio) {
    const auto rate_hz = static_cast<std::uint32_t>(std::max(1.0, std::round(description.sensor.rate_hz())));
    const auto bytes = to_wav(to_counts(recording.values, description.sensor), 1, rate_hz);
    content.assign(bytes.begin(), bytes.end());
  } else {
    content = to_csv(recording);
  }
  description.file_sha256 = sha256(content);
  MOTE_CHECK(write(samples_path(project_, description), content));
  return write(json_path(project_, description), to_json_text(to_json(description)));
}

Result<void> Addition::commit() {
  for (const auto& target : targets_) {
    std::error_code code;
    std::filesystem::create_directories((root_ / target).parent_path(), code);
    if (!code) std::filesystem::rename(folder_ / target, root_ / target, code);
    if (code)
      return fail(ErrorKind::kInternal, fmt::format("cannot be written: {}", code.message()),
                  (root_ / target).string(), "check that the folder is writable and has room");
    moved_.push_back(root_ / target);
  }
  moved_.clear();  // nothing to take back any more
  targets_.clear();
  return {};
}

}  // namespace mote::recordings
