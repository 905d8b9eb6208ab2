// SPDX-License-Identifier: Apache-2.0
#include "mote/dsp/statistics.h"

#include <algorithm>
#include <cmath>

#include "features/block.h"

namespace mote::features::kinds {
namespace {

/// A statistic, and how its 15 fraction bits become a feature of 16 bits.
struct Kind {
  std::string_view name;
  std::int8_t shift;
  bool in_unit;  ///< of the samples; else dimensionless
};
constexpr Kind kKinds[] = {{"mean", 15, true},           {"rms", 15, true},
                           {"deviation", 15, true},      {"peak", 15, true},
                           {"peak_to_peak", 16, true},   {"minimum", 15, true},
                           {"maximum", 15, true},        {"crest_factor", 7, false},
                           {"skewness", 7, false},       {"kurtosis", 7, false},
                           {"zero_crossings", 0, false}, {"mean_crossings", 0, false}};

Result<Blocks> make(const Settings& settings, const Signal& input) {
  MOTE_CHECK(settings.allow_only({"which"}));
  MOTE_TRY(std::vector<std::size_t> which,
           settings.choices("which",
                            {"mean", "rms", "deviation", "peak", "peak_to_peak", "minimum", "maximum",
                             "crest_factor", "skewness", "kurtosis", "zero_crossings", "mean_crossings"}));
  MOTE_CHECK(require_frames(settings, input));
  std::ranges::sort(which);  // the device's order
  std::int32_t chosen = 0;
  for (const std::size_t index : which) chosen |= 1 << index;
  BlockWriter writer("mote/dsp/statistics.h", "mote::dsp::Statistics");
  const dsp::Statistics device = {writer.member(input.rows), writer.member(input.columns),
                                  writer.member(chosen)};
  if (!device.valid())
    return settings.refuse_block("takes frames of 2 to 16384 samples of at most 256 channels");
  Blocks blocks;
  blocks.push_back(make_block(device, std::move(writer), input));
  Signal& wide = blocks.back()->output;
  wide.rows = 1;
  wide.columns = device.outputs();
  wide.sample_hz = 0;

  std::vector<std::int8_t> shifts;
  std::vector<std::string> names, units;
  std::vector<double> steps;
  for (std::int32_t channel = 0; channel < input.columns; ++channel) {
    for (const std::size_t index : which) {
      const Kind& kind = kKinds[index];
      const auto place = static_cast<std::size_t>(channel);
      shifts.push_back(kind.shift);
      names.push_back(
          fmt::format("{} {}", place < input.channels.size() ? input.channels[place] : "", kind.name));
      steps.push_back(
          std::ldexp(kind.in_unit ? input.step : 1.0, kind.shift - dsp::Statistics::kFractionBits));
      units.push_back(kind.in_unit ? input.unit : "");
    }
  }
  blocks.push_back(narrow_block(std::move(shifts), wide));
  blocks.back()->column_names = std::move(names);
  blocks.back()->column_steps = std::move(steps);
  blocks.back()->column_units = std::move(units);
  return blocks;
}

}  // namespace

extern const BlockKind statistics = {
    "statistics", "of each channel of a frame: mean, RMS, peak, crest factor, kurtosis, zero crossings, ...",
    make};

}  // namespace mote::features::kinds
