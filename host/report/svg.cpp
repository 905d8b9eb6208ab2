// SPDX-License-Identifier: Apache-2.0
#include "report/svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace mote::report {
namespace {

constexpr int kWidth = 460;
constexpr int kLeft = 52, kRight = 14, kTop = 14, kBottom = 40;
constexpr std::size_t kStyles = 6;  // as many as the style sheet has

std::string number(double value) {
  return fmt::format("{:.4g}", value);
}

std::string pixels(double value) {
  return fmt::format("{:.1f}", value);
}

/// "line-2": colour and dashes of the line at that place.
std::string line_class(std::size_t place) {
  return fmt::format("line-{}", place % kStyles);
}

/// Maps values to pixels.
struct Scale {
  double low, high;
  double pixel_low, pixel_high;
  double at(double value) const {
    return pixel_low + (std::clamp(value, low, high) - low) / (high - low) * (pixel_high - pixel_low);
  }
};

/// The smallest range that holds all values, a little wider if asked for, never empty.
Interval range_of(const std::vector<Series>& series, std::vector<double> Series::* values, double widen) {
  double low = INFINITY, high = -INFINITY;
  for (const Series& line : series)
    for (const double value : line.*values) {
      if (!std::isfinite(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
  if (low > high) return {0, 1};
  if (high - low < 1e-9) return {low - 0.5, high + 0.5};
  const double margin = widen * (high - low);
  return {low - margin, high + margin};
}

Html svg_text(double x, double y, std::string_view anchor, std::string_view words) {
  return element("text", {{"x", pixels(x)}, {"y", pixels(y)}, {"text-anchor", std::string(anchor)}},
                 text(words));
}

Html svg_line(double x1, double y1, double x2, double y2, std::string_view kind) {
  return element("line", {{"x1", pixels(x1)},
                          {"y1", pixels(y1)},
                          {"x2", pixels(x2)},
                          {"y2", pixels(y2)},
                          {"class", std::string(kind)}});
}

Html axes(const LinePlot& plot, const Scale& x, const Scale& y) {
  Html html;
  for (const double tick : nice_ticks(y.low, y.high, 5)) {
    html += svg_line(x.pixel_low, y.at(tick), x.pixel_high, y.at(tick), "grid");
    html += svg_text(x.pixel_low - 6, y.at(tick) + 4, "end",
                     plot.percent ? fmt::format("{:.0f} %", 100 * tick) : number(tick));
  }
  for (const double tick : nice_ticks(x.low, x.high, 6)) {
    html += svg_line(x.at(tick), y.pixel_low, x.at(tick), y.pixel_low + 4, "axis");
    html += svg_text(x.at(tick), y.pixel_low + 17, "middle", number(tick));
  }
  html += svg_line(x.pixel_low, y.pixel_low, x.pixel_high, y.pixel_low, "axis");
  html += svg_text((x.pixel_low + x.pixel_high) / 2, y.pixel_low + 34, "middle", plot.x_label);
  const double middle = (y.pixel_low + y.pixel_high) / 2;
  html += element("text",
                  {{"x", "0"},
                   {"y", "0"},
                   {"text-anchor", "middle"},
                   {"transform", fmt::format("translate(12 {}) rotate(-90)", pixels(middle))}},
                  text(plot.y_label));
  return html;
}

Html polyline(const Series& line, std::size_t place, const Scale& x, const Scale& y) {
  std::string points;
  for (std::size_t index = 0; index < std::min(line.x.size(), line.y.size()); ++index)
    if (std::isfinite(line.y[index]))
      points += pixels(x.at(line.x[index])) + "," + pixels(y.at(line.y[index])) + " ";
  return element("polyline", {{"points", points}, {"class", "line " + line_class(place)}});
}

Html marker_line(const Marker& marker, const Scale& x, const Scale& y) {
  const double middle = std::clamp(x.at(marker.x), x.pixel_low + 40, x.pixel_high - 40);
  return svg_line(x.at(marker.x), y.pixel_low, x.at(marker.x), y.pixel_high, "marker") +
         svg_text(middle, y.pixel_high - 6, "middle", marker.label);
}

/// A short piece of every line with its name.
Html legend(const std::vector<Series>& series) {
  Html items;
  for (std::size_t place = 0; place < series.size(); ++place)
    items += element("li", element("svg", {{"width", "26"}, {"height", "10"}, {"aria-hidden", "true"}},
                                   svg_line(1, 5, 25, 5, "line " + line_class(place))) +
                               text(series[place].name));
  return element("ul", {{"class", "legend"}}, items);
}

Html svg(int width, int height, std::string_view title, const Html& content) {
  return element("svg", {{"viewBox", fmt::format("0 0 {} {}", width, height)}, {"role", "img"}},
                 element("title", text(title)) + content);
}

}  // namespace

std::vector<double> nice_ticks(double low, double high, int wanted) {
  if (!(high > low)) return {low};
  const double rough = (high - low) / std::max(wanted, 1);
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= rough * 0.999) {
      step = factor * power;
      break;
    }
  std::vector<double> ticks;
  const double first = std::ceil(low / step - 1e-9);
  for (double count = first; count * step <= high + 1e-9 * step; ++count)
    ticks.push_back(count == 0 ? 0.0 : count * step);
  return ticks;
}

Html line_plot(const LinePlot& plot) {
  const Interval x_range = range_of(plot.series, &Series::x, 0);
  const Interval y_range = plot.y_range.value_or(range_of(plot.series, &Series::y, 0.05));
  const Scale x{x_range.low, x_range.high, kLeft, kWidth - kRight};
  const double top = plot.markers.empty() ? kTop : 2 * kTop;  // room for the words of the markers
  const Scale y{y_range.low, y_range.high, static_cast<double>(plot.height - kBottom), top};
  Html content = axes(plot, x, y);
  for (std::size_t place = 0; place < plot.series.size(); ++place)
    content += polyline(plot.series[place], place, x, y);
  for (const Marker& marker : plot.markers) content += marker_line(marker, x, y);
  return element("figure", svg(kWidth, plot.height, plot.title, content) +
                               element("figcaption", text(plot.title)) +
                               (plot.series.size() > 1 ? legend(plot.series) : Html()));
}

Html interval_bar(double estimate, const Interval& interval, std::string_view title) {
  constexpr int kBarWidth = 220, kBarHeight = 22;
  const Scale x{0, 1, 4, kBarWidth - 4};
  Html content;
  for (const double tick : {0.0, 0.25, 0.5, 0.75, 1.0})
    content += svg_line(x.at(tick), 3, x.at(tick), 19, "grid");
  content += element("rect", {{"x", pixels(x.at(interval.low))},
                              {"y", "7"},
                              {"rx", "4"},
                              {"height", "8"},
                              {"width", pixels(std::max(2.0, x.at(interval.high) - x.at(interval.low)))},
                              {"class", "interval"}});
  content +=
      element("circle", {{"cx", pixels(x.at(estimate))}, {"cy", "11"}, {"r", "4.5"}, {"class", "estimate"}});
  return element("div", {{"class", "interval-box"}}, svg(kBarWidth, kBarHeight, title, content));
}

Html stacked_bar(std::string_view title, const std::vector<Part>& parts, double total,
                 std::string (*unit_text)(double amount)) {
  constexpr int kBarWidth = 460, kBarHeight = 26;
  const Scale x{0, std::max(total, 1e-9), 0, kBarWidth};
  Html bars = element("rect", {{"x", "0"},
                               {"y", "2"},
                               {"width", fmt::to_string(kBarWidth)},
                               {"height", "22"},
                               {"rx", "4"},
                               {"class", "empty"}});
  Html items;
  double sum = 0;
  for (std::size_t place = 0; place < parts.size(); ++place) {
    const double start = x.at(sum);
    sum += parts[place].amount;
    bars += element("rect", {{"x", pixels(start)},
                             {"y", "2"},
                             {"width", pixels(x.at(sum) - start)},
                             {"height", "22"},
                             {"class", fmt::format("fill-{}", place % kStyles)}});
    items += element("li", element("span", {{"class", fmt::format("swatch fill-{}", place % kStyles)}}) +
                               text(fmt::format("{} {}", parts[place].name, unit_text(parts[place].amount))));
  }
  return element("figure", {{"class", "bar"}},
                 element("figcaption", text(title)) + svg(kBarWidth, kBarHeight, title, bars) +
                     element("ul", {{"class", "legend"}}, items));
}

}  // namespace mote::report
