// SPDX-License-Identifier: Apache-2.0
// The whole firmware of the gesture model 300-32-16-3 as `mote firmware` builds it for release, with a stored
// window: its memory, its boot, its interrupt; and two such models in one image. All of it is emulated and
// the same in every run.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "boards/emulator.h"
#include "compile/compile.h"
#include "compile/second_model.h"
#include "compile/test_graphs.h"
#include "core/files.h"
#include "core/random.h"
#include "core/text.h"
#include "firmware/firmware.h"
#include "mote/core/crc.h"
#include "mote/dsp/window.h"
#include "mote/runtime/decision.h"
#include "simulate/emulated_run.h"
#include "simulate/simulate.h"
#include "support/require.h"

namespace mote {
namespace {

constexpr int kWindow = 100, kHop = 20, kAxes = 3;

simulate::Recording motion(int samples, std::uint64_t seed) {
  Rng rng(seed);
  simulate::Recording recording{"motion", {}};
  for (int index = 0; index < samples * kAxes; ++index)
    recording.counts.push_back(static_cast<std::int16_t>(static_cast<int>(rng.below(16384)) - 8192));
  return recording;
}

std::vector<std::int16_t> window_of(const simulate::Recording& recording, std::int64_t window) {
  const auto first = recording.counts.begin() + dsp::window_start(window, kHop) * kAxes;
  return {first, first + kWindow * kAxes};
}

class GestureFirmware : public ::testing::Test {
 protected:
  void use_board(const std::string& name) {
    request_.board = boards::load(name).value();
    for (const std::string& tool : {request_.board.compiler, std::string("make"), request_.board.emulator})
      MOTE_REQUIRE_OR_SKIP(test::have_tool(tool), tool);
    request_.axes = kAxes;
    request_.rate_millihertz = 100000;
  }

  /// The generated files of a model, in a folder of its own.
  std::string generate(const graph::Graph& model, const std::filesystem::path& folder,
                       const std::string& identifier = {}) {
    const auto compiled =
        compile::compile(model, {.isa = compile::isa_from(request_.board.isa).value(),
                                 .optimize = compile::default_optimize(request_.board.flash_bytes),
                                 .identifier = identifier});
    EXPECT_TRUE(compiled.has_value()) << to_text(compiled.error());
    if (!compiled.has_value()) return {};
    for (const auto& file : compiled->files)
      EXPECT_TRUE(write_file(folder / file.name, std::string_view(file.content)).has_value());
    memory_bytes_ = compiled->layout.total_bytes;
    return compiled->identifier;
  }

  void build(const graph::Graph& model) {
    firmware_.generated = folder_.path() / "generated";
    firmware_.model = generate(model, firmware_.generated);
    firmware_.sensor = *model.metadata.sensor;
    firmware_.hop_samples = kHop;
    firmware_.board = request_.board;
    firmware_.output = folder_.path() / "firmware";
    firmware_.decision.refractory_seconds = 0.8;
    firmware_.self_test = firmware::self_test_of(model, motion(kWindow, 3).counts).value();
    const auto result = firmware::build(firmware_);
    ASSERT_TRUE(result.has_value()) << to_text(result.error());
    request_.image = result->image;
    memory_ = result->memory;
    facts_ = result->facts;
  }

  /// What the emulator writes about a run into the file that `arguments` name.
  std::string trace(const simulate::Recording& recording, std::vector<std::string> arguments) {
    const auto folder = folder_.path() / "run";
    EXPECT_TRUE(write_file(folder / "recording.bin", simulate::playback_file(request_, recording)));
    arguments.insert(arguments.end(), {"-D", "trace.txt", "-icount",
                                       fmt::format("shift={},sleep=off", *request_.board.icount_shift)});
    const auto run = boards::run_emulator(request_.board, {.folder = folder,
                                                           .image = std::filesystem::absolute(request_.image),
                                                           .command_line = "recording.bin",
                                                           .arguments = std::move(arguments)});
    EXPECT_TRUE(run.has_value()) << to_text(run.error());
    EXPECT_THAT(run.value_or(""), ::testing::HasSubstr("mote-end"));
    return read_text(folder / "trace.txt", std::uintmax_t{1} << 31).value_or("");
  }

