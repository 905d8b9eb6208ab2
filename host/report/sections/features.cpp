// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "report/image.h"
#include "report/section.h"

namespace mote::report::sections {
namespace {

Html block_table(const Json& features) {
  std::vector<std::vector<TableCell>> rows;
  for (const Json& block : features.at("blocks"))
    rows.push_back({{text(block.at("block").get<std::string>())},
                    {text(fmt::format("{} {}", block.at("output").get<std::string>(),
                                      block.at("element").get<std::string>()))},
                    {text(fmt::format("{:.6g}", block.at("frames_hz").get<double>())), true},
                    {text(with_thousands(block.at("state_bytes").get<std::int64_t>())), true},
                    {text(with_thousands(block.at("scratch_bytes").get<std::int64_t>())), true}});
  return table("Blocks from sample to feature",
               {{text("Block")},
                {text("Gives")},
                {text("Per second"), true},
                {text("State, bytes"), true},
                {text("Scratch, bytes"), true}},
               rows);
}

Html picture(const std::string& label, std::string_view what, const Json& facts, const std::string& id) {
  const auto seconds = facts.at("seconds").get<double>();
  return heat_map(fmt::format("{} of {}", what, label),
                  fmt::format("{}, {} of {} ({:.3g} s, dark is large)", label, what, id, seconds),
                  facts.at("width").get<std::int32_t>(), facts.at("height").get<std::int32_t>(),
                  facts.at("pixels").get<std::vector<std::uint8_t>>());
}

Html render(const Evidence& evidence) {
  const Json& facts = facts_of(evidence, "features");
  if (facts.at("blocks").empty())
    return paragraph("The model looks at the samples themselves; each axis is normalised.");
  Html html = block_table(facts);
  html += paragraph(
      fmt::format("A row of {} features {:.6g} times a second; a window is {} rows. The device needs {} of "
                  "state and {} of work "
                  "area for it. The same code computes the features here and on the device.",
                  facts.at("columns").size(), facts.at("rows_hz").get<double>(),
                  facts.at("window_rows").get<std::int64_t>(), bytes(facts.at("state_bytes").get<double>()),
                  bytes(facts.at("work_bytes").get<double>())));
  for (const auto& [label, pictures] : facts.at("pictures").items()) {
    const auto id = pictures.at("id").get<std::string>();
    Html row;
    if (pictures.contains("spectrogram")) row += picture(label, "spectrogram", pictures["spectrogram"], id);
    row += picture(label, "features", pictures.at("features"), id);
    html += element("div", {{"class", "pictures"}}, row);
  }
  return html;
}

}  // namespace

const Section features = {"features", "Features", {"features"}, render};

}  // namespace mote::report::sections
