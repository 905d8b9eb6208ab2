// SPDX-License-Identifier: Apache-2.0
#include "mote/dsp/noise_reduction.h"

#include "features/block.h"
#include "features/design/mel_amplitude.h"

namespace mote::features::kinds {
namespace {

constexpr std::int32_t kBits = 14;
constexpr std::uint32_t kOne = 1U << kBits;

Result<Blocks> make(const Settings& settings, const Signal& input) {
  MOTE_CHECK(settings.allow_only(
      {"even_smoothing", "odd_smoothing", "minimum_kept", "smoothing_bits", "clamped", "estimates"}));
  if (input.element != Element::kUint32 || input.rows != 1)
    return settings.refuse_block("takes amplitudes", "put a block \"mel_amplitude\" in front of it");
  const auto weight = [&](std::string_view key, double fallback) -> Result<std::uint32_t> {
    MOTE_TRY(const double fraction, settings.number(key, 0, 1, fallback));
    return noise_weight(fraction, kBits);
  };
  MOTE_TRY(const std::uint32_t even, weight("even_smoothing", 0.025));
  MOTE_TRY(const std::uint32_t odd, weight("odd_smoothing", 0.06));
  MOTE_TRY(const std::uint32_t kept, weight("minimum_kept", 0.05));
  MOTE_TRY(const std::int32_t smoothing_bits, settings.integer("smoothing_bits", 0, 12, 10));
  MOTE_TRY(const bool clamped, settings.boolean("clamped", false));
  MOTE_TRY(const bool estimates, settings.boolean("estimates", false));
  BlockWriter writer("mote/dsp/noise_reduction.h", "mote::dsp::NoiseReduction");
  dsp::NoiseReduction device = {};
  device.channels = writer.member(input.columns);
  device.gives_estimates = writer.member(estimates);
  device.filter = {even, kOne - even, odd, kOne - odd, kept, smoothing_bits, kBits, clamped};
  writer.member_text(fmt::format("{{{}, {}, {}, {}, {}, {}, {}, {}}}", even, kOne - even, odd, kOne - odd,
                                 kept, smoothing_bits, kBits, clamped));
  Blocks blocks;
  blocks.push_back(make_block(device, std::move(writer), input));
  if (estimates) blocks.back()->output.rows = 2;
  return blocks;
}

}  // namespace

extern const BlockKind noise_reduction = {
    "noise_reduction", "takes away what stays the same in each band; with estimates of it for \"pcan\"",
    make};

}  // namespace mote::features::kinds
