// SPDX-License-Identifier: Apache-2.0
// The keyword features of MLPerf Tiny from raw samples, against the benchmark's own inputs (made by
// TensorFlow) and against the same pipeline in 64-bit floats, which tells how much of the difference is fixed
// point.
#include "keyword_front_end.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <complex>
#include <filesystem>
#include <fstream>

#include "execute/executor.h"
#include "keyword_design.h"
#include "spectral_test.h"
#include "support/require.h"
#include "tflite/tflite.h"

namespace mote {
namespace {

namespace fs = std::filesystem;
using test::KeywordFrontEnd;

template <class T>
std::vector<T> read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::vector<T> items(static_cast<std::size_t>(fs::file_size(path)) / sizeof(T));
  file.read(reinterpret_cast<char*>(items.data()), static_cast<std::streamsize>(items.size() * sizeof(T)));
  return items;
}

/// What the training script computes, in 64-bit floats: Hann window, magnitudes, HTK mel bands, ln(x + 1e-6),
/// DCT.
class FloatFrontEnd {
 public:
  FloatFrontEnd() {
    const auto mel = [](double hz) { return 1127 * std::log(1 + hz / 700); };
    const double low = mel(20), width = (mel(4000) - low) / (kBands + 1);
    for (int band = 0; band < kBands; ++band)
      for (int bin = 0; bin < kBins; ++bin) {
        const double at = (mel(bin * 16000.0 / 512) - low) / width - band;
        mel_[band][bin] = bin == 0 ? 0 : std::max(0.0, std::min(at, 2 - at));
      }
  }

  std::vector<std::int8_t> run(const std::vector<std::int16_t>& clip, double scale,
                               std::int32_t zero_point) const {
    const double peak = *std::ranges::max_element(clip);
    std::vector<std::int8_t> features;
    for (int frame = 0; frame < KeywordFrontEnd::kFrames; ++frame) {
      std::vector<double> values;
      for (int index = 0; index < KeywordFrontEnd::kLength; ++index)
        values.push_back(clip[static_cast<std::size_t>(frame * KeywordFrontEnd::kStep + index)] / peak *
                         (0.5 - 0.5 * std::cos(2 * std::numbers::pi * index / KeywordFrontEnd::kLength)));
      const auto bins = transform(values);
      for (int coefficient = 0; coefficient < KeywordFrontEnd::kCoefficients; ++coefficient) {
        double sum = 0;
        for (int band = 0; band < kBands; ++band) {
          double energy = 0;
          for (int bin = 0; bin < kBins; ++bin)
            energy += std::abs(bins[static_cast<std::size_t>(bin)]) * mel_[band][bin];
          sum += std::log(energy + 1e-6) * std::cos(std::numbers::pi * coefficient * (band + 0.5) / kBands);
        }
        const double quantized = sum * std::sqrt(2.0 / kBands) / scale + zero_point;
        features.push_back(static_cast<std::int8_t>(std::clamp(std::trunc(quantized), -128.0, 127.0)));
      }
    }
    return features;
  }

 private:
  static constexpr int kBands = KeywordFrontEnd::kBands;
  static constexpr int kBins = 129;

  /// Bins 0 ... 128 of 512 by an ordinary recursive transform.
  static std::vector<std::complex<double>> transform(const std::vector<double>& values) {
    std::vector<std::complex<double>> padded(values.begin(), values.end());
    padded.resize(512);
    return split(padded);
  }
  static std::vector<std::complex<double>> split(const std::vector<std::complex<double>>& values) {
    if (values.size() == 1) return values;
    std::vector<std::complex<double>> even, odd, bins(values.size());
    for (std::size_t index = 0; index < values.size(); index += 2) {
      even.push_back(values[index]);
      odd.push_back(values[index + 1]);
    }
    even = split(even);
    odd = split(odd);
    for (std::size_t bin = 0; bin < even.size(); ++bin) {
      const auto turned = odd[bin] * std::polar(1.0, -2 * std::numbers::pi * static_cast<double>(bin) /
                                                         static_cast<double>(values.size()));
      bins[bin] = even[bin] + turned;
      bins[bin + even.size()] = even[bin] - turned;
    }
    return bins;
  }

  double mel_[kBands][kBins] = {};
};

struct Differences {
  std::int64_t differing = 0;
  int largest = 0;

  void add(const std::vector<std::int8_t>& found, const std::vector<std::int8_t>& expected) {
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t index = 0; index < found.size(); ++index) {
      const int difference = std::abs(found[index] - expected[index]);
      differing += difference != 0 ? 1 : 0;
      largest = std::max(largest, difference);
    }
  }
};

