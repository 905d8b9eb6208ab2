// SPDX-License-Identifier: Apache-2.0
#include "recordings/labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "core/json.h"
#include "core/text.h"

namespace mote::recordings {
namespace {

constexpr std::size_t kMaxFiles = 200'000;
constexpr std::int64_t kVersion = 1;

std::unexpected<Error> refuse(std::string what, const std::string& where) {
  return fail(ErrorKind::kInput, std::move(what), where);
}

/// A path from outside that stays below the folder it is looked up in.
Result<std::string> path_below(const std::string& path, const std::string& where) {
  const std::filesystem::path parts(path);
  bool below = !path.empty() && path.size() <= 1024 && parts.is_relative();
  for (const auto& part : parts) below = below && part != "..";
  for (const char c : path) below = below && static_cast<unsigned char>(c) >= ' ' && c != '\\' && c != 0x7F;
  if (below) return path;
  return refuse(fmt::format("path '{}' is none below the folder", escape_comment(path.substr(0, 60))), where);
}

/// Entries {startIndex, endIndex, label}, inclusive, as runs.
Result<SampleLabels> ranges_from(const Json& entries, const std::string& where) {
  SampleLabels labels;
  if (!entries.is_array() || entries.empty()) return refuse("has no ranges of samples", where);
  for (const auto& entry : entries) {
    const std::string here = fmt::format("{}[{}]", where, labels.runs.size());
    MOTE_TRY(const auto start, json_field<std::int64_t>(entry, "startIndex", here));
    MOTE_TRY(const auto end, json_field<std::int64_t>(entry, "endIndex", here));
    MOTE_TRY(auto label, json_field<std::string>(entry, "label", here));
    if (start != labels.samples || end < start || end > kMaxFileValues)
      return refuse(fmt::format("samples {} to {} do not follow sample {}: every sample needs one label",
                                start, end, labels.samples - 1),
                    here);
    labels.runs.push_back({std::move(label), start});
    labels.samples = end + 1;
  }
  return labels;
}

Result<void> check_version(const Json& json, const std::string& where) {
  MOTE_TRY(const auto version, json_field<std::int64_t>(json, "version", where));
  if (version == kVersion) return {};
  return refuse(fmt::format("has version {}, expected {}", version, kVersion), where);
}

Result<LabelledFile> file_from(const Json& entry, const std::string& where) {
  LabelledFile file;
  MOTE_TRY(const auto path, json_field<std::string>(entry, "path", where));
  MOTE_TRY(file.path, path_below(path, where));
  MOTE_TRY(file.category, json_field<std::string>(entry, "category", where));
  if (file.category != "training" && file.category != "testing" && file.category != "split")
    return refuse(fmt::format("category is '{}', expected training, testing or split",
                              escape_comment(file.category.substr(0, 40))),
                  where);
  MOTE_TRY(const auto label, json_field<Json>(entry, "label", where));
  MOTE_TRY(const auto type, json_field<std::string>(label, "type", where));
  if (type == "label") {
    MOTE_TRY(file.label, json_field<std::string>(label, "label", where));
  }
  if (type == "multi-label") {
    MOTE_TRY(const auto ranges, json_field<Json>(label, "labels", where));
    MOTE_TRY(file.samples, ranges_from(ranges, where + ".labels"));
  }
  if (const auto metadata = entry.find("metadata"); metadata != entry.end() && metadata->is_object())
    for (const auto& [key, value] : metadata->items())
      if (value.is_string()) file.metadata[key] = value.get<std::string>();
  return file;
}

Json label_json(const LabelledFile& file) {
  if (!file.label.empty()) return {{"type", "label"}, {"label", file.label}};
  if (file.samples.runs.empty()) return {{"type", "unlabeled"}};
  Json ranges = Json::array();
  for (std::size_t run = 0; run < file.samples.runs.size(); ++run) {
    const std::int64_t end =
        run + 1 < file.samples.runs.size() ? file.samples.runs[run + 1].first_sample : file.samples.samples;
    ranges.push_back({{"startIndex", file.samples.runs[run].first_sample},
                      {"endIndex", end - 1},
                      {"label", file.samples.runs[run].label}});
  }
  return {{"type", "multi-label"}, {"labels", std::move(ranges)}};
}

}  // namespace

Result<std::vector<LabelledFile>> parse_info_labels(std::string_view text, std::string_view where) {
  const std::string place(where);
  MOTE_TRY(const Json json, parse_json(text, where));
  MOTE_CHECK(check_version(json, place));
  const auto entries = json.find("files");
  if (entries == json.end() || !entries->is_array()) return refuse("has no list 'files'", place);
  if (entries->size() > kMaxFiles)
    return refuse(fmt::format("lists {} files, at most {} are read", entries->size(), kMaxFiles), place);
  std::vector<LabelledFile> files;
  std::set<std::string> paths;
  for (const auto& entry : *entries) {
    const std::string here = fmt::format("{}:files[{}]", where, files.size());
    MOTE_TRY(LabelledFile file, file_from(entry, here));
    if (!paths.insert(file.path).second)
      return refuse(fmt::format("path '{}' is there twice", escape_comment(file.path)), here);
    files.push_back(std::move(file));
  }
  return files;
}

std::string to_info_labels(const std::vector<LabelledFile>& files) {
  Json entries = Json::array();
  for (const auto& file : files)
    entries.push_back({{"path", file.path},
                       {"name", std::filesystem::path(file.path).stem().string()},
                       {"category", file.category},
                       {"label", label_json(file)},
                       {"metadata", file.metadata},
                       {"boundingBoxes", Json::array()}});
  return to_json_text({{"version", kVersion}, {"files", std::move(entries)}});
}

Result<std::map<std::string, SampleLabels>> parse_structured_labels(std::string_view text,
                                                                    std::string_view where) {
  const std::string place(where);
  MOTE_TRY(const Json json, parse_json(text, where));
  MOTE_CHECK(check_version(json, place));
  MOTE_TRY(const auto type, json_field<std::string>(json, "type", where));
  if (type != "structured-labels")
    return refuse(
        fmt::format("has type '{}', expected structured-labels", escape_comment(type.substr(0, 40))), place);
  const auto entries = json.find("structuredLabels");
  if (entries == json.end() || !entries->is_object())
    return refuse("has no object 'structuredLabels'", place);
  std::map<std::string, SampleLabels> files;
  for (const auto& [name, ranges] : entries->items()) {
    MOTE_TRY(files[name],
             ranges_from(ranges, fmt::format("{}:{}", where, escape_comment(name.substr(0, 60)))));
  }
  return files;
}

}  // namespace mote::recordings
