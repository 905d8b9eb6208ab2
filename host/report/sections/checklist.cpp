// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "report/section.h"

namespace mote::report::sections {
namespace {

Html render(const Evidence& evidence) {
  const Json& checklist = facts_of(evidence, "check");
  std::vector<std::vector<TableCell>> rows;
  for (const Json& item : checklist.at("items")) {
    Html words = element("strong", text(item.at("title").get<std::string>())) + Html::literal("<br>") +
                 element("span", {{"class", "soft"}}, text(item.at("evidence").get<std::string>()));
    if (item.at("status") != "pass")
      words += Html::literal("<br>") + element("span", text("To do: " + item.at("fix").get<std::string>()));
    rows.push_back({{pill(item.at("status").get<std::string>())}, {words}});
  }
  return table("", {{text("Status")}, {text("Item and evidence")}}, rows);
}

}  // namespace

const Section checklist = {"checklist", "Deployment checklist", {"check"}, render};

}  // namespace mote::report::sections
