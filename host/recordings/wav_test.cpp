// SPDX-License-Identifier: Apache-2.0
#include "recordings/wav.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "core/files.h"
#include "core/process.h"
#include "recordings/import.h"
#include "recordings/store.h"
#include "support/require.h"

namespace mote::recordings {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

std::string number(std::uint64_t value, int size) {
  std::string bytes;
  for (int byte = 0; byte < size; ++byte) bytes += static_cast<char>(value >> (8 * byte));
  return bytes;
}

std::string chunk(const std::string& id, const std::string& content) {
  return id + number(content.size(), 4) + content + (content.size() % 2 != 0 ? std::string(1, '\0') : "");
}

std::string format(int tag, int channels, int rate_hz, int bits) {
  return number(static_cast<std::uint64_t>(tag), 2) + number(static_cast<std::uint64_t>(channels), 2) +
         number(static_cast<std::uint64_t>(rate_hz), 4) +
         number(static_cast<std::uint64_t>(rate_hz * channels * bits / 8), 4) +
         number(static_cast<std::uint64_t>(channels * bits / 8), 2) +
         number(static_cast<std::uint64_t>(bits), 2);
}

std::string riff(const std::string& chunks) {
  return "RIFF" + number(4 + chunks.size(), 4) + "WAVE" + chunks;
}

std::string wav(const std::string& format_chunk, const std::string& data) {
  return riff(chunk("fmt ", format_chunk) + chunk("data", data));
}

Result<Wav> parse(const std::string& bytes) {
  return parse_wav(std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()), "x.wav");
}

std::string message(const std::string& bytes) {
  const auto result = parse(bytes);
  return result.has_value() ? "accepted" : to_text(result.error());
}

std::vector<double> samples(const std::string& bytes) {
  const auto result = parse(bytes);
  EXPECT_TRUE(result.has_value()) << to_text(result.error());
  return result.has_value() ? result->samples : std::vector<double>();
}

const std::string k16 = format(1, 1, 16000, 16);  // NOLINT(cert-err58-cpp)

TEST(Wav, GivesEveryWidthAsAFractionOfFullScale) {
  EXPECT_THAT(samples(wav(format(1, 1, 8000, 8), {'\x00', '\x80', '\xFF', '\xC0'})),
              ElementsAre(-1, 0, 127.0 / 128, 0.5));
  EXPECT_THAT(samples(wav(k16, number(0x8000, 2) + number(0xFFFF, 2) + number(0x7FFF, 2))),
              ElementsAre(-1, -1.0 / 32768, 32767.0 / 32768));
  EXPECT_THAT(samples(wav(format(1, 1, 16000, 24), number(0x800000, 3) + number(0x000001, 3))),
              ElementsAre(-1, 1.0 / 8388608));
  EXPECT_THAT(samples(wav(format(1, 1, 16000, 32), number(0x80000000, 4) + number(0x40000000, 4))),
              ElementsAre(-1, 0.5));
  EXPECT_THAT(samples(wav(format(3, 1, 16000, 32), number(std::bit_cast<std::uint32_t>(-0.25F), 4))),
              ElementsAre(-0.25));
  EXPECT_THAT(samples(wav(format(3, 1, 16000, 64), number(std::bit_cast<std::uint64_t>(0.3), 8))),
              ElementsAre(0.3));
}

TEST(Wav, ReadsTheExtensibleFormatAndSkipsOtherChunksWithTheirPadding) {
  const std::string tail("\x00\x00\x00\x00\x10\x00\x80\x00\x00\xAA\x00\x38\x9B\x71", 14);
  const std::string extensible =
      format(0xFFFE, 1, 16000, 16) + number(22, 2) + number(16, 2) + number(4, 4) + number(1, 2) + tail;
  const std::string file = riff(chunk("LIST", "odd") + chunk("fmt ", extensible) + chunk("fact", "four") +
                                chunk("data", number(0x4000, 2)) + chunk("cue ", "behind"));
  EXPECT_THAT(samples(file), ElementsAre(0.5));
  std::string other = file;
  other.replace(other.find(tail), 1, "\x01");
  EXPECT_EQ(message(other), "x.wav:byte 32: the extensible format has no identifier of PCM or float");
}

