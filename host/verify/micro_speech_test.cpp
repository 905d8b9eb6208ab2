// SPDX-License-Identifier: Apache-2.0
// From a second of audio to the word in it: the blocks of the audio front end, and the imported audio
// preprocessor, in front of micro_speech's network.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "core/files.h"
#include "execute/executor.h"
#include "features/design/micro_speech_front_end.h"
#include "support/require.h"
#include "tflite/tflite.h"

namespace mote::verify {
namespace {

constexpr std::size_t kWavHeaderBytes = 44, kSamples = 480, kStep = 320, kFrames = 49;
constexpr std::array<std::string_view, 4> kLabels = {"silence", "unknown", "yes", "no"};

/// The samples of a recording of a second.
std::vector<std::int16_t> samples_of(const std::filesystem::path& path) {
  const auto bytes = read_bytes(path);
  EXPECT_TRUE(bytes) << path;
  std::vector<std::int16_t> samples((bytes->size() - kWavHeaderBytes) / 2);
  std::memcpy(samples.data(), bytes->data() + kWavHeaderBytes, samples.size() * 2);
  EXPECT_EQ(samples.size(), 16000U);
  return samples;
}

std::span<const std::uint8_t> bytes_of(const auto& items) {
  return {reinterpret_cast<const std::uint8_t*>(items.data()), items.size_bytes()};
}

using Features = std::vector<std::uint8_t>;

Features by_blocks(std::span<const std::int16_t> samples) {
  features::MicroSpeechFrontEnd front_end;
  Features all;
  for (std::size_t frame = 0; frame < kFrames; ++frame)
    for (const std::int8_t feature : front_end.quantized(samples.data() + frame * kStep))
      all.push_back(static_cast<std::uint8_t>(feature));
  return all;
}

Features by_preprocessor(execute::Executor& preprocessor, std::span<const std::int16_t> samples) {
  preprocessor.reset();
  Features all;
  for (std::size_t frame = 0; frame < kFrames; ++frame) {
    EXPECT_TRUE(preprocessor.run_bytes(bytes_of(samples.subspan(frame * kStep, kSamples))));
    const auto output = preprocessor.output(0);
    all.insert(all.end(), output.begin(), output.end());
  }
  return all;
}

execute::Executor executor_of(std::string_view model) {
  const auto graph = tflite::read_file(test::reference_data_dir() / "models/tflm" / model);
  EXPECT_TRUE(graph) << to_text(graph.error());
  auto executor = execute::Executor::create(*graph);
  EXPECT_TRUE(executor) << to_text(executor.error());
  return std::move(*executor);
}

TEST(MicroSpeech, HearsTheWordsOfTheRecordings) {
  const std::filesystem::path folder = test::reference_data_dir() / "inputs/tflm/micro_speech";
  MOTE_REQUIRE_OR_SKIP(std::filesystem::exists(folder), "recordings for micro_speech");
  execute::Executor network = executor_of("micro_speech_quantized.tflite");
  execute::Executor preprocessor = executor_of("audio_preprocessor_int8.tflite");
  const std::pair<const char*, std::string_view> recordings[] = {
      {"yes", "yes"}, {"no", "no"}, {"silence", "silence"}, {"noise", "silence"}};
  for (const auto& [name, word] : recordings) {
    const auto samples = samples_of(folder / (std::string(name) + "_1000ms.wav"));
    const Features features = by_blocks(samples);
    EXPECT_EQ(by_preprocessor(preprocessor, samples), features) << name;
    ASSERT_TRUE(network.run_bytes(features));
    const auto output = network.output(0);
    ASSERT_EQ(output.size(), kLabels.size());
    const auto score = [](std::uint8_t byte) { return static_cast<std::int8_t>(byte); };
    const auto best = std::ranges::max_element(output, {}, score) - output.begin();
    EXPECT_EQ(kLabels[static_cast<std::size_t>(best)], word) << name;
    // The recording of silence is zeros alone, about which the network is not sure.
    if (std::string_view(name) != "silence") {
      EXPECT_GT(score(output[static_cast<std::size_t>(best)]), 64) << name << ": less than 3 of 4 sure";
    }
  }
}

}  // namespace
}  // namespace mote::verify
