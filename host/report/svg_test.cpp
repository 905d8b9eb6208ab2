// SPDX-License-Identifier: Apache-2.0
#include "report/svg.h"

#include <gmock/gmock.h>

#include <cmath>

namespace mote::report {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(NiceTicks, AreRoundAndInside) {
  EXPECT_THAT(nice_ticks(0, 1, 5),
              ElementsAre(DoubleNear(0, 1e-12), DoubleNear(0.2, 1e-12), DoubleNear(0.4, 1e-12),
                          DoubleNear(0.6, 1e-12), DoubleNear(0.8, 1e-12), DoubleNear(1, 1e-12)));
  EXPECT_THAT(nice_ticks(-3.2, 4.1, 4), ElementsAre(-2, 0, 2, 4));
  EXPECT_THAT(nice_ticks(1, 46, 6), ElementsAre(10, 20, 30, 40));
  EXPECT_THAT(nice_ticks(5, 5, 4), ElementsAre(5));
}

TEST(LinePlot, EscapesEveryWord) {
  const std::string html = line_plot({.title = "<b>",
                                      .x_label = "\"x\"",
                                      .y_label = "&y",
                                      .series = {{"</svg>", {0, 1}, {0, 1}}, {"b", {}, {}}}})
                               .str();
  EXPECT_THAT(html, Not(HasSubstr("<b>")));
  EXPECT_THAT(html, Not(HasSubstr("</svg></li>\n")));
  EXPECT_THAT(html, HasSubstr("&lt;/svg&gt;"));
  EXPECT_THAT(html, HasSubstr("&amp;y"));
}

TEST(LinePlot, SurvivesEmptyConstantAndInfiniteValues) {
  for (const Series& series :
       {Series{"a", {}, {}}, Series{"a", {0, 1}, {3, 3}}, Series{"a", {0, 1, 2}, {1, NAN, INFINITY}}}) {
    const std::string html =
        line_plot({.title = "t", .x_label = "x", .y_label = "y", .series = {series}}).str();
    EXPECT_THAT(html, Not(HasSubstr("nan")));
    EXPECT_THAT(html, Not(HasSubstr("inf")));
  }
}

TEST(LinePlot, PutsAPointWhereTheAxesSay) {
  // 460 wide with 52 left and 14 right, 220 high with 14 above and 40 below.
  const std::string html = line_plot({.title = "t",
                                      .x_label = "x",
                                      .y_label = "y",
                                      .series = {{"a", {0, 1, 2}, {0, 1, 0}}},
                                      .y_range = Interval{0, 1}})
                               .str();
  EXPECT_THAT(html, HasSubstr("points=\"52.0,180.0 249.0,14.0 446.0,180.0 \""));
}

}  // namespace
}  // namespace mote::report
