// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <numeric>

#include "bench/measure.h"
#include "compile/test_graphs.h"
#include "support/require.h"

namespace mote::bench {
namespace {

using testing::HasSubstr;

TEST(Counts, AreReadLineByLine) {
  const auto counts = parse_counts("1 2 3 4 5 6 7 8\n10 20 30 40 50 60 70 80\n");
  ASSERT_TRUE(counts.has_value());
  ASSERT_EQ(counts->size(), 2u);
  EXPECT_EQ((*counts)[1].cycles, 20);
  EXPECT_EQ((*counts)[1].code_bytes, 80);
  EXPECT_FALSE(parse_counts("1 2 3\n").has_value());
  EXPECT_FALSE(parse_counts("one\n").has_value());
}

class OnTheEmulatedBoard : public testing::Test {
 protected:
  void SetUp() override {
    MOTE_REQUIRE_OR_SKIP(test::have_tool("arm-none-eabi-g++") && test::have_tool("qemu-system-arm"),
                         "arm-none-eabi-g++ and qemu-system-arm");
  }
  static boards::Board board() { return boards::load("qemu-mps2-an386").value(); }
};

TEST_F(OnTheEmulatedBoard, TheLayersAddUpToTheWhole) {
  const auto measured = measure(compile::gesture_graph(), board(), {.isa = compile::Isa::kCortexMDsp});
  ASSERT_TRUE(measured.has_value()) << to_text(measured.error());
  ASSERT_EQ(measured->layers.size(), 4u);
  const auto sum = std::accumulate(
      measured->layers.begin(), measured->layers.end(), std::int64_t{0},
      [](std::int64_t so_far, const LayerMeasurement& layer) { return so_far + layer.counts.instructions; });
  // A mark between two layers costs a few instructions for registers that must be saved.
  EXPECT_NEAR(static_cast<double>(sum), static_cast<double>(measured->total.instructions), 60.0);
  EXPECT_GT(measured->total.instructions, measured->macs) << "no core does more than one a MAC here";
  EXPECT_GT(measured->total.cycles, measured->total.instructions);
  EXPECT_EQ(measured->macs, 10160);
  EXPECT_EQ(
      measured->ram_bytes,
      compile::compile(compile::gesture_graph(), {.isa = compile::Isa::kCortexMDsp})->layout.total_bytes);
  EXPECT_GT(measured->code_bytes, measured->total.code_bytes / 2);
  EXPECT_GT(measured->stack_bytes, 0);
}

TEST_F(OnTheEmulatedBoard, TheSameTwiceIsTheSame) {
  const auto once = measure_total(compile::gesture_graph(), board(), {.isa = compile::Isa::kCortexMDsp});
  const auto twice = measure_total(compile::gesture_graph(), board(), {.isa = compile::Isa::kCortexMDsp});
  ASSERT_TRUE(once.has_value() && twice.has_value());
  EXPECT_EQ(to_json(*once), to_json(*twice));
}

TEST_F(OnTheEmulatedBoard, SaysWhatTheNextBestKernelWouldHaveCost) {
  const auto measured = measure(compile::gesture_graph(), board(), {.isa = compile::Isa::kCortexMDsp});
  ASSERT_TRUE(measured.has_value());
  const LayerMeasurement& dense = measured->layers[0];
  EXPECT_EQ(dense.variant, "cortex_m_dsp");
  EXPECT_EQ(dense.next_variant, "plain");
  ASSERT_TRUE(dense.next_instructions.has_value());
  EXPECT_GT(*dense.next_instructions, dense.counts.instructions);
}

TEST(Measure, CountsOnRiscvToo) {
  MOTE_REQUIRE_OR_SKIP(test::have_tool("riscv64-unknown-elf-g++") && test::have_tool("qemu-system-riscv32"),
                       "riscv64-unknown-elf-g++ and qemu-system-riscv32");
  const auto measured = measure(compile::gesture_graph(), boards::load("qemu-riscv32-virt").value(),
                                {.isa = compile::Isa::kRiscv32});
  ASSERT_TRUE(measured.has_value()) << to_text(measured.error());
  EXPECT_EQ(measured->layers[0].variant, "blocked");
  EXPECT_EQ(measured->total.cycles, 0) << "not known";
  // Each product loads a weight, multiplies and adds.
  EXPECT_GT(measured->total.instructions, 3 * measured->macs);
  EXPECT_LT(measured->total.instructions, 4 * measured->macs);
  EXPECT_GT(measured->total.loads, measured->macs);
  EXPECT_GE(measured->total.multiplications, measured->macs);
  EXPECT_GT(measured->total.stores, 0);
  EXPECT_GT(measured->total.taken_branches, 0);
}

TEST(Measure, ABoardWithoutQemuIsRefused) {
  boards::Board board = boards::load("qemu-mps2-an386").value();
  board.emulator = "simavr";
  EXPECT_THAT(measure_total(compile::gesture_graph(), board, {}).error().what,
              HasSubstr("is not emulated by QEMU"));
}

}  // namespace
}  // namespace mote::bench
