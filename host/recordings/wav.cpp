// SPDX-License-Identifier: Apache-2.0
#include "recordings/wav.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "core/text.h"

namespace mote::recordings {
namespace {

constexpr std::uint16_t kPcm = 1, kFloat = 3, kExtensible = 0xFFFE;
constexpr std::int32_t kMaxChannels = 256;
constexpr std::uint32_t kLengthOfPipes = 0x7FFFF000;  ///< the least that is written for "not known"
/// What follows the format tag in the identifier of an extensible format.
constexpr std::uint8_t kGuidTail[] = {0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71};

std::uint64_t little_endian(std::span<const std::uint8_t> bytes) {
  std::uint64_t value = 0;
  for (std::size_t at = bytes.size(); at-- > 0;) value = value << 8 | bytes[at];
  return value;
}

struct Chunk {
  std::string_view id;
  std::size_t start = 0;  ///< of its content, in the file
  std::uint32_t length = 0;
};

struct Format {
  std::uint16_t tag = 0;
  std::int32_t channels = 0;
  std::uint32_t rate_hz = 0;
  std::size_t sample_bytes = 0;
};

class WavParser {
 public:
  WavParser(std::span<const std::uint8_t> bytes, std::string_view where) : bytes_(bytes), where_(where) {}

  Result<Wav> parse();

 private:
  std::uint64_t field(std::size_t at, std::size_t size) const {
    return little_endian(bytes_.subspan(at, size));
  }
  std::string_view text(std::size_t at, std::size_t size) const {
    return {reinterpret_cast<const char*>(bytes_.data()) + at, size};
  }
  std::unexpected<Error> refuse(std::size_t byte, std::string what, std::string hint = {}) const {
    return fail(ErrorKind::kInput, std::move(what), fmt::format("{}:byte {}", where_, byte), std::move(hint));
  }

  Result<void> check_riff() const;
  Result<Chunk> chunk_at(std::size_t at) const;
  Result<void> read_format(const Chunk& chunk);
  Result<std::size_t> data_length(const Chunk& chunk) const;
  Result<Wav> read_data(const Chunk& chunk) const;
  double sample(std::size_t at) const;

