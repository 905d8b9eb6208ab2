// SPDX-License-Identifier: Apache-2.0
#include "check/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "check/sign_off.h"
#include "core/files.h"

namespace mote::check {
namespace {

constexpr std::array kItems = {
#define MOTE_CHECK_ITEM(name) &items_list::name,
#include "check/items.def"
#undef MOTE_CHECK_ITEM
};

/// The README among the files that the firmware stage made.
std::string read_firmware_readme(const std::filesystem::path& root, const Evidence& evidence) {
  const auto& firmware = evidence.at("firmware").fact;
  if (!firmware) return "";
  for (const auto& [path, digest] : firmware->outputs.items())
    if (path.ends_with("README.md")) return read_text(root / path).value_or("");
  return "";
}

Finding judge(const Item& item, const Facts& facts) {
  try {
    return item.find(facts);
  } catch (const MissingFact& missing) {
    return {Status::kFail, missing.error.what, missing.error.hint};
  } catch (const nlohmann::json::exception& damage) {
    return {Status::kFail, fmt::format("a fact lacks what this item needs: {}", damage.what()),
            "run the stages again with this version of mote, from `mote train` on"};
  }
}

/// A recording that `mote data` has not seen changes the split as much as one that changed.
void add_new_recordings(const std::filesystem::path& root, Evidence& evidence) {
  auto& data = evidence.find("data")->second.fact;
  if (!data.has_value()) return;
  std::error_code ignored;
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root / "recordings", ignored)) {
    const std::string path = entry.path().lexically_proximate(root).generic_string();
    if (path.ends_with(".json") && !data->inputs.contains(path)) found.push_back(path + " is new");
  }
  std::ranges::sort(found);
  data->changed.insert(data->changed.end(), found.begin(), found.end());
}

}  // namespace

std::string_view to_string(Status status) {
  switch (status) {
    case Status::kPass:
      return "pass";
    case Status::kManual:
      return "manual";
    case Status::kNotEnoughData:
      return "not enough data";
    case Status::kFail:
      break;
  }
  return "fail";
}

const Json& Facts::of(std::string_view stage) const {
  const StageEvidence& entry = evidence.find(stage)->second;
  if (!entry.fact) throw MissingFact{*entry.problem};
  return entry.fact->facts;
}

std::span<const Item* const> items() {
  return kItems;
}

Facts collect(const std::filesystem::path& root) {
  Facts facts;
  facts.evidence = read_evidence(root);
  add_new_recordings(root, facts.evidence);
  facts.firmware_readme = read_firmware_readme(root, facts.evidence);
  auto sign_off = read_sign_off(root, "supply-voltage");
  if (sign_off.has_value())
    facts.supply_voltage = std::move(*sign_off);
  else
    facts.sign_off_problem = std::move(sign_off.error());
  return facts;
}

std::vector<CheckedItem> judge(const Facts& facts) {
  std::vector<CheckedItem> checked;
  for (const Item* item : kItems) {
    checked.push_back({item, judge(*item, facts)});
    Finding& finding = checked.back().finding;
    if (finding.fix.empty() && finding.status != Status::kPass) finding.fix = item->fix;
  }
  return checked;
}

bool passed(const std::vector<CheckedItem>& checked, bool release) {
  return std::ranges::all_of(checked, [&](const CheckedItem& entry) {
    return release ? entry.finding.status == Status::kPass : entry.finding.status != Status::kFail;
  });
}

Json to_json(const std::vector<CheckedItem>& checked, bool release) {
  Json list = Json::array();
  for (const auto& [item, finding] : checked)
    list.push_back({{"id", item->id},
                    {"title", item->title},
                    {"status", to_string(finding.status)},
                    {"evidence", finding.evidence},
                    {"fix", finding.fix}});
  return {{"items", list}, {"release", release}, {"passed", passed(checked, release)}};
}

Result<std::vector<CheckedItem>> run(const std::filesystem::path& root, bool release) {
  const Facts facts = collect(root);
  std::vector<CheckedItem> checked = judge(facts);
  std::vector<std::filesystem::path> inputs;
  for (const auto& [stage, entry] : facts.evidence)
    if (stage != "check" && !entry.sha256.empty()) inputs.emplace_back(entry.document);
  if (std::filesystem::exists(root / "signoff.toml")) inputs.emplace_back("signoff.toml");
  MOTE_CHECK(write_fact(root, {.stage = "check", .version = 1}, inputs, {}, to_json(checked, release)));
  return checked;
}

}  // namespace mote::check
