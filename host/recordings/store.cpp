// SPDX-License-Identifier: Apache-2.0
#include "recordings/store.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <system_error>

#include "core/files.h"
#include "core/hash.h"
#include "recordings/csv.h"

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

/// Refuses a file of one kind without its twin of the other.
Result<void> check_pairs(const std::filesystem::path& folder) {
  for (const auto& [suffix, other] : {std::pair{".csv", ".json"}, std::pair{".json", ".csv"}})
    for (auto path : list_files(folder, suffix)) {
      const std::string file = path.string();
      std::error_code ignored;
      if (!std::filesystem::exists(path.replace_extension(other), ignored))
        return fail(ErrorKind::kInput, fmt::format("recording has no {} beside it", other), file,
                    std::string(kRestore));
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

/// Files that are written aside and appear together.
class Staging {
 public:
  explicit Staging(const project::Project& project)
      : root_(project.recordings()), folder_(root_ / kStagingFolder) {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);  // of an import that was killed
  }
  ~Staging() {
    std::error_code ignored;
    for (const auto& path : moved_) std::filesystem::remove(path, ignored);
    std::filesystem::remove_all(folder_, ignored);
  }
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  Result<void> write(const std::filesystem::path& target, std::string_view content) {
    targets_.push_back(target.lexically_relative(root_));
    return write_file(folder_ / targets_.back(), content);
  }

  Result<void> commit() {
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
    return {};
  }

 private:
  std::filesystem::path root_;
  std::filesystem::path folder_;
  std::vector<std::filesystem::path> targets_;
  std::vector<std::filesystem::path> moved_;
};

}  // namespace

std::filesystem::path csv_path(const project::Project& project, const Description& description) {
  return project.recordings() / description.label / (description.id + ".csv");
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
  const std::string path = csv_path(project, description).string();
  MOTE_TRY(const std::string text, read_text(path));
  if (sha256(text) != description.csv_sha256)
    return fail(ErrorKind::kInput, "recording was changed since it was imported (checksum)", path,
                std::string(kRestore));
  CsvOptions options;
  options.heading = true;
  MOTE_TRY(auto blocks, parse_csv(text, path, description.sensor, options));
  if (blocks.size() != 1 || blocks.front().samples != description.samples)
    return fail(ErrorKind::kInput,
                fmt::format("recording has {} captures and {} samples, its description says 1 and {}",
                            blocks.size(), blocks.front().samples, description.samples),
                path, std::string(kRestore));
  return Recording{description, std::move(blocks.front().values), std::move(blocks.front().time)};
}

Result<void> add_recordings(const project::Project& project, std::vector<Recording>& recordings) {
  Staging staging(project);
  for (auto& recording : recordings) {
    const std::string csv = to_csv(recording);
    recording.description.csv_sha256 = sha256(csv);
    MOTE_CHECK(staging.write(csv_path(project, recording.description), csv));
    MOTE_CHECK(staging.write(json_path(project, recording.description),
                             to_json_text(to_json(recording.description))));
  }
  return staging.commit();
}

}  // namespace mote::recordings