  std::span<const std::uint8_t> bytes_;
  std::string_view where_;
  std::optional<Format> format_;
};

Result<void> WavParser::check_riff() const {
  if (bytes_.size() >= 12 && text(0, 4) == "RIFF" && text(8, 4) == "WAVE") return {};
  const bool other = bytes_.size() >= 12 && text(8, 4) == "WAVE";
  return refuse(0,
                other ? fmt::format("is a WAVE file of kind {}, expected RIFF", escape_comment(text(0, 4)))
                      : "is no WAV file: it does not begin with RIFF, a length and WAVE",
                "save it as WAV, 16-bit PCM");
}

Result<Chunk> WavParser::chunk_at(std::size_t at) const {
  if (bytes_.size() - at < 8)
    return refuse(at, format_.has_value() ? "ends without a data chunk" : "ends without a fmt chunk",
                  "the file is cut off: copy or record it again");
  return Chunk{text(at, 4), at + 8, static_cast<std::uint32_t>(field(at + 4, 4))};
}

Result<Wav> WavParser::parse() {
  MOTE_CHECK(check_riff());
  for (std::size_t at = 12;;) {
    MOTE_TRY(const Chunk chunk, chunk_at(at));
    if (chunk.id == "data") return read_data(chunk);
    if (chunk.length > bytes_.size() - chunk.start)
      return refuse(at,
                    fmt::format("chunk '{}' should have {} bytes, {} are there", escape_comment(chunk.id),
                                chunk.length, bytes_.size() - chunk.start),
                    "the file is damaged or cut off: copy or record it again");
    if (chunk.id == "fmt ") MOTE_CHECK(read_format(chunk));
    at = std::min(bytes_.size(), chunk.start + chunk.length + chunk.length % 2);
  }
}

Result<void> WavParser::read_format(const Chunk& chunk) {
  const std::size_t at = chunk.start;
  if (format_.has_value()) return refuse(at, "has a second fmt chunk");
  if (chunk.length < 16)
    return refuse(at, fmt::format("fmt chunk has {} bytes, at least 16 are needed", chunk.length));
  Format format;
  format.tag = static_cast<std::uint16_t>(field(at, 2));
  format.channels = static_cast<std::int32_t>(field(at + 2, 2));
  format.rate_hz = static_cast<std::uint32_t>(field(at + 4, 4));
  const auto block = static_cast<std::size_t>(field(at + 12, 2));
  const auto bits = static_cast<std::size_t>(field(at + 14, 2));
  if (format.tag == kExtensible) {
    if (chunk.length < 40 || !std::equal(std::begin(kGuidTail), std::end(kGuidTail),
                                         bytes_.begin() + static_cast<std::ptrdiff_t>(at + 26)))
      return refuse(at, "the extensible format has no identifier of PCM or float");
    format.tag = static_cast<std::uint16_t>(field(at + 24, 2));
  }
  const bool known = (format.tag == kPcm && (bits == 8 || bits == 16 || bits == 24 || bits == 32)) ||
                     (format.tag == kFloat && (bits == 32 || bits == 64));
  if (!known)
    return refuse(at,
                  fmt::format("holds samples of format {} with {} bits, expected PCM (1) of 8, 16, 24 or 32 "
                              "bits or float (3) of 32 or 64",
                              format.tag, bits),
                  "save it as WAV, 16-bit PCM");
  if (format.channels < 1 || format.channels > kMaxChannels)
    return refuse(at + 2, fmt::format("has {} channels, expected 1 to {}", format.channels, kMaxChannels));
  if (format.rate_hz == 0) return refuse(at + 4, "has a rate of 0 Hz");
  format.sample_bytes = bits / 8;
  if (block != format.sample_bytes * static_cast<std::size_t>(format.channels))
    return refuse(at + 12,
                  fmt::format("says {} bytes a frame, {} channels of {} bits make {}", block, format.channels,
                              bits, format.sample_bytes * static_cast<std::size_t>(format.channels)));
  format_ = format;
  return {};
}

/// The bytes of whole frames in the data chunk.
Result<std::size_t> WavParser::data_length(const Chunk& chunk) const {
  const std::size_t frame = format_->sample_bytes * static_cast<std::size_t>(format_->channels);
  const std::size_t there = bytes_.size() - chunk.start;
  const bool unfinished = field(4, 4) != bytes_.size() - 8;  // the length of RIFF is written last, too
  if ((chunk.length == 0 && unfinished) || (chunk.length >= kLengthOfPipes && chunk.length > there))
    return there / frame * frame;
  if (chunk.length > there)
    return refuse(chunk.start - 4,
                  fmt::format("data chunk should have {} bytes, {} are there", chunk.length, there),
                  "the file is cut off: copy or record it again");
  if (chunk.length % frame != 0)
    return refuse(chunk.start - 4,
                  fmt::format("data chunk has {} bytes, no multiple of the frame's {}", chunk.length, frame));
  return chunk.length;
}

double WavParser::sample(std::size_t at) const {
  const std::uint64_t raw = field(at, format_->sample_bytes);
  if (format_->tag == kFloat)
    return format_->sample_bytes == 4
               ? static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(raw)))
               : std::bit_cast<double>(raw);
  if (format_->sample_bytes == 1) return (static_cast<double>(raw) - 128) / 128;
  const auto bits = static_cast<int>(8 * format_->sample_bytes);
  const auto whole = static_cast<std::int64_t>(raw << (64 - bits)) >> (64 - bits);
  return std::ldexp(static_cast<double>(whole), 1 - bits);
}

Result<Wav> WavParser::read_data(const Chunk& chunk) const {
  if (!format_.has_value()) return refuse(chunk.start - 8, "has a data chunk before any fmt chunk");
  MOTE_TRY(const std::size_t length, data_length(chunk));
  const std::size_t count = length / format_->sample_bytes;
  if (count == 0) return refuse(chunk.start, "holds no samples", "check that the recording was saved");
  if (count > static_cast<std::size_t>(kMaxFileValues))
    return refuse(chunk.start, fmt::format("holds {} samples, at most {} are read", count, kMaxFileValues),
                  "cut it into several files");
  Wav wav{format_->rate_hz, format_->channels, static_cast<std::int64_t>(count) / format_->channels, {}};
  wav.samples.reserve(count);
  for (std::size_t index = 0; index < count; ++index) {
    const std::size_t at = chunk.start + index * format_->sample_bytes;
    wav.samples.push_back(sample(at));
    if (!std::isfinite(wav.samples.back())) return refuse(at, "holds a sample that is not finite");
  }
  return wav;
}

