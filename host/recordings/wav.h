// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "project/project.h"
#include "recordings/capture.h"

namespace mote::recordings {

/// The samples of a WAV file.
struct Wav {
  std::uint32_t rate_hz = 0;
  std::int32_t channels = 0;
  std::int64_t frames = 0;      ///< samples of each channel
  std::vector<double> samples;  ///< [frame][channel], 1 is full scale: a 16-bit sample divided by 32768
};

/// What to make of a WAV file with more channels than the sensor has axes.
struct ChannelChoice {
  std::optional<std::int32_t> channel;  ///< this one alone, from 1
  bool mix = false;                     ///< the mean of all
};

/// Reads RIFF/WAVE: PCM of 8 (unsigned), 16, 24 and 32 bits, float of 32 and 64, plain or extensible; chunks
/// other than `fmt ` and `data` are skipped. A data chunk of unknown length, as programs leave it that write
/// to a pipe (0xFFFFFFFF; 0 with a RIFF length that is not the file's; 0x7FFFF000 and more beyond the end of
/// the file), reaches to the end of the file.
///
/// Errors (kInput, with `where` and the byte): no WAVE file, another encoding, fields that contradict each
/// other, cut off, no samples, more than kMaxFileValues, a float that is not finite.
/// Source: Microsoft, "Multiple channel audio data and WAVE files" (WAVEFORMATEXTENSIBLE).
Result<Wav> parse_wav(std::span<const std::uint8_t> bytes, std::string_view where);

/// A WAV file of 16-bit PCM; `counts` is [frame][channel].
std::vector<std::uint8_t> to_wav(std::span<const std::int16_t> counts, std::int32_t channels,
                                 std::uint32_t rate_hz);

/// A WAV file as the one capture that it is; full scale becomes the range of the axis. Errors: as
/// parse_wav(); kUsage: as many channels as axes are needed, or a choice; kInput: a value beyond
/// kWrongUnitFactor.
Result<FileContent> read_wav(std::span<const std::uint8_t> bytes, std::string_view where,
                             const project::SensorDescription& sensor, const ChannelChoice& choice);

}  // namespace mote::recordings
