// SPDX-License-Identifier: Apache-2.0
#include "verify/golden.h"

#include <fmt/format.h>

#include <bit>
#include <cstring>

#include "compile/passes/passes.h"
#include "core/files.h"
#include "core/json.h"
#include "execute/executor.h"

namespace mote::verify {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaximumRuns = 10'000;

Result<Bytes> read_run(const fs::path& file, std::size_t expected) {
  MOTE_TRY(Bytes bytes, read_bytes(file));
  if (bytes.size() != expected)
    return fail(ErrorKind::kInput,
                fmt::format("{} bytes, the model's are {} for one run", bytes.size(), expected),
                file.string(), "the folder belongs to another model");
  return bytes;
}

Result<std::vector<Bytes>> read_runs(const fs::path& folder, std::string_view prefix, std::size_t runs,
                                     std::size_t expected) {
  std::vector<Bytes> all;
  for (std::size_t run = 0; run < runs; ++run) {
    MOTE_TRY(Bytes bytes, read_run(folder / fmt::format("{}{}.bin", prefix, run), expected));
    all.push_back(std::move(bytes));
  }
  return all;
}

Result<std::vector<OperatorCheckSums>> read_operators(const Json& golden, const graph::Graph& graph,
                                                      std::size_t runs, const std::string& where) {
  std::vector<OperatorCheckSums> operators;
  if (!golden.contains("op_outputs")) return operators;
  const auto refuse = [&] {
    return fail(
        ErrorKind::kInput,
        fmt::format(
            "entry {} of 'op_outputs' is not [operator, tensor, bytes, [{} check sums]] of this model",
            operators.size(), runs),
        where);
  };
  if (!golden["op_outputs"].is_array()) return refuse();
  for (const Json& entry : golden["op_outputs"]) {
    const bool shaped = entry.is_array() && entry.size() == 4 && entry[1].is_number_integer() &&
                        entry[2].is_number_integer() && entry[3].is_array() && entry[3].size() == runs;
    if (!shaped) return refuse();
    const auto value = entry[1].get<std::int64_t>();
    if (value < 0 || value >= static_cast<std::int64_t>(graph.values.size())) return refuse();
    OperatorCheckSums sums{static_cast<graph::ValueId>(value), {}};
    if (graph.value(sums.value).byte_count() != entry[2].get<std::int64_t>()) return refuse();
    for (const Json& crc : entry[3]) {
      if (!crc.is_number_unsigned()) return refuse();
      sums.crc32.push_back(crc.get<std::uint32_t>());
    }
    operators.push_back(std::move(sums));
  }
  return operators;
}

/// Random bytes; floats are in -1 ... 1.
class SeededInputs {
 public:
  explicit SeededInputs(std::size_t run)
      : state_(0x9E3779B9u ^ static_cast<std::uint32_t>((run + 1) * 0x01000193u)) {}

  void append(Bytes& bytes, const graph::Value& value) {
    for (std::int64_t index = 0; index < value.element_count(); ++index) append_element(bytes, value.dtype);
  }

 private:
  std::uint32_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return state_;
  }
  void append_element(Bytes& bytes, graph::DType type) {
    const std::uint32_t random = next();
    std::int64_t element = static_cast<std::int32_t>(random) >> 24;
    if (type == graph::DType::kInt16) element = static_cast<std::int32_t>(random) >> 16;
    if (type == graph::DType::kBool) element = random >> 31;
    if (type == graph::DType::kFloat32)
      element = std::bit_cast<std::int32_t>(static_cast<float>(random >> 8) * 0x1p-23f - 1.0f);
    for (std::int64_t byte = 0; byte < graph::size_of(type); ++byte)
      bytes.push_back(static_cast<std::uint8_t>(element >> (8 * byte)));
  }

  std::uint32_t state_;
};

Result<std::vector<Bytes>> run_all(execute::Executor& executor, const graph::Graph& graph,
                                   const std::vector<Bytes>& inputs, bool keep_state) {
  std::vector<Bytes> outputs;
  executor.reset();
  for (const Bytes& run : inputs) {
    if (!keep_state) executor.reset();
    MOTE_CHECK(executor.run_bytes(run));
    Bytes& all = outputs.emplace_back();
    for (std::size_t index = 0; index < graph.outputs.size(); ++index) {
      const auto bytes = executor.output(index);
      all.insert(all.end(), bytes.begin(), bytes.end());
    }
  }
  return outputs;
}

bool has_state(const graph::Graph& graph) {
  for (const graph::Value& value : graph.values)
    if (value.is_state) return true;
  return false;
}

}  // namespace

std::size_t byte_count(const graph::Graph& graph, const std::vector<graph::ValueId>& ends) {
  std::size_t bytes = 0;
  for (const graph::ValueId id : ends) bytes += static_cast<std::size_t>(graph.value(id).byte_count());
  return bytes;
}

Result<Golden> read_golden(const fs::path& folder, const graph::Graph& graph) {
  const std::string where = (folder / "golden.json").string();
  MOTE_TRY(const Json json, read_json(folder / "golden.json"));
  MOTE_TRY(const auto runs, json_field<std::size_t>(json, "n", where));
  if (runs < 1 || runs > kMaximumRuns)
    return fail(ErrorKind::kInput, fmt::format("'n' is {}, expected 1 ... {}", runs, kMaximumRuns), where);
  Golden golden;
  MOTE_TRY(golden.inputs, read_runs(folder, "in_", runs, byte_count(graph, graph.inputs)));
  MOTE_TRY(golden.outputs, read_runs(folder, "out_", runs, byte_count(graph, graph.outputs)));
  if (json.value("stateful", false)) {
    MOTE_TRY(golden.sequence_outputs, read_runs(folder, "seq_out_", runs, byte_count(graph, graph.outputs)));
  }
  MOTE_TRY(golden.operators, read_operators(json, graph, runs, where));
  return golden;
}

Result<Golden> make_golden(const graph::Graph& graph, std::size_t runs, Rounding rounding) {
  std::vector<Bytes> inputs;
  for (std::size_t run = 0; run < runs; ++run) {
    SeededInputs random(run);
    Bytes& bytes = inputs.emplace_back();
    for (const graph::ValueId id : graph.inputs) random.append(bytes, graph.value(id));
  }
  return make_golden(graph, std::move(inputs), rounding);
}

Result<Golden> make_golden(const graph::Graph& graph, std::vector<Bytes> inputs, Rounding rounding) {
  Golden golden;
  golden.inputs = std::move(inputs);
  MOTE_TRY(const graph::Graph reduced, compile::fold_sizes(graph));
  MOTE_TRY(execute::Executor executor,
           execute::Executor::create(reduced, {.reference = true, .rounding = rounding}));
  MOTE_TRY(golden.outputs, run_all(executor, reduced, golden.inputs, false));
  if (has_state(graph)) {
    MOTE_TRY(golden.sequence_outputs, run_all(executor, reduced, golden.inputs, true));
  }
  return golden;
}

}  // namespace mote::verify
