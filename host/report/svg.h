// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/statistics.h"
#include "report/html.h"

namespace mote::report {

/// Round numbers (1, 2 or 5 times a power of ten) from within `low` ... `high`, about `wanted` of them; for a
/// range of no width, that number alone.
std::vector<double> nice_ticks(double low, double high, int wanted);

/// A line of a plot; drawn in the colour and dashes of its place among the lines.
struct Series {
  std::string name;
  std::vector<double> x;
  std::vector<double> y;
};

/// A vertical line with a word.
struct Marker {
  double x = 0;
  std::string label;
};

struct LinePlot {
  std::string title;    ///< what it shows, for people who do not see it
  std::string x_label;  ///< with unit
  std::string y_label;  ///< with unit
  std::vector<Series> series;
  std::vector<Marker> markers = {};
  std::optional<Interval> y_range = {};  ///< default: what the values need
  bool percent = false;                  ///< y is a share, shown in percent
  int height = 220;
};

/// The plot with its legend.
Html line_plot(const LinePlot& plot);

/// An estimate and its interval on a scale from 0 to 1: a bar with a dot.
Html interval_bar(double estimate, const Interval& interval, std::string_view title);

/// Part of a whole as a filled bar.
struct Part {
  std::string name;
  double amount = 0;
};

/// Parts of `total` side by side in one bar, with a legend; `unit_text` writes an amount.
Html stacked_bar(std::string_view title, const std::vector<Part>& parts, double total,
                 std::string (*unit_text)(double amount));

}  // namespace mote::report
