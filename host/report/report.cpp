// SPDX-License-Identifier: Apache-2.0
#include "report/report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "core/files.h"
#include "core/version.h"
#include "report/section.h"
#include "report/style.h"

namespace mote::report {
namespace {

const std::array kSections = {
#define MOTE_REPORT_SECTION(name) &sections::name,
#include "report/sections.def"
#undef MOTE_REPORT_SECTION
};

Html note(std::string_view words) {
  return element("p", {{"class", "note"}}, text(words));
}

/// Why a section cannot be shown, empty if it can.
Html obstacle(const Section& section, const Evidence& evidence) {
  for (const std::string_view stage : section.stages) {
    const StageEvidence& entry = evidence.find(stage)->second;
    if (!entry.fact)
      return note(fmt::format("Not here yet: {} - {}", entry.problem->what, entry.problem->hint));
    if (entry.stale())
      return note(fmt::format("Out of date: {} changed since the stage '{}' ran - run `mote {}` again",
                              fmt::join(entry.fact->changed, ", "), stage, stage));
  }
  return {};
}

Html content_of(const Section& section, const Evidence& evidence) {
  Html reason = obstacle(section, evidence);
  if (!reason.empty()) return reason;
  try {
    return section.render(evidence);
  } catch (const nlohmann::json::exception& damage) {
    return note(
        fmt::format("A fact that belongs here cannot be read ({}); run the stages again with this version of "
                    "mote",
                    damage.what()));
  }
}

Html render(const Section& section, const Evidence& evidence) {
  return element("section", {{"id", section.id}},
                 element("h2", text(section.title)) + content_of(section, evidence));
}

/// A text field of a fact, or `otherwise`.
std::string field(const Json* facts, const char* key, std::string_view otherwise) {
  if (facts == nullptr || !facts->is_object()) return std::string(otherwise);
  const auto found = facts->find(key);
  return found != facts->end() && found->is_string() ? found->get<std::string>() : std::string(otherwise);
}

Html header(const Evidence& evidence) {
  const Json* const model = find_facts(evidence, "compile");
  const Json* const firmware = find_facts(evidence, "firmware");
  Html facts;
  const auto add = [&](std::string_view name, std::string_view value) {
    facts += element("div", element("dt", text(name)) + element("dd", text(value)));
  };
  add("version", field(model, "version", "not compiled yet"));
  add("date", field(model, "date", "-"));
  add("content hash", field(model, "content_hash", "-").substr(0, 16));
  add("board", field(firmware, "board", "no firmware yet"));
  return element("header", element("p", {{"class", "brand"}}, text("Mote report")) +
                               element("h1", text(field(model, "model", "model"))) +
                               element("dl", {{"class", "identity"}}, facts));
}

Html navigation() {
  Html links;
  for (const Section* section : kSections)
    links += element("a", {{"href", std::string("#") + section->id}}, text(section->title));
  return element("nav", {{"aria-label", "Parts of this report"}}, links);
}

}  // namespace

std::string page(const Evidence& evidence) {
  Html body = header(evidence) + navigation();
  Html parts;
  for (const Section* section : kSections) parts += render(*section, evidence);
  body += element("main", parts);
  body += element(
      "footer", text(fmt::format("Made by mote {} from the facts in run/. Intervals are exact 95 % intervals "
                                 "(Clopper-Pearson); the unit is the recording, because windows overlap.",
                                 kVersion)));
  const Html head =
      Html::literal(
          "<meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, "
          "initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">") +
      element("title", text(field(find_facts(evidence, "compile"), "model", "model") + " - Mote report")) +
      style_sheet();
  return "<!DOCTYPE html>\n" +
         element("html", {{"lang", "en"}}, element("head", head) + element("body", body)).str() + "\n";
}

Result<void> write(const std::filesystem::path& root, const std::filesystem::path& file) {
  const Evidence evidence = read_evidence(root);
  if (std::ranges::none_of(evidence, [](const auto& entry) { return entry.second.fact.has_value(); }))
    return fail(ErrorKind::kUsage, "no stage has run yet", fact_path(root, "data").parent_path().string(),
                "run `mote data` first");
  return write_file(file, page(evidence));
}

}  // namespace mote::report
