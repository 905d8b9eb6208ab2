// SPDX-License-Identifier: Apache-2.0
// The blocks of the audio front end with the tables designed here give what TensorFlow Lite Micro's signal
// library wrote down for its operators, number for number.
#include "features/design/mel_amplitude.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "features/design/fft16.h"
#include "features/design/micro_speech_front_end.h"
#include "mote/dsp/fft16.h"
#include "mote/dsp/frame.h"
#include "mote/dsp/log_scale.h"
#include "mote/dsp/noise_reduction.h"
#include "mote/dsp/pcan.h"
#include "mote/dsp/spectrum.h"
#include "support/require.h"

namespace mote::features {
namespace {

std::filesystem::path goldens() {
  return test::reference_data_dir() / "inputs/tflm/signal_ops_golden";
}

/// The lines of a file, each as its words.
std::vector<std::vector<std::string>> lines_of(std::string_view name) {
  std::ifstream file(goldens() / name);
  std::vector<std::vector<std::string>> lines;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    lines.emplace_back(std::istream_iterator<std::string>(words), std::istream_iterator<std::string>());
  }
  EXPECT_FALSE(lines.empty()) << name;
  return lines;
}

template <class T>
std::vector<T> numbers(const std::vector<std::string>& words) {
  std::vector<T> result;
  for (const std::string& word : words) result.push_back(static_cast<T>(std::stoll(word)));
  return result;
}

#define MOTE_REQUIRE_GOLDENS() \
  MOTE_REQUIRE_OR_SKIP(std::filesystem::exists(goldens()), "goldens of the signal operators")

std::int32_t size_of(const auto& items) {
  return static_cast<std::int32_t>(items.size());
}

TEST(AudioFrontEnd, WindowEqualsTheGoldens) {
  MOTE_REQUIRE_GOLDENS();
  const auto lines = lines_of("window_test1.txt");
  ASSERT_EQ(lines[0][0], "hann");
  for (std::size_t at = 1; at + 1 < lines.size(); at += 2) {
    const auto in = numbers<std::int16_t>(lines[at]);
    const auto window = hann_window_q12(size_of(in));
    std::vector<std::int16_t> out(in.size());
    dsp::apply_window(in.data(), window.data(), size_of(in), 12, out.data());
    ASSERT_EQ(out, numbers<std::int16_t>(lines[at + 1])) << "line " << at + 1;
  }
}

TEST(AudioFrontEnd, AutoScaleEqualsTheGoldens) {
  MOTE_REQUIRE_GOLDENS();
  const auto lines = lines_of("fft_auto_scale_test1.txt");
  for (std::size_t at = 0; at + 2 < lines.size(); at += 3) {
    const auto in = numbers<std::int16_t>(lines[at]);
    std::vector<std::int16_t> out(in.size());
    ASSERT_EQ(dsp::auto_scale(in.data(), size_of(in), out.data()), numbers<std::int32_t>(lines[at + 2])[0]);
    ASSERT_EQ(out, numbers<std::int16_t>(lines[at + 1])) << "line " << at + 1;
  }
}

TEST(AudioFrontEnd, FftEqualsTheGoldens) {
  MOTE_REQUIRE_GOLDENS();
  const auto lines = lines_of("rfft_test1.txt");
  const std::int32_t length = std::stoi(lines[0][0]);
  const auto twiddles = fft16_twiddles(length);
  for (std::size_t at = 1; at + 1 < lines.size(); at += 2) {
    const auto in = numbers<std::int16_t>(lines[at]);
    std::vector<std::int16_t> out(static_cast<std::size_t>(length) + 2);
    dsp::fft16<PackedComplex>(in.data(), size_of(in), length, twiddles.data(), out.data());
    ASSERT_EQ(out, numbers<std::int16_t>(lines[at + 1])) << "line " << at + 1;
    dsp::fft16<PlainComplex>(in.data(), size_of(in), length, twiddles.data(), out.data());
    ASSERT_EQ(out, numbers<std::int16_t>(lines[at + 1])) << "line " << at + 1;
  }
}

TEST(AudioFrontEnd, EnergyEqualsTheGoldens) {
  MOTE_REQUIRE_GOLDENS();
  const auto lines = lines_of("energy_test1.txt");
  const std::int32_t from = std::stoi(lines[0][0]), to = std::stoi(lines[0][1]);
  for (std::size_t at = 1; at + 1 < lines.size(); at += 2) {
    const auto in = numbers<std::int16_t>(lines[at]);
    auto wanted = numbers<std::uint32_t>(lines[at + 1]);
    std::vector<std::uint32_t> out = wanted;
    std::fill(out.begin() + from, out.begin() + to, 0xAAAAAAAA);
    dsp::spectrum_energy(in.data(), from, to, out.data());
    ASSERT_EQ(out, wanted) << "line " << at + 1;
  }
}

std::vector<std::uint64_t> through(const PaddedMelBank& bank, std::vector<std::uint32_t> energies) {
  std::vector<std::uint64_t> out(bank.widths.size() - 1);
  energies.resize(energies.size() + 4);  // a padded slope may end behind the spectrum
  const dsp::TriangleBank tables = {size_of(out),       bank.starts.data(),  bank.weight_starts.data(),
                                    bank.widths.data(), bank.weights.data(), bank.unweights.data()};
  dsp::triangle_bank(tables, energies.data(), out.data());
  return out;
}

TEST(AudioFrontEnd, FilterBankEqualsTheGoldens) {
  MOTE_REQUIRE_GOLDENS();
  const auto lines = lines_of("filter_bank_test1.txt");
  for (std::size_t at = 1; at + 1 < lines.size(); at += 2) {
    const auto in = numbers<std::uint32_t>(lines[at]);
    const auto bank = mel_bank({.sample_rate_hz = std::stod(lines[0][0]),
                                .fft_length = 2 * (size_of(in) - 1),
                                .channels = std::stoi(lines[0][1]),
                                .lower_hz = std::stod(lines[0][2]),
                                .upper_hz = std::stod(lines[0][3])});
    ASSERT_TRUE(bank) << bank.error().what;
    ASSERT_EQ(through(padded(*bank, 1, 1), in), numbers<std::uint64_t>(lines[at + 1])) << "line " << at + 1;
    ASSERT_EQ(through(padded(*bank, 2, 4), in), numbers<std::uint64_t>(lines[at + 1])) << "line " << at + 1;
  }
}

/// At 44.1 kHz the program that wrote the file had one logarithm one float away, which moved one weight by
/// one; its own test allows that too.
TEST(AudioFrontEnd, FilterBankEqualsTheGoldensOfOtherRates) {
  MOTE_REQUIRE_GOLDENS();
  for (const char* rate : {"8k", "16k", "44k"}) {
    const auto lines = lines_of(std::string("filter_bank_accumulation_") + rate + ".txt");
    std::vector<std::uint32_t> in;
    for (std::uint32_t bin = 0; bin < std::stoul(lines[0][0]); ++bin) in.push_back(bin);
    const auto bank = mel_bank({.sample_rate_hz = std::stod(lines[0][1]),
                                .fft_length = 2 * (size_of(in) - 1),
                                .channels = std::stoi(lines[0][4]),
                                .lower_hz = std::stod(lines[0][2]),
                                .upper_hz = std::stod(lines[0][3])});
    ASSERT_TRUE(bank) << bank.error().what;
    EXPECT_EQ(bank->first_bin, std::stoi(lines[0][5])) << rate;
    EXPECT_EQ(bank->end_bin(), std::stoi(lines[0][6])) << rate;
    std::vector<std::uint64_t> wanted;
    for (std::size_t at = 1; at < lines.size(); ++at) wanted.push_back(std::stoull(lines[at][0]));
    auto found = through(padded(*bank, 1, 1), in);
    if (std::string_view(rate) == "44k") {
      constexpr std::size_t kChannel = 22;
      constexpr std::uint64_t kBin = 144;
      EXPECT_EQ(found[kChannel], wanted[kChannel] + kBin);
      EXPECT_EQ(found[kChannel + 1], wanted[kChannel + 1] - kBin);
      found[kChannel] -= kBin;
      found[kChannel + 1] += kBin;
    }
    EXPECT_EQ(found, wanted) << rate;
  }
}

TEST(AudioFrontEnd, SquareRootEqualsTheGoldens) {
  MOTE_REQUIRE_GOLDENS();
  const auto lines = lines_of("filter_bank_square_root_test1.txt");
  for (std::size_t at = 0; at + 2 < lines.size(); at += 3) {
    const auto in = numbers<std::uint64_t>(lines[at]);
    std::vector<std::uint32_t> out(in.size());
    dsp::square_roots(in.data(), size_of(in), std::stoi(lines[at + 1][0]), out.data());
    ASSERT_EQ(out, numbers<std::uint32_t>(lines[at + 2])) << "line " << at + 1;
  }
}

TEST(AudioFrontEnd, NoiseReductionEqualsTheGoldens) {
  MOTE_REQUIRE_GOLDENS();
  const auto lines = lines_of("filter_bank_spectral_subtraction_test1.txt");
  const auto weight = [](double fraction) { return *noise_weight(fraction, 14); };
  const std::uint32_t one = 1U << 14, even = weight(std::stod(lines[0][1]));
  const std::uint32_t odd = std::stod(lines[0][2]) == 0 ? even : weight(std::stod(lines[0][2]));
  const dsp::NoiseReduction block = {std::stoi(lines[0][0]),
                                     true,
                                     {even, one - even, odd, one - odd, weight(std::stod(lines[0][4])),
                                      std::stoi(lines[0][3]), 14, std::stoi(lines[0][5]) != 0}};
  ASSERT_TRUE(block.valid());
  std::vector<std::uint64_t> state(static_cast<std::size_t>(block.state_bytes()) / 8, 1);
  block.restart(state.data());
  for (std::size_t at = 1; at + 2 < lines.size(); at += 3) {
    const auto in = numbers<std::uint32_t>(lines[at]);
    std::vector<std::uint32_t> out(2 * in.size());
    ASSERT_TRUE(block.push(in.data(), out.data(), state.data(), nullptr));
    auto wanted = numbers<std::uint32_t>(lines[at + 1]);
    const auto estimates = numbers<std::uint32_t>(lines[at + 2]);
    wanted.insert(wanted.end(), estimates.begin(), estimates.end());
    ASSERT_EQ(out, wanted) << "line " << at + 1;
  }
}

TEST(AudioFrontEnd, PcanEqualsTheGoldens) {
  MOTE_REQUIRE_GOLDENS();
  const auto lines = lines_of("pcan_op_test1.txt");
  const auto gains = pcan_gains({.strength = std::stod(lines[0][0]),
                                 .offset = std::stod(lines[0][1]),
                                 .gain_bits = std::stoi(lines[0][2]),
                                 .smoothing_bits = std::stoi(lines[0][3]),
                                 .correction_bits = std::stoi(lines[0][4])});
  ASSERT_TRUE(gains) << gains.error().what;
  ASSERT_EQ(size_of(gains->gains), dsp::kPcanGains);
  for (std::size_t at = 1; at + 2 < lines.size(); at += 3) {
    auto in = numbers<std::uint32_t>(lines[at]);
    const dsp::Pcan block = {size_of(in), gains->ratio_shift, gains->gains.data()};
    const auto estimates = numbers<std::uint32_t>(lines[at + 1]);
    in.insert(in.end(), estimates.begin(), estimates.end());
    std::vector<std::uint32_t> out(estimates.size());
    ASSERT_TRUE(block.push(in.data(), out.data(), nullptr, nullptr));
    ASSERT_EQ(out, numbers<std::uint32_t>(lines[at + 2])) << "line " << at + 1;
  }
}

std::vector<std::int16_t> framed(const dsp::Frame<std::int16_t>& block, const std::vector<std::int16_t>& in,
                                 std::vector<std::uint64_t>& state) {
  std::vector<std::int16_t> out;
  std::vector<std::int16_t> frame(static_cast<std::size_t>(block.outputs()));
  for (const std::int16_t sample : in)
    if (block.push(&sample, frame.data(), state.data(), nullptr)) out = frame;
  return out;
}

TEST(AudioFrontEnd, FramesEqualTheGoldensOfTheFramer) {
  MOTE_REQUIRE_GOLDENS();
  const auto lines = lines_of("framer_test1.txt");
  const dsp::Frame<std::int16_t> block = {1, std::stoi(lines[0][0]), std::stoi(lines[0][1])};
  std::vector<std::uint64_t> state(static_cast<std::size_t>(block.state_bytes()) / 8);
  block.restart(state.data());
  for (std::size_t at = 1; at + 2 < lines.size(); at += 3) {
    const auto out = framed(block, numbers<std::int16_t>(lines[at]), state);
    const bool is_valid = lines[at + 2][0] == "1";
    ASSERT_EQ(!out.empty(), is_valid) << "line " << at + 1;
    if (is_valid) {
      ASSERT_EQ(out, numbers<std::int16_t>(lines[at + 1])) << "line " << at + 2;
    }
  }
}

/// A stacker is a framer of frames, before the first of which it sees that one `left` times more.
TEST(AudioFrontEnd, FramesEqualTheGoldensOfTheStacker) {
  MOTE_REQUIRE_GOLDENS();
  const auto lines = lines_of("stacker_test1.txt");
  const std::int32_t left = std::stoi(lines[0][1]), right = std::stoi(lines[0][2]);
  const dsp::Frame<std::int16_t> block = {std::stoi(lines[0][0]), left + 1 + right, std::stoi(lines[0][3])};
  std::vector<std::uint64_t> state(static_cast<std::size_t>(block.state_bytes()) / 8);
  block.restart(state.data());
  std::vector<std::int16_t> out(static_cast<std::size_t>(block.outputs()));
  const auto first = numbers<std::int16_t>(lines[1]);
  for (std::int32_t copy = 0; copy < left; ++copy)
    ASSERT_FALSE(block.push(first.data(), out.data(), state.data(), nullptr));
  for (std::size_t at = 1; at + 2 < lines.size(); at += 3) {
    const auto in = numbers<std::int16_t>(lines[at]);
    const bool is_valid = block.push(in.data(), out.data(), state.data(), nullptr);
    ASSERT_EQ(is_valid, lines[at + 2][0] == "1") << "line " << at + 1;
    if (is_valid) {
      ASSERT_EQ(out, numbers<std::int16_t>(lines[at + 1])) << "line " << at + 2;
    }
  }
}

template <class T>
std::vector<T> elements_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  std::vector<T> items(bytes.size() / sizeof(T));
  std::memcpy(items.data(), bytes.data(), items.size() * sizeof(T));
  return items;
}

TEST(AudioFrontEnd, ChainEqualsTheGoldensOfTheAudioPreprocessor) {
  const std::filesystem::path folder = test::reference_data_dir() / "golden/audio_preprocessor_int8";
  MOTE_REQUIRE_OR_SKIP(std::filesystem::exists(folder), "goldens of the audio preprocessor");
  MicroSpeechFrontEnd kept;
  for (const std::string k : {"0", "1", "2", "3", "4", "5", "6", "7"}) {
    const auto frame = elements_of<std::int16_t>(folder / ("in_" + k + ".bin"));
    ASSERT_EQ(frame.size(), 480U);
    EXPECT_EQ(MicroSpeechFrontEnd().quantized(frame.data()),
              elements_of<std::int8_t>(folder / ("out_" + k + ".bin")))
        << k;
    EXPECT_EQ(kept.quantized(frame.data()), elements_of<std::int8_t>(folder / ("seq_out_" + k + ".bin")))
        << k;
  }
}

}  // namespace
}  // namespace mote::features
