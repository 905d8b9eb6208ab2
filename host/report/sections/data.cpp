// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <map>
#include <set>

#include "report/section.h"
#include "report/svg.h"

namespace mote::report::sections {
namespace {

constexpr std::size_t kMostSamples = 4096;  // drawn of one signal

/// One plot for each unit, so that degrees a second do not flatten g.
Html signal_plots(const std::string& label, const Json& signal) {
  const auto rate_hz = signal.at("rate_hz").get<double>();
  const auto units = signal.at("units").get<std::vector<std::string>>();
  std::vector<LinePlot> plots;
  for (std::size_t axis = 0; axis < signal.at("axes").size(); ++axis) {
    const std::string unit = axis < units.size() ? units[axis] : "";
    if (plots.empty() || plots.back().y_label != unit)
      plots.push_back({.title = fmt::format("{} ({})", label, signal.at("id").get<std::string>()),
                       .x_label = "seconds",
                       .y_label = unit,
                       .series = {}});
    Series line{
        signal["axes"][axis].get<std::string>(), {}, signal.at("values").at(axis).get<std::vector<double>>()};
    if (line.y.size() > kMostSamples) line.y.resize(kMostSamples);
    for (std::size_t sample = 0; sample < line.y.size(); ++sample)
      line.x.push_back(static_cast<double>(sample) / (rate_hz > 0 ? rate_hz : 1));
    plots.back().series.push_back(std::move(line));
  }
  Html html;
  for (const LinePlot& plot : plots) html += line_plot(plot);
  return html;
}

Html warnings(const Json& data) {
  Html html;
  for (const Json& warning : data.value("warnings", Json::array()))
    html += element("p", {{"class", "note"}}, text(warning.get<std::string>()));
  return html;
}

Html balance_table(const Json& data) {
  std::vector<std::vector<TableCell>> rows;
  for (const Json& name : data.at("labels")) {
    const auto label = name.get<std::string>();
    const Json& counts = data.at("balance").at(label);
    Html title = text(label);
    if (data.at("background") == label)
      title += text(" ") + element("span", {{"class", "soft"}}, text("(background)"));
    std::vector<TableCell> row = {{title}};
    for (const char* part : {"train", "validation", "test"})
      row.push_back({text(with_thousands(counts.at(part).get<std::int64_t>())), true});
    row.push_back({text(fmt::format("{:.1f}", counts.at("seconds").get<double>())), true});
    rows.push_back(row);
  }
  return table("Recordings by label and part",
               {{text("Label")},
                {text("Training"), true},
                {text("Validation"), true},
                {text("Held out"), true},
                {text("Seconds in all"), true}},
               rows);
}

/// What is known of the recordings of one session.
struct Session {
  std::set<std::string> parts, persons;
  std::int64_t recordings = 0, clipped = 0;
  double seconds = 0, rate_sum = 0;
  std::int64_t rates = 0;
};

std::string joined(const std::set<std::string>& words) {
  std::string result;
  for (const std::string& word : words) result += (result.empty() ? "" : ", ") + word;
  return result.empty() ? "-" : result;
}

std::string part_name(const std::string& part) {
  return part == "train" ? "training" : part == "test" ? "held out" : part;
}

Html session_table(const Json& data) {
  std::map<std::string, Session> sessions;
  for (const Json& recording : data.at("recordings")) {
    Session& session = sessions[recording.at("session").get<std::string>()];
    session.parts.insert(part_name(recording.at("split").get<std::string>()));
    if (recording.at("person").is_string()) session.persons.insert(recording["person"].get<std::string>());
    ++session.recordings;
    session.clipped += recording.at("clipped_fraction").get<double>() > 0 ? 1 : 0;
    session.seconds += recording.at("seconds").get<double>();
    if (!recording.at("rate_hz_measured").is_number()) continue;
    session.rate_sum += recording["rate_hz_measured"].get<double>();
    ++session.rates;
  }
  std::vector<std::vector<TableCell>> rows;
  for (const auto& [name, session] : sessions) {
    const std::string rate =
        session.rates > 0 ? fmt::format("{:.2f} Hz", session.rate_sum / static_cast<double>(session.rates))
                          : "-";
    rows.push_back({{text(name)},
                    {text(joined(session.persons))},
                    {text(with_thousands(session.recordings)), true},
                    {text(fmt::format("{:.1f}", session.seconds)), true},
                    {text(rate), true},
                    {text(with_thousands(session.clipped)), true},
                    {text(joined(session.parts))}});
  }
  return table("Sessions",
               {{text("Session")},
                {text("Persons")},
                {text("Recordings"), true},
                {text("Seconds"), true},
                {text("Measured rate"), true},
                {text("Clipped"), true},
                {text("Used for")}},
               rows);
}

std::string split_sentence(const std::string& split_by) {
  if (split_by == "session")
    return "The latest sessions are held out: nothing recorded in them was used for training.";
  if (split_by == "person")
    return "Whole persons are held out: nobody in the held-out part was seen in training.";
  if (split_by == "given")
    return "The data set itself says which recordings are held out; see its description for what separates "
           "them.";
  return "The last captures of each label are held out. They come from the same sessions as the training "
         "part, so that the "
         "accuracy says little about another day or another person.";
}

Html render(const Evidence& evidence) {
  const Json& data = facts_of(evidence, "data");
  Html plots;
  for (const Json& name : data.at("labels"))
    if (const auto found = data.at("signals").find(name.get<std::string>()); found != data["signals"].end())
      plots += signal_plots(name.get<std::string>(), *found);
  return paragraph(split_sentence(data.at("split_by").get<std::string>())) + warnings(data) +
         balance_table(data) + session_table(data) +
         element("h3", text("A typical training recording of each class")) +
         element("div", {{"class", "columns"}}, plots);
}

}  // namespace

const Section data = {"data", "Recordings", {"data"}, render};

}  // namespace mote::report::sections
