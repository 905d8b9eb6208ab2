// SPDX-License-Identifier: Apache-2.0
#include "features/block.h"

namespace mote::features::kinds {

extern const BlockKind frame, mel_amplitude, noise_reduction, pcan, log_scale;

namespace {

Result<Blocks> make(const Settings& settings, const Signal& input) {
  MOTE_CHECK(settings.allow_only({"step_ms", "front_end"}));
  constexpr double kRateHz = 16000;
  if (input.element != Element::kInt16 || input.rows != 1 || input.columns != 1 || input.frames_hz != kRateHz)
    return settings.refuse_block(fmt::format("takes samples of one channel at {} Hz", kRateHz));
  MOTE_TRY(const double step_ms, settings.number("step_ms", 1, 30, 20));
  MOTE_TRY(const std::size_t front_end,
           settings.choice("front_end", {"signal_library", "microfrontend"}, "signal_library"));
  return chain_of({{&frame, {{"length_ms", 30}, {"step_ms", step_ms}}},
                   {&mel_amplitude, {{"front_end", front_end == 0 ? "signal_library" : "microfrontend"}}},
                   {&noise_reduction, {{"estimates", true}}},
                   {&pcan, Json::object()},
                   {&log_scale, Json::object()}},
                  settings.where(), input);
}

}  // namespace

extern const BlockKind micro_speech = {
    "micro_speech", "the front end of TensorFlow Lite Micro's micro_speech, bit for bit", make};

}  // namespace mote::features::kinds