void append(std::vector<std::uint8_t>& bytes, std::string_view text) {
  bytes.insert(bytes.end(), text.begin(), text.end());
}

void append(std::vector<std::uint8_t>& bytes, std::uint64_t value, int size) {
  for (int byte = 0; byte < size; ++byte) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * byte)));
}

/// Keeps the chosen channel, or their mean.
Result<void> choose(Wav& wav, std::size_t axes, const ChannelChoice& choice, std::string_view where) {
  const auto channels = static_cast<std::size_t>(wav.channels);
  if (choice.channel.has_value() && (*choice.channel < 1 || *choice.channel > wav.channels))
    return fail(ErrorKind::kUsage,
                fmt::format("--channel is {}, the file has {}", *choice.channel, wav.channels),
                std::string(where));
  if (channels == axes && !choice.channel.has_value() && !choice.mix) return {};
  if (axes != 1 || (!choice.channel.has_value() && !choice.mix))
    return fail(ErrorKind::kUsage,
                fmt::format("has {} channels, expected {} as the sensor has axes", wav.channels, axes),
                std::string(where),
                axes == 1 ? "say --channel 1 for the first one, or --channel mix for the mean of all" : "");
  for (std::size_t frame = 0; frame < static_cast<std::size_t>(wav.frames); ++frame) {
    const double* first = &wav.samples[frame * channels];
    double sum = 0;
    for (std::size_t channel = 0; channel < channels; ++channel) sum += first[channel];
    wav.samples[frame] = choice.mix ? sum / wav.channels : first[*choice.channel - 1];
  }
  wav.samples.resize(static_cast<std::size_t>(wav.frames));
  wav.channels = 1;
  return {};
}

}  // namespace

Result<Wav> parse_wav(std::span<const std::uint8_t> bytes, std::string_view where) {
  return WavParser(bytes, where).parse();
}

std::vector<std::uint8_t> to_wav(std::span<const std::int16_t> counts, std::int32_t channels,
                                 std::uint32_t rate_hz) {
  const auto frame_bytes = static_cast<std::uint32_t>(2 * channels);
  std::vector<std::uint8_t> bytes;
  bytes.reserve(44 + counts.size_bytes());
  append(bytes, "RIFF");
  append(bytes, 36 + counts.size_bytes(), 4);
  append(bytes, "WAVEfmt ");
  append(bytes, 16, 4);
  append(bytes, kPcm, 2);
  append(bytes, static_cast<std::uint64_t>(channels), 2);
  append(bytes, rate_hz, 4);
  append(bytes, std::uint64_t{rate_hz} * frame_bytes, 4);
  append(bytes, frame_bytes, 2);
  append(bytes, 16, 2);
  append(bytes, "data");
  append(bytes, counts.size_bytes(), 4);
  for (const std::int16_t count : counts) append(bytes, static_cast<std::uint16_t>(count), 2);
  return bytes;
}

Result<FileContent> read_wav(std::span<const std::uint8_t> bytes, std::string_view where,
                             const project::SensorDescription& sensor, const ChannelChoice& choice) {
  MOTE_TRY(Wav wav, parse_wav(bytes, where));
  const auto axes = static_cast<std::size_t>(sensor.axis_count());
  MOTE_CHECK(choose(wav, axes, choice, where));
  for (std::size_t index = 0; index < wav.samples.size(); ++index) {
    if (std::abs(wav.samples[index]) > kWrongUnitFactor)
      return fail(ErrorKind::kInput,
                  fmt::format("{} in frame {} is far outside full scale: wrong unit?", wav.samples[index],
                              index / axes),
                  std::string(where), "scale it to -1 ... 1");
    wav.samples[index] *= 32768 / sensor.counts_per_unit(static_cast<std::int32_t>(index % axes));
  }
  FileContent content;
  content.rate_hz = wav.rate_hz;
  content.rate_place = "the fmt chunk";
  Capture& capture = content.captures.emplace_back();
  capture.values = std::move(wav.samples);
  capture.samples = wav.frames;
  capture.runs = {Run{}};
  return content;
}

}  // namespace mote::recordings
