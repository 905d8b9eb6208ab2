// SPDX-License-Identifier: Apache-2.0
#include "bench/comparison.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>

#include "core/files.h"

namespace mote::bench {
namespace {

namespace fs = std::filesystem;

template <class A, class B>
bool same_subject(const A& a, const B& b) {
  return a.model == b.model && a.board == b.board && a.optimize == b.optimize;
}

Result<std::string> text_field(const toml::table& table, std::string_view key, const std::string& where) {
  const auto value = table[key].value<std::string>();
  if (!value || value->empty())
    return fail(ErrorKind::kInput, fmt::format("'{}' is missing or no text", key), where,
                "an entry has model, board, optimize, instructions and reason");
  return *value;
}

Result<Accepted> accepted_from(const toml::table& table, const std::string& where) {
  Accepted entry;
  MOTE_TRY(entry.model, text_field(table, "model", where));
  MOTE_TRY(entry.board, text_field(table, "board", where));
  MOTE_TRY(entry.optimize, text_field(table, "optimize", where));
  MOTE_TRY(entry.reason, text_field(table, "reason", where));
  const auto instructions = table["instructions"].value<std::int64_t>();
  if (!instructions) return fail(ErrorKind::kInput, "'instructions' is missing or no number", where);
  entry.instructions = *instructions;
  return entry;
}

}  // namespace

double Change::ratio() const {
  return static_cast<double>(after.instructions) /
         static_cast<double>(std::max<std::int64_t>(before.instructions, 1));
}

Result<Recorded> recorded_from(const Json& json, std::string_view where) {
  Recorded recorded;
  MOTE_TRY(recorded.model, json_field<std::string>(json, "model", where));
  MOTE_TRY(recorded.board, json_field<std::string>(json, "board", where));
  MOTE_TRY(recorded.optimize, json_field<std::string>(json, "optimize", where));
  MOTE_TRY(recorded.instructions, json_field<std::int64_t>(json, "instructions", where));
  MOTE_TRY(recorded.code_bytes, json_field<std::int64_t>(json, "code_bytes", where));
  MOTE_TRY(recorded.ram_bytes, json_field<std::int64_t>(json, "ram_bytes", where));
  return recorded;
}

Result<std::vector<Recorded>> read_recorded(const fs::path& path) {
  std::error_code ignored;
  const std::vector<fs::path> files =
      fs::is_directory(path, ignored) ? list_files(path, ".json") : std::vector<fs::path>{path};
  if (files.empty())
    return fail(ErrorKind::kInput, "the folder holds no recorded results (*.json)", path.string(),
                "`mote bench MODEL --board B --json > FOLDER/NAME.json` records one");
  std::vector<Recorded> all;
  for (const fs::path& file : files) {
    MOTE_TRY(const Json json, read_json(file));
    MOTE_TRY(Recorded recorded, recorded_from(json, file.string()));
    all.push_back(std::move(recorded));
  }
  return all;
}

Result<std::vector<Accepted>> parse_accepted(std::string_view toml, std::string_view where) {
  toml::table document;
  try {
    document = toml::parse(toml, where);
  } catch (const toml::parse_error& error) {
    return fail(ErrorKind::kInput, std::string(error.description()),
                fmt::format("{}:{}", where, error.source().begin.line));
  }
  std::vector<Accepted> all;
  const toml::array* entries = document["accepted"].as_array();
  if (entries == nullptr) return all;
  for (const toml::node& node : *entries) {
    const std::string place = fmt::format("{}:{}", where, node.source().begin.line);
    if (!node.is_table())
      return fail(ErrorKind::kInput, "'accepted' holds something else than tables", place);
    MOTE_TRY(Accepted entry, accepted_from(*node.as_table(), place));
    all.push_back(std::move(entry));
  }
  return all;
}

std::vector<Change> compare(const std::vector<Recorded>& before, const std::vector<Recorded>& after,
                            const std::vector<Accepted>& accepted) {
  std::vector<Change> changes;
  for (const Recorded& now : after) {
    const auto then =
        std::ranges::find_if(before, [&](const Recorded& old) { return same_subject(old, now); });
    if (then == before.end()) continue;
    Change change{*then, now, false, ""};
    change.is_loss = change.ratio() > 1 + kAllowedGrowth;
    for (const Accepted& entry : accepted)
      if (change.is_loss && same_subject(entry, now) && entry.instructions == now.instructions)
        change.accepted = entry.reason;
    changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace mote::bench
