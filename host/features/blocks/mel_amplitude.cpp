// SPDX-License-Identifier: Apache-2.0
#include "mote/dsp/mel_amplitude.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "features/block.h"
#include "features/design/fft16.h"
#include "features/design/mel_amplitude.h"

namespace mote::features::kinds {
namespace {

constexpr std::int32_t kLeastFft = 64;  ///< amplitudes of shorter ones would have too many bits, not too few

Result<Blocks> make(const Settings& settings, const Signal& input) {
  MOTE_CHECK(settings.allow_only({"channels", "lower_hz", "upper_hz", "front_end"}));
  if (input.element != Element::kInt16 || input.columns != 1 || input.sample_hz <= 0)
    return settings.refuse_block("takes frames of one channel of samples",
                                 "put a block \"frame\" in front of it");
  const std::int32_t samples = input.rows;
  if (samples % 2 != 0 || samples > dsp::kMostFft16)
    return settings.refuse_block(
        fmt::format("takes an even number of samples, at most {}, and gets {}", dsp::kMostFft16, samples));
  MelBankSettings bank_settings;
  bank_settings.sample_rate_hz = input.sample_hz;
  bank_settings.fft_length =
      std::max(kLeastFft, static_cast<std::int32_t>(std::bit_ceil(static_cast<std::uint32_t>(samples))));
  MOTE_TRY(bank_settings.channels, settings.integer("channels", 1, 256, 40));
  MOTE_TRY(bank_settings.lower_hz, settings.number("lower_hz", 0, input.sample_hz / 2, 125));
  MOTE_TRY(bank_settings.upper_hz, settings.number("upper_hz", 0, input.sample_hz / 2, 7500));
  MOTE_TRY(const std::size_t front_end,
           settings.choice("front_end", {"signal_library", "microfrontend"}, "signal_library"));
  bank_settings.front_end = static_cast<FrontEnd>(front_end);
  auto bank = mel_bank(bank_settings);
  if (!bank) return settings.refuse_design(bank.error());

  BlockWriter writer("mote/dsp/mel_amplitude.h", "mote::dsp::MelAmplitude");
  dsp::MelAmplitude device = {};
  device.samples = writer.member(samples);
  device.fft_length = writer.member(bank_settings.fft_length);
  device.channels = writer.member(bank_settings.channels);
  device.first_bin = writer.member(bank->first_bin);
  device.window = writer.table(hann_window_q12(samples, bank_settings.front_end));
  device.twiddles = writer.table(fft16_twiddles(bank_settings.fft_length));
  device.widths = writer.table(std::move(bank->widths));
  device.weights = writer.table(std::move(bank->weights));
  device.unweights = writer.table(std::move(bank->unweights));
  Blocks blocks;
  blocks.push_back(make_block(device, std::move(writer), input));
  Signal& output = blocks.back()->output;
  output.rows = 1;
  output.columns = bank_settings.channels;
  output.sample_hz = 0;
  output.step = std::exp2(amplitude_correction_bits(bank_settings.fft_length));
  output.unit = "";
  return blocks;
}

}  // namespace

extern const BlockKind mel_amplitude = {
    "mel_amplitude", "amplitudes in mel bands of a frame of sound, as TensorFlow Lite Micro's front end",
    make};

}  // namespace mote::features::kinds
