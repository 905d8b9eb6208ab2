// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "report/section.h"
#include "report/svg.h"

namespace mote::report::sections {
namespace {

std::string agreement(const Json& stage) {
  const auto found = stage.find("agreement_with_previous");
  if (found == stage.end()) return "-";
  return fmt::format("{} of {}", found->at("equal").get<std::int64_t>(), found->at("of").get<std::int64_t>());
}

std::vector<TableCell> row(const Json& stage) {
  const Html name = element("strong", text(stage.at("title").get<std::string>())) + Html::literal("<br>") +
                    element("span", {{"class", "soft"}}, text(stage.at("verdict").get<std::string>()));
  const Html status = pill(stage.at("status").get<std::string>());
  if (!stage.contains("accuracy"))
    return {{name}, {text("-"), true}, {text("-")}, {text("-"), true}, {status}};
  const auto accuracy = stage.at("accuracy").get<double>();
  const Interval interval{stage.at("interval").at(0).get<double>(), stage.at("interval").at(1).get<double>()};
  const std::string range = fmt::format("{:.1f} ... {:.1f} %", 100 * interval.low, 100 * interval.high);
  return {{name},
          {element("strong", text(percent(accuracy))) + Html::literal("<br>") +
               element("span", {{"class", "soft"}},
                       text(fmt::format("{} of {}", stage.at("recordings_right").get<std::int64_t>(),
                                        stage.at("recordings_total").get<std::int64_t>()))),
           true},
          {interval_bar(accuracy, interval, fmt::format("{}, interval {}", percent(accuracy), range)) +
           element("span", {{"class", "soft"}}, text(range))},
          {text(agreement(stage)), true},
          {status}};
}

Html render(const Evidence& evidence) {
  const Json& diagnosis = facts_of(evidence, "diagnose");
  std::vector<std::vector<TableCell>> rows;
  for (const Json& stage : diagnosis.at("stages")) rows.push_back(row(stage));
  Html html = paragraph(
      "The same held-out recordings went through every form of the model. Accuracy counts recordings; "
      "agreement counts windows whose answer equals that of the stage above.");
  auto verdict = diagnosis.at("verdict").get<std::string>();
  if (!verdict.empty() && verdict[0] >= 'a' && verdict[0] <= 'z')
    verdict[0] = static_cast<char>(verdict[0] - 'a' + 'A');
  html += element("p", element("strong", text(verdict)));
  return html + table("",
                      {{text("Stage")},
                       {text("Accuracy"), true},
                       {text("95 % interval, 0 to 100 %")},
                       {text("Windows equal"), true},
                       {text("Verdict")}},
                      rows);
}

}  // namespace

const Section stages = {"stages", "From training to the device", {"diagnose"}, render};

}  // namespace mote::report::sections
