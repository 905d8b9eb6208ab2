// SPDX-License-Identifier: Apache-2.0
// Two models in one firmware, in the emulator: the second runs on the windows that the first decides for one
// class and on no other, both give what each gives alone on the host, and they share memory but no state.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/text.h"
#include "other_model/other.h"
#include "simulate/simulate_fixture.h"

namespace mote::simulate {
namespace {

using ::testing::ContainsRegex;
using Other = mote_models::other::Model;

class SecondModel : public SimulateFixture, public ::testing::WithParamInterface<std::string> {
 protected:
  void SetUp() override {
    use_board(GetParam());
    firmware_.woken = firmware::WokenModel{
        "other", std::filesystem::path(MOTE_SOURCE_DIR) / "tests/support/other_model", 1};
  }

  /// A copy of a hand-written model under another identifier, with one text in its sources replaced.
  std::filesystem::path copy_of(const std::string& model, const std::string& identifier,
                                const std::string& text, const std::string& by) {
    const auto from = std::filesystem::path(MOTE_SOURCE_DIR) / "tests/support" / (model + "_model");
    const auto to = folder_.path() / identifier;
    for (const std::string suffix : {".h", ".cpp"}) {
      std::string source = read_text(from / (model + suffix)).value();
      for (const auto& [found, replacement] :
           {std::pair{"namespace " + model, "namespace " + identifier},
            std::pair{"\"" + model + ".h\"", "\"" + identifier + ".h\""}, std::pair{text, by}})
        if (const auto at = source.find(found); at != std::string::npos)
          source.replace(at, found.size(), replacement);
      EXPECT_TRUE(write_file(to / (identifier + suffix), source).has_value());
    }
    return to;
  }
};

TEST_P(SecondModel, gives_what_it_gives_on_the_host_where_it_is_woken_and_leaves_the_first_one_alone) {
  build();
  const Recording recording = motion("a", 803, 1);
  const auto played = play_or_fail(recording);
  const auto first = by_plain_loop(recording);
  const auto second = woken_by_plain_loop<Other>(recording, "flex");
  ASSERT_GT(second.size(), 5u);
  ASSERT_LT(second.size(), first.size() - 5);
  EXPECT_EQ(played.transcript.windows, first);
  EXPECT_EQ(played.transcript.woken, second);
  ASSERT_TRUE(played.transcript.end.has_value());
  EXPECT_EQ(played.transcript.end->lost, 0);
  EXPECT_EQ(played.transcript.second.at("model"), "other");
  EXPECT_EQ(played.transcript.second.at("version"), "0.1.0");
  EXPECT_EQ(played.transcript.second.at("woken_by"), "flex");
  EXPECT_EQ(facts(request_.board, {played}).value()["recordings"][0]["woken"].size(), second.size());
}

TEST_P(SecondModel, shares_the_working_memory_of_the_first) {
  const auto bss = [this] { return built_["sections"][".bss"].get<int>(); };
  build();
  const int with_both = bss();
  const auto played = play_or_fail(motion("a", 20, 1));
  EXPECT_EQ(played.transcript.boot.at("memory"), std::to_string(Other::kMemoryBytes));
  EXPECT_EQ(played.transcript.second.at("memory"), std::to_string(Other::kMemoryBytes));
  firmware_.woken.reset();
  build();
  EXPECT_EQ(play_or_fail(motion("a", 20, 1)).transcript.boot.at("memory"),
            std::to_string(Model::kMemoryBytes));
  // The larger plan instead of both, and the second one's window with some words about it.
  EXPECT_LE(with_both - bss(), Other::kMemoryBytes - Model::kMemoryBytes + Other::kInputBytes + 28);
}

TEST_P(SecondModel, may_be_the_first_one_under_another_identifier) {
  firmware_.woken = firmware::WokenModel{"linear_2", copy_of("linear", "linear_2", "", ""), 1};
  build();
  const Recording recording = motion("a", 403, 1);
  const auto played = play_or_fail(recording);
  EXPECT_EQ(played.transcript.windows, by_plain_loop(recording));
  ASSERT_GT(played.transcript.woken.size(), 3u);
  EXPECT_EQ(played.transcript.woken, woken_by_plain_loop<Model>(recording, "flex"));
}

TEST_P(SecondModel, stops_the_firmware_if_its_weights_are_damaged) {
  build();
  flip_a_bit_of_the_weights("other");
  const auto played = play_or_fail(motion("a", 100, 1));
  expect_fault(played, "constants_corrupted", 7);
  EXPECT_TRUE(played.transcript.windows.empty());
}

TEST_P(SecondModel, is_refused_if_it_takes_other_samples_or_has_the_first_ones_name) {
  firmware_.woken->generated = copy_of("other", "other", "SensorContract<100000", "SensorContract<50000");
  EXPECT_THAT(build_error().what, ContainsRegex("RequireSampleRate<50000[lL]*, 100000[lL]*>"));
  firmware_.woken->generated = copy_of("other", "other", "kWindowSamples = 20", "kWindowSamples = 40");
  EXPECT_THAT(build_error().what, ContainsRegex("RequireWindow<40[lL]*, 20[lL]*>"));
  firmware_.woken->model = "linear";
  firmware_.woken->generated = firmware_.generated;
  EXPECT_EQ(build_error().what, "both models are called 'linear'");
}

INSTANTIATE_TEST_SUITE_P(Boards, SecondModel,
                         ::testing::Values("qemu-mps2-an386", "qemu-riscv32-virt", "simavr-atmega328p"),
                         [](const auto& board) {
                           std::string name = board.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace mote::simulate