TEST(Wav, ReadsLengthsThatAPipeLeftUnknown) {
  const std::string data = number(1, 2) + number(2, 2) + "x";  // the last frame is cut off
  const auto streamed = [&](std::uint64_t riff_length, std::uint64_t data_length) {
    return "RIFF" + number(riff_length, 4) + "WAVE" + chunk("fmt ", k16) + "data" + number(data_length, 4) +
           data;
  };
  for (const auto& file :
       {streamed(0xFFFFFFFF, 0xFFFFFFFF), streamed(0, 0), streamed(0x7FFFF024, 0x7FFFF000)})
    EXPECT_THAT(samples(file), ElementsAre(1.0 / 32768, 2.0 / 32768));
  EXPECT_EQ(message(wav(k16, "")),
            "x.wav:byte 44: holds no samples\n  hint: check that the recording was saved")
      << "a RIFF length that is right means that the 0 is meant";
}

TEST(Wav, DamageIsRefusedWithItsByte) {
  const std::string good = wav(k16, number(1, 2) + number(2, 2));
  EXPECT_EQ(message(good), "accepted");
  EXPECT_EQ(message(""),
            "x.wav:byte 0: is no WAV file: it does not begin with RIFF, a length and WAVE\n  hint: save it "
            "as WAV, 16-bit PCM");
  EXPECT_EQ(message("RF64" + good.substr(4)),
            "x.wav:byte 0: is a WAVE file of kind RF64, expected RIFF\n  hint: save it as WAV, 16-bit PCM");
  const std::string cut = "\n  hint: the file is cut off: copy or record it again";
  EXPECT_EQ(message(good.substr(0, 14)), "x.wav:byte 12: ends without a fmt chunk" + cut);
  EXPECT_EQ(message(good.substr(0, 36)), "x.wav:byte 36: ends without a data chunk" + cut);
  EXPECT_EQ(message(good.substr(0, 46)), "x.wav:byte 40: data chunk should have 4 bytes, 2 are there" + cut);
  EXPECT_EQ(message(good.substr(0, 30)),
            "x.wav:byte 12: chunk 'fmt ' should have 16 bytes, 10 are there\n  hint: the file is damaged or "
            "cut off: copy or record it again");
  EXPECT_EQ(message(riff(chunk("data", "ab"))), "x.wav:byte 12: has a data chunk before any fmt chunk");
  EXPECT_EQ(message(riff(chunk("fmt ", k16) + chunk("fmt ", k16))), "x.wav:byte 44: has a second fmt chunk");
  EXPECT_EQ(message(riff(chunk("fmt ", "short"))),
            "x.wav:byte 20: fmt chunk has 5 bytes, at least 16 are needed");
  EXPECT_EQ(message(wav(format(17, 1, 16000, 4), "ab")),
            "x.wav:byte 20: holds samples of format 17 with 4 bits, expected PCM (1) of 8, 16, 24 or 32 bits "
            "or float (3) of "
            "32 or 64\n  hint: save it as WAV, 16-bit PCM");
  EXPECT_EQ(message(wav(format(1, 0, 16000, 16), "ab")), "x.wav:byte 22: has 0 channels, expected 1 to 256");
  EXPECT_EQ(message(wav(format(1, 1, 0, 16), "ab")), "x.wav:byte 24: has a rate of 0 Hz");
  std::string block = good;
  block[32] = 4;
  EXPECT_EQ(message(block), "x.wav:byte 32: says 4 bytes a frame, 1 channels of 16 bits make 2");
  EXPECT_EQ(message(wav(k16, "odd")), "x.wav:byte 40: data chunk has 3 bytes, no multiple of the frame's 2");
  EXPECT_EQ(message(wav(format(3, 1, 16000, 32), number(0, 4) + number(0x7FC00000, 4))),
            "x.wav:byte 48: holds a sample that is not finite");
  EXPECT_EQ(
      message(wav(format(1, 1, 16000, 8), std::string(kMaxFileValues + 1, 'x'))),
      "x.wav:byte 44: holds 33554433 samples, at most 33554432 are read\n  hint: cut it into several files");
}

project::SensorDescription microphone() {
  project::SensorDescription sensor;
  sensor.name = "MP34DT06";
  sensor.rate_millihertz = 16'000'000;
  sensor.groups = {{project::SensorKind::kMicrophone, {"audio"}, project::Unit::kFullScale, 1}};
  return sensor;
}

