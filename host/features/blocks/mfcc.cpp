// SPDX-License-Identifier: Apache-2.0
#include "features/block.h"

namespace mote::features::kinds {

extern const BlockKind frame, spectrum, mel, log, dct;

namespace {

Result<Blocks> make(const Settings& settings, const Signal& input) {
  MOTE_CHECK(settings.allow_only({"length_ms", "step_ms", "bands", "low_hz", "high_hz", "coefficients"}));
  if (input.element != Element::kInt16 || input.rows != 1 || input.columns != 1)
    return settings.refuse_block("takes samples of one channel");
  MOTE_TRY(const double low_hz, settings.number("low_hz", 0, input.frames_hz / 2, 20));
  MOTE_TRY(const double high_hz,
           settings.number("high_hz", low_hz, input.frames_hz / 2, input.frames_hz / 4));
  MOTE_TRY(const std::int32_t bands, settings.integer("bands", 1, 128, 40));
  MOTE_TRY(const std::int32_t coefficients, settings.integer("coefficients", 1, bands, std::min(13, bands)));
  MOTE_TRY(const double length_ms, settings.number("length_ms", 0, 1e6, 30));
  MOTE_TRY(const double step_ms, settings.number("step_ms", 0, 1e6, 20));
  return chain_of({{&frame, {{"length_ms", length_ms}, {"step_ms", step_ms}}},
                   {&spectrum, {{"low_hz", low_hz}, {"high_hz", high_hz}}},
                   {&mel, {{"bands", bands}, {"low_hz", low_hz}, {"high_hz", high_hz}}},
                   {&log, {{"offset", 1e-6}}},
                   {&dct, {{"coefficients", coefficients}, {"scaling", "htk"}}}},
                  settings.where(), input);
}

}  // namespace

extern const BlockKind mfcc = {"mfcc", "cepstra of sound (frame, spectrum, mel, log, dct)", make};

}  // namespace mote::features::kinds
