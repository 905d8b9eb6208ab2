// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace mote::dsp {

/// All output frames of a block for `input`, a whole number of input frames; canaries stand behind state and
/// output.
template <class Block>
std::vector<typename Block::Output> run(const Block& block, const std::vector<typename Block::Input>& input) {
  EXPECT_TRUE(block.valid());
  EXPECT_TRUE(block.hop() >= 1 && block.hop() <= block.frame());
  const std::int64_t canary = 0x5A5A5A5A5A5A5A5A;
  std::vector<std::int64_t> state(static_cast<std::size_t>(block.state_bytes()) / 8 + 1, canary);
  std::vector<std::int64_t> scratch(static_cast<std::size_t>(block.scratch_bytes()) / 8 + 1, canary);
  const auto outputs = static_cast<std::size_t>(block.outputs()),
             inputs = static_cast<std::size_t>(block.inputs());
  std::vector<typename Block::Output> output, frame(outputs + 1, 77);
  block.restart(state.data());
  std::size_t taken = 0;
  for (std::size_t at = 0; at + inputs <= input.size(); at += inputs) {
    ++taken;
    const bool written = block.push(&input[at], frame.data(), state.data(), scratch.data());
    const auto first = static_cast<std::size_t>(block.frame());
    const bool expected = taken >= first && (taken - first) % static_cast<std::size_t>(block.hop()) == 0;
    EXPECT_EQ(written, expected) << "frame " << taken;
    if (written) output.insert(output.end(), frame.begin(), frame.end() - 1);
  }
  EXPECT_EQ(frame.back(), 77);
  EXPECT_EQ(state.back(), canary);
  EXPECT_EQ(scratch.back(), canary);
  if (Block::kInPlace) {
    std::vector<typename Block::Output> again;
    block.restart(state.data());
    for (std::size_t at = 0; at + inputs <= input.size(); at += inputs) {
      std::vector<typename Block::Input> both(input.begin() + static_cast<std::ptrdiff_t>(at),
                                              input.begin() + static_cast<std::ptrdiff_t>(at + inputs));
      if (block.push(both.data(), reinterpret_cast<typename Block::Output*>(both.data()), state.data(),
                     scratch.data()))
        again.insert(again.end(), both.begin(), both.begin() + static_cast<std::ptrdiff_t>(outputs));
    }
    EXPECT_EQ(again, output) << "in place, after a restart";
  }
  return output;
}

/// Signals that a block has to be right for, each with its name.
inline std::vector<std::pair<std::string, std::vector<std::int16_t>>> signals(std::size_t values) {
  std::vector<std::pair<std::string, std::vector<std::int16_t>>> result;
  std::mt19937 generator(1);  // NOLINT: the same every time
  const auto uniform = [&generator](int low, int high) {
    return low + static_cast<int>(generator() % static_cast<unsigned>(high - low + 1));
  };
  const auto add = [&](const std::string& name, auto&& value) {
    std::vector<std::int16_t> signal(values);
    for (std::size_t index = 0; index < values; ++index)
      signal[index] = static_cast<std::int16_t>(value(static_cast<int>(index)));
    result.emplace_back(name, std::move(signal));
  };
  add("zero", [](int) { return 0; });
  add("lowest", [](int) { return -32768; });
  add("highest", [](int) { return 32767; });
  add("alternating", [](int at) { return at % 2 == 0 ? -32768 : 32767; });
  add("ramp", [&](int at) { return -32768 + static_cast<int>(65535LL * at / static_cast<int>(values)); });
  add("noise", [&](int) { return uniform(-32768, 32767); });
  add("small noise", [&](int) { return uniform(-3, 3); });
  add("small noise on an offset", [&](int) { return 30000 + uniform(-1, 1); });
  add("one step", [&](int at) { return at < static_cast<int>(values) / 3 ? -5 : -4; });
  add("one spike", [&](int at) { return at == static_cast<int>(values) / 2 ? 32767 : -32768; });
  add("two spikes", [&](int at) { return at == 1 ? 32767 : at == 2 ? -32768 : 0; });
  add("triangle", [&](int at) { return std::abs(at * 1500 % 131072 - 65536) - 32768; });
  return result;
}

}  // namespace mote::dsp