TEST(KeywordFrontEnd, equals_the_benchmarks_inputs_within_one_step_and_gives_the_model_the_same_top_class) {
  const fs::path clips = test::reference_data_dir() / "keywords" / "speech_commands_kws01open";
  const fs::path model = test::reference_data_dir() / "models" / "mlperf_tiny" / "kws_ref_model_int8.tflite";
  MOTE_REQUIRE_OR_SKIP(fs::exists(clips / "td_samples") && fs::exists(model),
                       "the keyword clips and model of MLPerf Tiny");
  const auto graph = tflite::read_file(model);
  ASSERT_TRUE(graph.has_value()) << graph.error().what;
  const auto quantization = graph->value(graph->inputs[0]).quantization;
  ASSERT_TRUE(quantization.has_value());
  const double scale = static_cast<double>(quantization->scale[0]);
  const std::int32_t zero_point = static_cast<std::int32_t>(quantization->zero_point[0]);
  auto executor = execute::Executor::create(*graph);
  ASSERT_TRUE(executor.has_value()) << executor.error().what;
  const auto top_class = [&](const std::vector<std::int8_t>& features) {
    const std::span<const std::uint8_t> bytes(reinterpret_cast<const std::uint8_t*>(features.data()),
                                              features.size());
    EXPECT_TRUE(executor->run_bytes(bytes).has_value());
    const auto output = executor->output(0);
    return std::ranges::max_element(output, {},
                                    [](std::uint8_t byte) { return static_cast<std::int8_t>(byte); }) -
           output.begin();
  };

  const test::KeywordDesign design;
  const KeywordFrontEnd front_end = design.front_end();
  const auto to_int8 = test::KeywordDesign::quantization(scale, zero_point);
  const FloatFrontEnd exact;
  KeywordFrontEnd::Buffers buffers;
  std::int64_t values = 0, files = 0, other_class = 0;
  Differences ours, floats, fixed_point;
  for (const auto& entry : fs::directory_iterator(clips / "td_samples")) {
    const auto clip = read<std::int16_t>(entry.path());
    const auto expected = read<std::int8_t>(clips / "mfcc" / entry.path().filename());
    ASSERT_EQ(clip.size(), static_cast<std::size_t>(KeywordFrontEnd::kClip));
    std::vector<std::int8_t> found(KeywordFrontEnd::kFrames * KeywordFrontEnd::kCoefficients);
    front_end.run(clip.data(), to_int8, found.data(), buffers);
    const auto in_floats = exact.run(clip, scale, zero_point);
    ours.add(found, expected);
    floats.add(in_floats, expected);
    fixed_point.add(found, in_floats);
    other_class += top_class(found) != top_class(expected) ? 1 : 0;
    values += static_cast<std::int64_t>(found.size());
    ++files;
  }
  fmt::print(
      "{} files, {} values: {} differ from the benchmark's by at most {}; 64-bit floats: {} by {}; fixed "
      "point "
      "against floats: {} by {}; {} files with another top class\n",
      files, values, ours.differing, ours.largest, floats.differing, floats.largest, fixed_point.differing,
      fixed_point.largest, other_class);
  ASSERT_GE(files, 200);
  EXPECT_LE(ours.largest, 1);
  EXPECT_LE(fixed_point.largest, 1);
  // Of values whose exact position between two steps is uniform, an error of e steps moves e across one.
  // TensorFlow's 32-bit floats and ours differ from the exact values by less than 1/100 of a step of int8.
  EXPECT_LE(ours.differing, values / 100);
  EXPECT_EQ(other_class, 0);
}

TEST(KeywordFrontEnd, of_silence_is_the_logarithm_of_the_offset_alone) {
  const test::KeywordDesign design;
  const KeywordFrontEnd front_end = design.front_end();
  KeywordFrontEnd::Buffers buffers;
  const std::vector<std::int16_t> clip(KeywordFrontEnd::kClip, 0);
  std::vector<std::int8_t> features(KeywordFrontEnd::kFrames * KeywordFrontEnd::kCoefficients);
  front_end.run(clip.data(), test::KeywordDesign::quantization(1.0, 0), features.data(), buffers);
  const double first = std::log(1e-6) * 40 * std::sqrt(2.0 / 40);  // -123.6
  for (std::size_t index = 0; index < features.size(); ++index)
    ASSERT_EQ(features[index], index % KeywordFrontEnd::kCoefficients == 0 ? std::trunc(first) : 0) << index;
}

}  // namespace
}  // namespace mote
