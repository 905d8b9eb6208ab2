// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/section.h"
#include "report/svg.h"

namespace mote::report::sections {
namespace {

constexpr int kSteps = 256;

/// What the windows of an evaluation do at every threshold of 0 ... 255 in 1/256.
struct Curve {
  std::int64_t windows = 0;
  std::vector<std::int64_t> decided = std::vector<std::int64_t>(kSteps);
  std::vector<std::int64_t> right = std::vector<std::int64_t>(kSteps);
};

Curve curve_of(const Json& evaluation, const std::vector<std::string>& labels) {
  Curve curve;
  for (const Json& recording : evaluation.at("recordings")) {
    const auto label = recording.at("label").get<std::string>();
    const auto classes = recording.at("window_classes").get<std::vector<std::size_t>>();
    const auto confidences = recording.at("window_confidences").get<std::vector<double>>();
    for (std::size_t window = 0; window < std::min(classes.size(), confidences.size()); ++window) {
      ++curve.windows;
      const bool right = classes[window] < labels.size() && labels[classes[window]] == label;
      for (int step = 0; step < kSteps && step <= confidences[window]; ++step) {
        ++curve.decided[static_cast<std::size_t>(step)];
        if (right) ++curve.right[static_cast<std::size_t>(step)];
      }
    }
  }
  return curve;
}

double share(std::int64_t part, std::int64_t whole) {
  return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : std::nan("");
}

LinePlot plot_of(const Curve& curve) {
  Series decided{"windows decided", {}, {}}, right{"right among those decided", {}, {}},
      wrong{"decided wrongly, of all windows", {}, {}};
  for (std::size_t step = 0; step < kSteps; ++step) {
    const double threshold = static_cast<double>(step) / kSteps;
    for (Series* line : {&decided, &right, &wrong}) line->x.push_back(threshold);
    decided.y.push_back(share(curve.decided[step], curve.windows));
    right.y.push_back(share(curve.right[step], curve.decided[step]));
    wrong.y.push_back(share(curve.decided[step] - curve.right[step], curve.windows));
  }
  return {.title = "Held-out windows by confidence threshold",
          .x_label = "threshold",
          .y_label = "share of windows",
          .series = {decided, right, wrong},
          .y_range = Interval{0, 1.001},
          .percent = true,
          .height = 260};
}

Html sentence(const Curve& curve, std::size_t threshold) {
  return paragraph(fmt::format(
      "At the chosen threshold of {:.2f} the model decides {} of the windows and is right in {} of those; "
      "the rest is "
      "`uncertain`. Windows overlap, so these shares describe behaviour; they are no independent trials.",
      static_cast<double>(threshold) / kSteps, percent(share(curve.decided[threshold], curve.windows)),
      curve.decided[threshold] > 0 ? percent(share(curve.right[threshold], curve.decided[threshold]))
                                   : "none"));
}

Html render(const Evidence& evidence) {
  const Json* const diagnosis = find_facts(evidence, "diagnose");
  const Json& evaluation =
      diagnosis != nullptr ? last_stage(*diagnosis) : facts_of(evidence, "train").at("test");
  const Curve curve =
      curve_of(evaluation, facts_of(evidence, "data").at("labels").get<std::vector<std::string>>());
  LinePlot plot = plot_of(curve);
  const Json* const model = find_facts(evidence, "compile");
  if (model == nullptr || !model->contains("threshold_q8"))
    return paragraph("The threshold is chosen when the model is compiled.") +
           element("div", {{"class", "narrow"}}, line_plot(plot));
  const auto chosen = std::min<std::size_t>(model->at("threshold_q8").get<std::size_t>(), kSteps - 1);
  plot.markers = {{static_cast<double>(chosen) / kSteps,
                   fmt::format("chosen {:.2f}", static_cast<double>(chosen) / kSteps)}};
  return sentence(curve, chosen) + element("div", {{"class", "narrow"}}, line_plot(plot));
}

}  // namespace

const Section threshold = {"threshold", "Confidence threshold", {"data", "train"}, render};

}  // namespace mote::report::sections