/// A project for audio in a folder of its own.
class WavImport : public testing::Test {
 protected:
  WavImport() {
    project_ = project::gesture_template("words");
    project_.root = folder_.path() / "project";
    project_.sensor = microphone();
    project_.labels = {"yes", "no", "noise"};
    project_.background = "noise";
    options_.label = "yes";
    options_.session = "s1";
  }
  fs::path file(const std::string& name, const std::string& bytes) {
    EXPECT_TRUE(write_file(folder_.path() / name, bytes).has_value());
    return folder_.path() / name;
  }
  std::string message(const fs::path& path) {
    const auto result = import_files(project_, {path}, options_);
    return result.has_value() ? "accepted"
                              : to_text(result.error()).substr(folder_.path().string().size() + 1);
  }

  test::TemporaryDirectory folder_;
  project::Project project_;
  ImportOptions options_;
};

TEST_F(WavImport, KeepsRawCountsExactlyAsWav) {
  std::vector<std::int16_t> counts;
  for (int count = -32768; count <= 32767; ++count) counts.push_back(static_cast<std::int16_t>(count));
  for (const double range : {1.0, 0.3, 32768.0}) {
    project_.sensor.groups[0].range = range;
    const auto bytes = to_wav(counts, 1, 16000);
    const auto result =
        import_files(project_, {file("a.wav", std::string(bytes.begin(), bytes.end()))}, options_);
    ASSERT_TRUE(result.has_value()) << to_text(result.error());
    const Description& description = result->recordings.at(0);
    EXPECT_EQ(samples_path(project_, description).filename(), "s1-yes-001.wav");
    EXPECT_EQ(read_bytes(samples_path(project_, description)).value(), bytes);
    EXPECT_EQ(read_descriptions(project_).value(), result->recordings);
    const Recording recording = read_samples(project_, description).value();
    EXPECT_EQ(to_counts(recording.values, project_.sensor), counts);
    EXPECT_EQ(content_hash(counts), description.content_sha256);
    fs::remove_all(project_.recordings());
  }
}

TEST_F(WavImport, ChannelsArePickedOrMixedOnlyWhenAsked) {
  const std::string stereo =
      wav(format(1, 2, 16000, 16), number(100, 2) + number(201, 2) + number(300, 2) + number(0, 2) +
                                       number(500, 2) + number(0, 2) + number(700, 2) + number(0, 2));
  const fs::path path = file("stereo.wav", stereo);
  EXPECT_EQ(message(path),
            "stereo.wav: has 2 channels, expected 1 as the sensor has axes\n  hint: say --channel 1 for the "
            "first one, "
            "or --channel mix for the mean of all");
  const auto counts = [&] {
    options_.dry_run = false;
    const auto result = import_files(project_, {path}, options_);
    EXPECT_TRUE(result.has_value()) << to_text(result.error());
    return to_counts(read_samples(project_, result->recordings.at(0)).value().values, project_.sensor);
  };
  options_.channels.channel = 2;
  EXPECT_THAT(counts(), ElementsAre(201, 0, 0, 0));
  options_.channels = {.channel = {}, .mix = true};
  EXPECT_THAT(counts(), ElementsAre(151, 150, 250, 350)) << "halves are rounded away from zero";
  options_.channels = {.channel = 3};
  EXPECT_EQ(message(path), "stereo.wav: --channel is 3, the file has 2");
}

TEST_F(WavImport, AnotherRateIsRefusedNotResampled) {
  const std::string data = number(1, 2) + number(2, 2) + number(3, 2) + number(4, 2);
  EXPECT_EQ(message(file("cd.wav", wav(format(1, 1, 44100, 16), data))),
            "cd.wav: the fmt chunk says 44100 Hz, the project says 16000 Hz\n"
            "  hint: correct sensor.rate_hz in mote.toml, or convert the files: Mote does not resample");
  EXPECT_FALSE(fs::exists(project_.recordings()));
  EXPECT_EQ(message(file("near.wav", wav(format(1, 1, 16000, 16), data))), "accepted");
}

