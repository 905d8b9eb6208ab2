// SPDX-License-Identifier: Apache-2.0
// Any bytes as a .tflite file: read, and if they are a model, written and read again to the same content; a
// small one is run and compiled, too.
#include <cstdlib>

#include "compile/compile.h"
#include "execute/executor.h"
#include "tflite/tflite.h"

namespace {

using mote::graph::Graph;
using Bytes = std::vector<std::uint8_t>;

constexpr std::int64_t kMostBytes = 1 << 20;
constexpr std::int64_t kMostMacs = 1 << 20;
constexpr std::size_t kMostNodes = 16;

void require(bool condition) {
  if (!condition) std::abort();
}

void write_and_read_again(const Graph& graph) {
  const auto again = mote::tflite::write(graph);
  require(again.has_value());
  const auto back = mote::tflite::read(*again, "written");
  require(back.has_value());
  require(mote::graph::content_hash(*back) == mote::graph::content_hash(graph));
}

/// Whether running and compiling takes milliseconds.
bool is_small(const Graph& graph) {
  std::int64_t bytes = 0;
  for (const auto& value : graph.values) bytes += value.byte_count();
  if (bytes > kMostBytes || graph.nodes.size() > kMostNodes) return false;
  const auto layers = mote::ops::lower(graph, {});
  if (!layers) return false;
  std::int64_t macs = 0;
  for (const auto& layer : *layers) {
    macs += layer.macs;
    bytes += layer.scratch_bytes;
  }
  return macs <= kMostMacs && bytes <= kMostBytes;
}

void run(const Graph& graph) {
  auto executor = mote::execute::Executor::create(graph);
  if (!executor) return;
  std::uint32_t state = 1;
  std::vector<Bytes> inputs;
  for (const auto id : graph.inputs) {
    inputs.emplace_back(static_cast<std::size_t>(graph.value(id).byte_count()));
    for (auto& byte : inputs.back())
      byte = static_cast<std::uint8_t>((state = state * 1664525 + 1013904223) >> 24);
  }
  const std::vector<std::span<const std::uint8_t>> views(inputs.begin(), inputs.end());
  require(executor->run(views).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto unsupported = mote::tflite::find_unsupported({data, size}, "fuzzed");
  const auto graph = mote::tflite::read({data, size}, "fuzzed");
  if (!graph) return 0;
  require(unsupported.has_value() && unsupported->empty());
  write_and_read_again(*graph);
  if (!is_small(*graph)) return 0;
  run(*graph);
  (void)mote::compile::compile(*graph, {});
  return 0;
}
