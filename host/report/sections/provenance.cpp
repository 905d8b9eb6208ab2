// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "report/section.h"

namespace mote::report::sections {
namespace {

constexpr std::size_t kFilesListed = 12;

Html code_row(std::string_view name, std::string_view digest) {
  return element("code", text(name)) + text(" ") + element("code", {{"class", "soft"}}, text(digest));
}

Html files(const Json& list) {
  if (list.empty()) return text("-");
  Html html;
  std::size_t shown = 0;
  for (const auto& [path, digest] : list.items()) {
    if (shown == kFilesListed) break;
    html += element("div", code_row(path, digest.get<std::string>().substr(0, 12)));
    ++shown;
  }
  if (list.size() > shown) html += element("div", text(fmt::format("and {} more", list.size() - shown)));
  return html;
}

Html render(const Evidence& evidence) {
  std::vector<std::vector<TableCell>> rows;
  for (const std::string_view stage : kStages) {
    const StageEvidence& entry = evidence.find(stage)->second;
    const std::string_view state = !entry.fact ? "not run" : entry.stale() ? "fail" : "pass";
    const Html name = element("strong", text(stage)) + Html::literal("<br>") +
                      (state == "fail"   ? pill("out of date")
                       : state == "pass" ? pill("pass")
                                         : pill("not run"));
    rows.push_back({{name},
                    {element("code", text(entry.sha256.empty() ? "-" : entry.sha256))},
                    {entry.fact ? files(entry.fact->inputs) : text("-")},
                    {entry.fact ? files(entry.fact->outputs) : text("-")}});
  }
  return paragraph(
             "Each stage names the SHA-256 of everything it read and made; a stage whose files changed since "
             "is refused.") +
         table("", {{text("Stage")}, {text("SHA-256 of its facts")}, {text("Made from")}, {text("Made")}},
               rows);
}

}  // namespace

const Section provenance = {"provenance", "Where this comes from", {}, render};

}  // namespace mote::report::sections
