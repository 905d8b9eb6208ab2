// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "check/item.h"
#include "core/error.h"
#include "core/json.h"

namespace mote::check {

/// The checklist in the order of items.def.
std::span<const Item* const> items();

/// An item and what was found.
struct CheckedItem {
  const Item* item = nullptr;
  Finding finding;
};

/// Collects the facts of the project in `root`. Never fails: what is missing is for the items to find.
Facts collect(const std::filesystem::path& root);

/// Judges every item. An item whose facts are missing or damaged fails and names the stage to run.
std::vector<CheckedItem> judge(const Facts& facts);

/// Whether a build may go on: nothing failed; for a `release` also everything signed off and enough data.
bool passed(const std::vector<CheckedItem>& checked, bool release);

/// The facts of the stage, see the schema of check.json.
Json to_json(const std::vector<CheckedItem>& checked, bool release);

/// Judges the project in `root` and writes its check.json, made from the facts of the other stages.
/// Errors: the fact cannot be written.
Result<std::vector<CheckedItem>> run(const std::filesystem::path& root, bool release);

/// docs/reference/checklist.md, made from the items' own words.
std::string reference_page();

}  // namespace mote::check