  test::TemporaryDirectory folder_;
  simulate::SimulateRequest request_;
  firmware::FirmwareRequest firmware_;
  firmware::MemoryUse memory_;
  Json facts_;
  std::int64_t memory_bytes_ = 0;  ///< of the model that was generated last
};

TEST_F(GestureFirmware, takes_at_most_20_KB_of_flash_and_4_KB_of_static_RAM) {
  use_board("qemu-mps2-an386");
  build(compile::gesture_graph());
  EXPECT_LE(memory_.flash_bytes, 20 * 1024) << facts_["sections"];
  EXPECT_LE(memory_.ram_bytes - memory_.stack_bytes, 4 * 1024);
  RecordProperty("flash_bytes", std::to_string(memory_.flash_bytes));
  RecordProperty("static_ram_bytes", std::to_string(memory_.ram_bytes - memory_.stack_bytes));
}

TEST_F(GestureFirmware, takes_its_first_sample_within_50_ms_of_reset) {
  use_board("qemu-mps2-an386");
  build(compile::gesture_graph());
  // The board reads its counter beside each change of the LEDs; the first read that no such change follows is
  // that of the first sample's interrupt, which measures the rate.
  const std::string text = trace(motion(30, 1), {"-trace", "mps2_fpgaio_*"});
  const auto lines = split(text, '\n');
  std::optional<std::uint64_t> first_ticks;
  for (std::size_t line = 0; line + 1 < lines.size() && !first_ticks; ++line) {
    if (!lines[line].starts_with("mps2_fpgaio_read") || lines[line].find("offset 0x18") == lines[line].npos)
      continue;
    if (lines[line + 1].find("offset 0x0 ") != std::string_view::npos) continue;
    const std::string value(lines[line].substr(lines[line].find("data 0x") + 7));
    first_ticks = std::stoull(value, nullptr, 16);
  }
  ASSERT_TRUE(first_ticks.has_value());
  const double ms = static_cast<double>(*first_ticks) * 1000 / static_cast<double>(request_.board.time_hz);
  EXPECT_LE(ms, 50);
  EXPECT_GE(ms, 10);  // the first sample comes a period after sampling starts
  RecordProperty("boot_to_first_sample_us", std::to_string(static_cast<int>(ms * 1000)));
}

TEST_F(GestureFirmware, handles_a_sample_in_at_most_200_instructions_from_entry_to_exit) {
  use_board("qemu-mps2-an386");
  build(compile::gesture_graph());
  // One line an instruction, but for what runs for long outside of the interrupt.
  const auto image = firmware::read_elf(read_bytes(request_.image).value(), "image").value();
  std::vector<std::pair<std::uint32_t, std::uint32_t>> shown;
  for (const auto& symbol : image.symbols) {
    if (!symbol.function || symbol.bytes == 0) continue;
    const std::string name = symbol.name.substr(0, symbol.name.find_first_of("<("));
    const bool is_long = std::ranges::any_of(
        std::initializer_list<std::string_view>{"pass_time", "wait_for_interrupt", "delay_ms", "crc",
                                                "mote_models::", "mote::kernels::"},
        [&](std::string_view part) { return name.find(part) != std::string::npos; });
    if (!is_long) shown.emplace_back(symbol.address & ~1u, symbol.bytes);
  }
  std::string filter;
  for (const auto& [address, bytes] : shown)
    filter += fmt::format("{}0x{:x}+0x{:x}", filter.empty() ? "" : ",", address, bytes);
  const std::string text =
      trace(motion(102, 1), {"-d", "exec,nochain,int", "-singlestep", "-dfilter", filter});
  std::vector<int> handlers;
  bool inside = false;
  for (std::string_view rest = text; !rest.empty();) {
    const auto end = std::min(rest.find('\n'), rest.size() - 1);
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    if (line.find("[IRQ]") != line.npos) {
      inside = true;
      handlers.push_back(0);
    } else if (line.find("successful exception return") != line.npos) {
      inside = false;
    } else if (inside && line.starts_with("Trace ")) {
      ++handlers.back();
    }
  }
  ASSERT_GE(handlers.size(), 102u);
  EXPECT_GE(*std::ranges::min_element(handlers), 50);  // all of it was seen
  EXPECT_LE(*std::ranges::max_element(handlers), 200);
  RecordProperty("least_instructions", std::to_string(*std::ranges::min_element(handlers)));
  RecordProperty("most_instructions", std::to_string(*std::ranges::max_element(handlers)));
}

/// What a model makes of a window on this computer.
struct OnHost {
  runtime::Decision decision;
  std::string decided, window_crc, output_crc;
};
OnHost on_host(const graph::Graph& model, std::vector<std::int16_t> counts) {
  const auto computed = firmware::self_test_of(model, std::move(counts)).value();
  const auto classes = static_cast<std::int32_t>(computed.outputs.size());
  const auto decision = runtime::decide(computed.outputs.data(), classes,
                                        project::threshold_q8(model.metadata.confidence_threshold));
  const auto label = static_cast<std::size_t>(decision.class_index);
  return {decision, decision.decision == runtime::kUncertain ? "uncertain" : model.metadata.labels[label],
          fmt::format("{:04x}", computed.input_crc),
          fmt::format("{:04x}", crc16_update(kCrc16Initial, computed.outputs.data(), classes))};
}

class TwoGestureModels : public GestureFirmware, public ::testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override { use_board(GetParam()); }
};

TEST_P(TwoGestureModels, give_what_the_host_computes_in_the_memory_of_one) {
  const graph::Graph first = compile::gesture_graph();
  graph::Graph second = compile::gesture_graph();  // the same name, the same network
  std::swap(second.metadata.normalization[0], second.metadata.normalization[2]);
  ASSERT_TRUE(compile::require_same_input(first, second, "").has_value());
  const auto woken = folder_.path() / "woken";
  const std::string identifier = compile::second_identifier("gesture", second.name);
  generate(second, woken, identifier);
  firmware_.woken = firmware::WokenModel{identifier, woken, 1};
  build(first);

  const simulate::Recording recording = motion(1500, 2);
  const auto played = simulate::play(request_, recording);
  ASSERT_TRUE(played.has_value()) << to_text(played.error());
  EXPECT_EQ(played->transcript.boot.at("memory"), std::to_string(memory_bytes_));
  std::vector<simulate::WindowRecord> windows;
  std::vector<simulate::WokenRecord> woken_windows;
  for (std::int64_t window = 0; window < dsp::window_count(1500, kWindow, kHop); ++window) {
    const OnHost one = on_host(first, window_of(recording, window));
    windows.push_back({window, one.decision.class_index, one.decision.confidence, one.decided, one.window_crc,
                       one.output_crc, 0});
    if (one.decision.decision != 1) continue;
    const OnHost other = on_host(second, window_of(recording, window));
    woken_windows.push_back({window, other.decision.class_index, other.decision.confidence, other.decided,
                             other.window_crc, other.output_crc});
  }
  ASSERT_GT(woken_windows.size(), 3u);
  ASSERT_LT(woken_windows.size(), windows.size() - 3);
  EXPECT_EQ(played->transcript.windows, windows);
  EXPECT_EQ(played->transcript.woken, woken_windows);
  ASSERT_TRUE(played->transcript.end.has_value());
  EXPECT_EQ(played->transcript.end->lost, 0);
}

INSTANTIATE_TEST_SUITE_P(Boards, TwoGestureModels, ::testing::Values("qemu-mps2-an386", "qemu-riscv32-virt"),
                         [](const auto& board) {
                           std::string name = board.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace mote
