// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "report/section.h"
#include "report/svg.h"

namespace mote::report::sections {
namespace {

Html curves(const Json& train, const char* what, bool percent_axis, std::string_view title) {
  Series training{"training", {}, {}}, validation{"validation", {}, {}};
  for (const Json& epoch : train.at("history")) {
    training.x.push_back(epoch.at("epoch").get<double>());
    validation.x.push_back(training.x.back());
    training.y.push_back(epoch.at(fmt::format("train_{}", what)).get<double>());
    validation.y.push_back(epoch.at(fmt::format("validation_{}", what)).get<double>());
  }
  const auto best = train.at("best_epoch").get<double>();
  LinePlot plot{.title = std::string(title),
                .x_label = "epoch",
                .y_label = what,
                .series = {training, validation},
                .markers = {{best, fmt::format("kept: epoch {:.0f}", best)}},
                .percent = percent_axis};
  return line_plot(plot);
}

Html normalization_table(const Json& train) {
  std::vector<std::vector<TableCell>> rows;
  for (const Json& axis : train.at("normalization"))
    rows.push_back(
        {{text(axis.at("axis").get<std::string>())},
         {text(fmt::format("{:.5g}", axis.at("mean").get<double>())), true},
         {text(fmt::format("{:.5g}", axis.at("standard_deviation").get<double>())), true},
         {text(fmt::format("(counts x {} {:+}) >> {}", axis.at("multiplier").get<std::int64_t>(),
                           axis.at("bias").get<std::int64_t>(), axis.at("shift").get<std::int64_t>())),
          true}});
  return table("Normalisation, from training recordings only",
               {{text("Axis")},
                {text("Mean"), true},
                {text("Standard deviation"), true},
                {text("On the device"), true}},
               rows);
}

Html render(const Evidence& evidence) {
  const Json& train = facts_of(evidence, "train");
  const Json& windows = train.at("windows");
  Html html = paragraph(fmt::format(
      "Architecture {}, {} parameters, seed {}, {} epochs; windows: {} for training, {} for validation, {} "
      "held out.",
      train.at("architecture").get<std::string>(), with_thousands(train.at("parameters").get<std::int64_t>()),
      train.at("seed").get<std::uint64_t>(), train.at("epochs_run").get<std::int64_t>(),
      with_thousands(windows.at("train").get<std::int64_t>()),
      with_thousands(windows.at("validation").get<std::int64_t>()),
      with_thousands(windows.at("test").get<std::int64_t>())));
  html += element("div", {{"class", "columns"}},
                  curves(train, "loss", false, "Loss by epoch") +
                      curves(train, "accuracy", true, "Window accuracy by epoch"));
  return html + element("h3", text("Normalisation")) + normalization_table(train);
}

}  // namespace

const Section training = {"training", "Training", {"train"}, render};

}  // namespace mote::report::sections
