// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "core/statistics.h"
#include "report/section.h"
#include "report/svg.h"

namespace mote::report::sections {
namespace {

Html box(std::int64_t count, std::int64_t row_total, bool diagonal) {
  const double share = row_total > 0 ? static_cast<double>(count) / static_cast<double>(row_total) : 0;
  if (count == 0) return element("span", {{"class", "box soft"}}, text("0"));
  const std::string background =
      diagonal
          ? fmt::format("background:color-mix(in srgb,#0a6b3d {:.0f}%,#2f8f63)", 100 * share)
          : fmt::format("background:color-mix(in srgb,var(--bad-back) {:.0f}%,var(--card))", 40 + 60 * share);
  return element("span", {{"class", diagonal ? "box right" : "box wrong"}, {"style", background}},
                 text(with_thousands(count)));
}

Html confusion_matrix(const Json& confusion, const std::vector<std::string>& labels) {
  Html head = element("th", {{"scope", "col"}}, text("true \\ said"));
  for (const std::string& label : labels) head += element("th", {{"scope", "col"}}, text(label));
  Html body;
  for (std::size_t truth = 0; truth < confusion.size(); ++truth) {
    std::int64_t total = 0;
    for (const Json& count : confusion[truth]) total += count.get<std::int64_t>();
    Html cells = element("th", {{"scope", "row"}}, text(labels.at(truth)));
    for (std::size_t said = 0; said < confusion[truth].size(); ++said)
      cells += element("td", box(confusion[truth][said].get<std::int64_t>(), total, truth == said));
    body += element("tr", cells);
  }
  return element(
      "div", {{"class", "scroll"}, {"tabindex", "0"}},
      element(
          "table", {{"class", "confusion"}},
          element("caption", text("Recordings: rows are what was recorded, columns what the model said")) +
              element("thead", element("tr", head)) + element("tbody", body)));
}

/// How many of a class's recordings were recognised, and how many of those called it were it.
Html class_table(const Json& confusion, const std::vector<std::string>& labels) {
  std::vector<std::vector<TableCell>> rows;
  for (std::size_t label = 0; label < confusion.size(); ++label) {
    std::int64_t truth = 0, said = 0;
    for (std::size_t other = 0; other < confusion.size(); ++other) {
      truth += confusion[label].at(other).get<std::int64_t>();
      said += confusion[other].at(label).get<std::int64_t>();
    }
    const auto right = confusion[label].at(label).get<std::int64_t>();
    if (right < 0 || right > truth || right > said) continue;  // no confusion matrix
    const auto share = [](std::int64_t part, std::int64_t whole) {
      return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0.0;
    };
    const Interval interval = clopper_pearson(right, truth);
    rows.push_back(
        {{text(labels.at(label))},
         {text(fmt::format("{} of {}", right, truth)), true},
         {interval_bar(share(right, truth), interval,
                       fmt::format("{} recognised, interval {} ... {}", percent(share(right, truth)),
                                   percent(interval.low), percent(interval.high)))},
         {text(fmt::format("{} of {}", right, said)), true}});
  }
  return table(
      "By class",
      {{text("Class")}, {text("Recognised"), true}, {text("95 % interval")}, {text("Right when said"), true}},
      rows);
}

Html wrong_recordings(const Json& recordings) {
  std::vector<std::vector<TableCell>> rows;
  for (const Json& recording : recordings) {
    if (recording.at("label") == recording.at("predicted")) continue;
    rows.push_back({{element("code", text(recording.at("id").get<std::string>()))},
                    {text(recording.at("label").get<std::string>())},
                    {text(recording.at("predicted").get<std::string>())},
                    {text(fmt::format("{} of {}", recording.at("windows_right").get<int>(),
                                      recording.at("windows").get<int>())),
                     true}});
  }
  if (rows.empty()) return paragraph("Every held-out recording was recognised.");
  constexpr std::size_t kShown = 12;
  const std::size_t all = rows.size();
  rows.resize(std::min(all, kShown));
  return table(
      all > kShown ? fmt::format("Recordings that were mistaken (the first {} of {})", kShown, all)
                   : std::string("Recordings that were mistaken"),
      {{text("Recording")}, {text("Recorded as")}, {text("Taken for")}, {text("Windows right"), true}}, rows);
}

Html render(const Evidence& evidence) {
  const Json* const diagnosis = find_facts(evidence, "diagnose");
  const Json& evaluation =
      diagnosis != nullptr ? last_stage(*diagnosis) : facts_of(evidence, "train").at("test");
  const auto labels = facts_of(evidence, "data").at("labels").get<std::vector<std::string>>();
  const std::string source =
      diagnosis != nullptr ? evaluation.at("title").get<std::string>() : "trained network";
  return paragraph(fmt::format(
             "Held-out recordings, as recognised by: {}. A recording counts for the class with the largest "
             "summed confidence over its windows.",
             source)) +
         element("div", {{"class", "columns"}},
                 element("div", confusion_matrix(evaluation.at("confusion"), labels)) +
                     element("div", class_table(evaluation.at("confusion"), labels))) +
         wrong_recordings(evaluation.at("recordings"));
}

}  // namespace

const Section results = {"results", "Held-out recordings", {"data", "train"}, render};

}  // namespace mote::report::sections
