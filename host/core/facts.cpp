// SPDX-License-Identifier: Apache-2.0
#include "core/facts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/files.h"
#include "core/hash.h"
#include "core/version.h"

namespace mote {
namespace {

std::string schema_name(const FactSchema& schema) {
  return fmt::format("mote.{}/{}", schema.stage, schema.version);
}

Result<Json> hashes(const std::filesystem::path& project, const std::vector<std::filesystem::path>& files) {
  Json result = Json::object();
  for (const auto& file : files) {
    const auto absolute = file.is_absolute() ? file : project / file;
    MOTE_TRY(const std::string digest, sha256_of_file(absolute));
    result[absolute.lexically_normal().lexically_proximate(project.lexically_normal()).generic_string()] =
        digest;
  }
  return result;
}

Result<Json> read_document(const std::filesystem::path& project, const FactSchema& schema) {
  const auto path = fact_path(project, schema.stage);
  if (!std::filesystem::exists(path))
    return fail(ErrorKind::kUsage, fmt::format("the stage '{}' has not run yet", schema.stage), path.string(),
                fmt::format("run `mote {}` first", schema.stage));
  MOTE_TRY(Json document, read_json(path));
  const std::string rerun = fmt::format("run `mote {}` again", schema.stage);
  MOTE_TRY(const auto found, json_field<std::string>(document, "schema", path.string()));
  if (found != schema_name(schema))
    return fail(ErrorKind::kInput, fmt::format("schema is '{}', expected '{}'", found, schema_name(schema)),
                path.string(), rerun);
  for (const char* part : {"inputs", "outputs", "facts"})
    if (!document.contains(part) || !document[part].is_object())
      return fail(ErrorKind::kInput, fmt::format("'{}' is missing", part), path.string(), rerun);
  return document;
}

std::vector<std::string> changed(const std::filesystem::path& project, const Json& document) {
  std::vector<std::string> files;
  for (const char* part : {"inputs", "outputs"}) {
    for (const auto& [path, digest] : document[part].items()) {
      const auto now = sha256_of_file(project / path);
      if (!now.has_value() || digest != *now) files.push_back(path);
    }
  }
  return files;
}

}  // namespace

std::filesystem::path fact_path(const std::filesystem::path& project, std::string_view stage) {
  return project / "run" / fmt::format("{}.json", stage);
}

Result<void> write_fact(const std::filesystem::path& project, const FactSchema& schema,
                        const std::vector<std::filesystem::path>& inputs,
                        const std::vector<std::filesystem::path>& outputs, const Json& facts) {
  MOTE_TRY(Json input_hashes, hashes(project, inputs));
  MOTE_TRY(Json output_hashes, hashes(project, outputs));
  const Json document = {{"schema", schema_name(schema)},
                         {"made_by", fmt::format("mote {}", kVersion)},
                         {"inputs", std::move(input_hashes)},
                         {"outputs", std::move(output_hashes)},
                         {"facts", facts}};
  return write_file(fact_path(project, schema.stage), to_json_text(document));
}

Result<Json> read_fact(const std::filesystem::path& project, const FactSchema& schema) {
  MOTE_TRY(Json document, read_document(project, schema));
  if (const auto files = changed(project, document); !files.empty()) {
    return fail(
        ErrorKind::kFinding,
        fmt::format("stale: {} changed since the stage '{}' ran", fmt::join(files, ", "), schema.stage),
        fact_path(project, schema.stage).string(), fmt::format("run `mote {}` again", schema.stage));
  }
  return std::move(document["facts"]);
}

Result<Fact> read_whole_fact(const std::filesystem::path& project, const FactSchema& schema) {
  MOTE_TRY(Json document, read_document(project, schema));
  std::vector<std::string> files = changed(project, document);
  return Fact{std::move(document["facts"]), std::move(document["inputs"]), std::move(document["outputs"]),
              std::move(files)};
}

Result<std::vector<std::string>> stale_files(const std::filesystem::path& project, const FactSchema& schema) {
  MOTE_TRY(const Json document, read_document(project, schema));
  return changed(project, document);
}

}  // namespace mote
