// SPDX-License-Identifier: Apache-2.0
// The audio front end as a project file names it: the features of micro_speech, and what is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "features/design/micro_speech_front_end.h"
#include "features/pipeline.h"

namespace mote::features {
namespace {

using project::FeatureBlock;
using ::testing::HasSubstr;

project::SensorDescription microphone() {
  return {.name = "",
          .rate_millihertz = 16000000,
          .mounting = "",
          .groups = {{project::SensorKind::kMicrophone, {"sound"}, project::Unit::kFullScale, 1.0}}};
}

FeatureBlock block(std::string name, Json settings = Json::object()) {
  return {std::move(name), std::move(settings), "mote.toml:7"};
}

const FeatureBlock kFrame = block("frame", {{"length_ms", 30}, {"step_ms", 20}});

std::string error_of(const std::vector<FeatureBlock>& blocks) {
  const auto pipeline = Pipeline::create(blocks, microphone());
  return pipeline.has_value() ? "" : to_text(pipeline.error());
}

TEST(AudioBlocks, GiveTheFeaturesOfMicroSpeech) {
  for (const FrontEnd front_end : {FrontEnd::kSignalLibrary, FrontEnd::kMicrofrontend}) {
    const char* const name = front_end == FrontEnd::kSignalLibrary ? "signal_library" : "microfrontend";
    const auto pipeline =
        Pipeline::create({kFrame, block("mel_amplitude", {{"front_end", name}}),
                          block("noise_reduction", {{"estimates", true}}), block("pcan"), block("log_scale")},
                         microphone());
    ASSERT_TRUE(pipeline.has_value()) << to_text(pipeline.error());
    EXPECT_EQ(pipeline->columns(), 40);
    std::mt19937 random(1);
    std::vector<std::int16_t> samples;
    for (int n = 0; n < 16000; ++n)
      samples.push_back(static_cast<std::int16_t>(static_cast<std::int16_t>(random()) >> (n / 2000)));
    MicroSpeechFrontEnd wanted(front_end);
    std::vector<std::int16_t> rows;
    for (std::size_t at = 0; at + 480 <= samples.size(); at += 320) {
      const auto row = wanted.features(samples.data() + at);
      rows.insert(rows.end(), row.begin(), row.end());
    }
    ASSERT_EQ(rows.size(), 49U * 40U);
    EXPECT_EQ(rows_of(*pipeline, samples), rows) << name;
  }
}

TEST(AudioBlocks, RefuseWhatTheyCannotTake) {
  const FeatureBlock mel = block("mel_amplitude"), noise = block("noise_reduction");
  EXPECT_THAT(error_of({mel}), HasSubstr("takes frames of one channel of samples"));
  EXPECT_THAT(error_of({kFrame, block("mel_amplitude", {{"upper_hz", 9000}})}),
              HasSubstr("mel_amplitude.upper_hz"));
  EXPECT_THAT(error_of({kFrame, block("mel_amplitude", {{"lower_hz", 7600}})}),
              HasSubstr("frequency range is 7600 to 7500 Hz"));
  EXPECT_THAT(error_of({kFrame, block("mel_amplitude", {{"upper_hz", 8000}})}),
              HasSubstr("the highest bin of the spectrum"));
  EXPECT_THAT(error_of({kFrame, noise}), HasSubstr("block \"noise_reduction\" takes amplitudes"));
  EXPECT_THAT(error_of({kFrame, mel, noise, block("pcan")}),
              HasSubstr("takes amplitudes with estimates of their noise"));
  EXPECT_THAT(error_of({kFrame, mel, block("noise_reduction", {{"even_smoothing", 1.5}})}),
              HasSubstr("noise_reduction.even_smoothing is 1.5"));
  EXPECT_THAT(error_of({kFrame, mel, block("log_scale", {{"scale", 4000}})}),
              HasSubstr("log_scale.scale is 4000"));
  EXPECT_THAT(error_of({block("frame", {{"length_ms", 200}, {"step_ms", 20}}), mel}),
              HasSubstr("takes an even number of samples, at most 2048, and gets 3200"));
}

}  // namespace
}  // namespace mote::features