TEST_F(WavImport, ValuesFarOutsideFullScaleAreRefusedAndOthersClip) {
  const auto floats = [](std::initializer_list<float> values) {
    std::string data;
    for (const float value : values) data += number(std::bit_cast<std::uint32_t>(value), 4);
    return wav(format(3, 1, 16000, 32), data);
  };
  EXPECT_EQ(message(file("raw.wav", floats({0, 0, 0, 1234}))),
            "raw.wav: 1234 in frame 3 is far outside full scale: wrong unit?\n  hint: scale it to -1 ... 1");
  const auto result = import_files(project_, {file("loud.wav", floats({0, 1.2F, -1.2F, 0}))}, options_);
  ASSERT_TRUE(result.has_value()) << to_text(result.error());
  EXPECT_EQ(result->files.at(0).clipped_samples, 2);
}

TEST_F(WavImport, ADamagedRecordingInTheStoreIsRefused) {
  const fs::path path = file("a.wav", wav(k16, number(1, 2) + number(2, 2) + number(3, 2) + number(4, 2)));
  const Description description = import_files(project_, {path}, options_)->recordings.at(0);
  const fs::path stored = samples_path(project_, description);
  const std::string good = read_text(stored).value();
  ASSERT_TRUE(write_file(stored, good.substr(0, good.size() - 2)).has_value());
  EXPECT_EQ(read_samples(project_, description).error().what,
            "recording was changed since it was imported (checksum)");
  ASSERT_TRUE(write_file(fs::path(stored).replace_extension(".csv"), std::string_view("x")).has_value());
  EXPECT_EQ(read_descriptions(project_).error().what, "recording has both .csv and .wav beside it");
}

TEST_F(WavImport, ReadsWhatPythonWrites) {
  const std::string script =
      "import wave\n"
      "for width, data in ((1, b'\\x00\\x80\\xff'), (2, b'\\x00\\x80\\x00\\x00\\xff\\x7f'),\n"
      "                    (3, b'\\x00\\x00\\x80\\x00\\x00\\x00\\xff\\xff\\x7f')):\n"
      "  f = wave.open(f'{width}.wav', 'wb')\n"
      "  f.setparams((1, width, 16000, 0, 'NONE', ''))\n"
      "  f.writeframes(data)\n"
      "  f.close()\n";
  MOTE_REQUIRE_OR_SKIP(program_exists("python3"), "python3");
  const auto done = run_process({"python3", "-c", script}, {.working_directory = folder_.path()});
  ASSERT_TRUE(done.has_value() && done->exit_code == 0) << done->errors;
  for (const int width : {1, 2, 3}) {
    const auto bytes = read_bytes(folder_.path() / fmt::format("{}.wav", width)).value();
    const auto read = parse_wav(bytes, "x.wav");
    ASSERT_TRUE(read.has_value()) << to_text(read.error());
    EXPECT_EQ(read->rate_hz, 16000u);
    EXPECT_THAT(read->samples, ElementsAre(-1, 0, testing::DoubleNear(1, std::ldexp(1.01, 1 - 8 * width))));
  }
}

TEST_F(WavImport, PythonReadsWhatIsWritten) {
  MOTE_REQUIRE_OR_SKIP(program_exists("python3"), "python3");
  const std::vector<std::int16_t> counts = {1, -2, 32767, -32768};
  ASSERT_TRUE(write_file(folder_.path() / "x.wav", std::span<const std::uint8_t>(to_wav(counts, 2, 16000)))
                  .has_value());
  const auto done = run_process({"python3", "-c",
                                 "import wave, struct\nf = wave.open('x.wav')\nprint(f.getparams()[:4], "
                                 "struct.unpack('<4h', f.readframes(9)))"},
                                {.working_directory = folder_.path()});
  ASSERT_TRUE(done.has_value());
  EXPECT_EQ(done->output, "(2, 2, 16000, 2) (1, -2, 32767, -32768)\n") << done->errors;
}

TEST_F(WavImport, ReadsRealClips) {
  const fs::path data = test::reference_data_dir() / "keywords" / "speech_commands_v001_30words";
  MOTE_REQUIRE_OR_SKIP(fs::exists(data), "reference recordings keywords/speech_commands_v001_30words");
  const auto files = list_files(data / "right", ".wav");
  ASSERT_FALSE(files.empty());
  const auto result = import_files(project_, files, options_);
  ASSERT_TRUE(result.has_value()) << to_text(result.error());
  EXPECT_EQ(result->recordings.size(), files.size());
  for (const auto& recording : result->recordings) EXPECT_LE(recording.samples, 16000);
}

}  // namespace
}  // namespace mote::recordings
