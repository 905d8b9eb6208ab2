// SPDX-License-Identifier: Apache-2.0
#include "bench/measure.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "boards/emulator.h"
#include "compile/passes/passes.h"
#include "core/files.h"
#include "core/process.h"
#include "core/resources.h"
#include "core/temporary_folder.h"
#include "core/text.h"
#include "firmware/elf.h"
#include "ops/lower.h"
#include "verify/board_image.h"
#include "verify/board_program.h"
#include "verify/verify.h"

namespace mote::bench {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMain = R"(#include "board.h"
#include "{model}.h"

using Model = mote_models::{model}::Model;

extern "C" {{
__attribute__((noinline)) void mote_mark() {{ __asm__ volatile("" ::: "memory"); }}
}}

namespace {{

alignas(8) uint8_t memory[Model::kMemoryBytes];
{state}
constexpr uint8_t kPaint = 0xA5;
constexpr int32_t kCanaryBytes = 16;

void write_number(uint32_t number) {{
  char text[12];
  int32_t at = sizeof(text);
  text[--at] = '\n';
  do {{
    text[--at] = static_cast<char>('0' + number % 10);
    number /= 10;
  }} while (number > 0);
  Board::write_serial(text + at, static_cast<int32_t>(sizeof(text)) - at);
}}

void write_hex(const uint8_t* bytes, int32_t count) {{
  for (int32_t index = 0; index < count; ++index) {{
    const char text[2] = {{"0123456789abcdef"[bytes[index] >> 4], "0123456789abcdef"[bytes[index] & 15]}};
    Board::write_serial(text, 2);
  }}
}}

/// As bench_input() of the tool. `kept`, `set` [in]: bits of the last byte of each `period`.
uint32_t random = 1;
void fill(uint8_t* bytes, int32_t count, uint8_t kept, uint8_t set, int32_t period) {{
  for (int32_t at = 0; at < count; ++at) {{
    random = random * 1664525u + 1013904223u;
    const uint8_t byte = static_cast<uint8_t>(random >> 24);
    bytes[at] = at % period == period - 1 ? static_cast<uint8_t>((byte & kept) | set) : byte;
  }}
}}
void fill_input() {{
{fills}}}

}}  // namespace

int main() {{
  Board::init();
  {reset}
  fill_input();
  uint8_t* const top = static_cast<uint8_t*>(__builtin_frame_address(0)) - 64;
  volatile uint8_t* const bottom = reinterpret_cast<volatile uint8_t*>(mote_stack_start) + kCanaryBytes;
  for (volatile uint8_t* at = bottom; at < top; ++at) *at = kPaint;
  mote_mark();
  Model::run(memory{argument});
  mote_mark();
  const volatile uint8_t* lowest = bottom;
  while (lowest < top && *lowest == kPaint) ++lowest;
  write_number(static_cast<uint32_t>(top - lowest));
{writes}  Board::write_serial("\n", 1);
  Board::finish();
  return 0;
}}
)";

/// How random bytes become elements of a type: the last byte of each `period` is (byte & kept) | set. Floats
/// are within 0.5 of zero, a truth value is 0 or 1.
struct ElementBits {
  std::size_t period = 1;
  std::uint8_t kept = 0xFF;
  std::uint8_t set = 0;
};
ElementBits element_bits(graph::DType type) {
  if (type == graph::DType::kFloat32) return {4, 0x80, 0x3E};
  return type == graph::DType::kBool ? ElementBits{1, 0x01, 0} : ElementBits{};
}

/// What the image fills its inputs with: the upper bits of a linear congruential generator.
verify::Bytes bench_input(const graph::Graph& graph) {
  verify::Bytes bytes;
  std::uint32_t random = 1;
  for (const graph::ValueId id : graph.inputs) {
    const ElementBits bits = element_bits(graph.value(id).dtype);
    const auto count = static_cast<std::size_t>(graph.value(id).byte_count());
    for (std::size_t at = 0; at < count; ++at) {
      random = random * 1664525u + 1013904223u;
      const auto byte = static_cast<std::uint8_t>(random >> 24);
      const bool last = at % bits.period == bits.period - 1;
      bytes.push_back(last ? static_cast<std::uint8_t>((byte & bits.kept) | bits.set) : byte);
    }
  }
  return bytes;
}

/// What a run on the board has to compute.
struct Expected {
  const graph::Graph& graph;
  verify::Golden golden;
};

Result<Expected> expected_outputs(const graph::Graph& graph, Rounding rounding) {
  MOTE_TRY(verify::Golden golden, verify::make_golden(graph, {bench_input(graph)}, rounding));
  golden.sequence_outputs.clear();  // there is one run, from the first state
  return Expected{graph, std::move(golden)};
}

Result<void> check_outputs(const compile::CompiledModel& model, const boards::Board& board,
                           const Expected& expected, std::string_view hexadecimal) {
  const auto found = verify::from_hex(hexadecimal);
  if (!found)
    return fail(ErrorKind::kInternal, fmt::format("the image on board '{}' wrote no outputs", board.name));
  if (verify::compare(expected.graph, expected.golden, {*found}, {}).equal() == 1) return {};
  return fail(ErrorKind::kFinding,
              fmt::format("model '{}' computes other outputs on board '{}' than on this computer, for the "
                          "same inputs: its kernels are not measured",
                          model.identifier, board.name),
              {}, "mote verify --board names the first layer that differs");
}

std::string main_source(const compile::CompiledModel& model, const graph::Graph& graph) {
  const bool has_state = model.layout.state_bytes > 0;
  const auto suffix = [](std::size_t number) {
    return number == 0 ? std::string() : fmt::format("_{}", number);
  };
  std::string fills, writes;
  for (std::size_t number = 0; number < model.inputs; ++number) {
    const ElementBits bits = element_bits(graph.value(graph.inputs[number]).dtype);
    fills += fmt::format(
        "  fill(reinterpret_cast<uint8_t*>(Model::input{0}(memory)), Model::kInput{0}Bytes, {1}, {2}, "
        "{3});\n",
        suffix(number), bits.kept, bits.set, bits.period);
  }
  for (std::size_t number = 0; number < model.outputs; ++number)
    writes += fmt::format(
        "  write_hex(reinterpret_cast<const uint8_t*>(Model::output{0}(memory)), Model::kOutput{0}Bytes);\n",
        suffix(number));
  return fmt::format(fmt::runtime(kMain), fmt::arg("model", model.identifier),
                     fmt::arg("state", has_state ? "alignas(8) uint8_t state[Model::kStateBytes];" : ""),
                     fmt::arg("fills", fills), fmt::arg("writes", writes),
                     fmt::arg("reset", has_state ? "Model::reset(state);" : ""),
                     fmt::arg("argument", has_state ? ", state" : ""));
}

/// One image, run.
struct Run {
  std::vector<Counts> intervals;
  std::int64_t stack_bytes = 0;
  firmware::ElfImage image;
};

Result<Run> run_image(const compile::CompiledModel& model, const boards::Board& board,
                      const Expected& expected) {
  MOTE_TRY(CountedRun counted, run_counted(model, board, main_source(model, expected.graph)));
  Run run{std::move(counted.intervals), 0, std::move(counted.image)};
  const std::vector<std::string_view> lines = split(counted.serial, '\n');
  const auto [end, error] =
      std::from_chars(lines[0].data(), lines[0].data() + lines[0].size(), run.stack_bytes);
  if (lines.size() < 2 || error != std::errc() || run.intervals.empty())
    return fail(ErrorKind::kInternal,
                fmt::format("the image on board '{}' did not run to its end", board.name));
  MOTE_CHECK(check_outputs(model, board, expected, lines[1]));
  return run;
}

Result<std::string> compiler_version(const boards::Board& board) {
  MOTE_TRY(const ProcessResult result, run_process({board.compiler, "-dumpfullversion"}));
  return fmt::format("{} {}", board.compiler, result.output.substr(0, result.output.find('\n')));
}

graph::ValueId written_value(const compile::Layer& layer) {
  const auto written = std::ranges::find(layer.operands, ops::Access::kWrite, &ops::Operand::access);
  return written == layer.operands.end() ? graph::kNone : written->value;
}

/// Instructions by layer, with marks. A layer is known by what it writes.
struct Layers {
  compile::CompiledModel model;
  std::vector<Counts> counts;
};

Result<Layers> measure_layers(const Expected& expected, const boards::Board& board,
                              compile::CompileOptions options) {
  options.marks = true;
  Layers layers;
  MOTE_TRY(layers.model, compile::compile(expected.graph, options));
  MOTE_TRY(Run run, run_image(layers.model, board, expected));
  if (run.intervals.size() != layers.model.layers.size() + 1)
    return fail(ErrorKind::kInternal,
                fmt::format("{} marks for {} layers", run.intervals.size(), layers.model.layers.size()));
  layers.counts = std::move(run.intervals);
  return layers;
}

/// What the next best variants would have executed, where there are any.
Result<void> add_next_best(const Expected& expected, const boards::Board& board,
                           compile::CompileOptions options, const std::vector<compile::Layer>& chosen,
                           Measurement& measurement) {
  options.skipped_variants = 1;
  MOTE_TRY(const Layers next, measure_layers(expected, board, options));
  std::map<graph::ValueId, std::size_t> by_value;
  for (std::size_t index = 0; index < next.model.layers.size(); ++index)
    by_value[written_value(next.model.layers[index])] = index;
  for (std::size_t index = 0; index < chosen.size(); ++index) {
    const auto found = by_value.find(written_value(chosen[index]));
    if (found == by_value.end()) continue;
    const compile::Layer& other = next.model.layers[found->second];
    if (other.variant_type == chosen[index].variant_type) continue;
    measurement.layers[index].next_variant = other.variant;
    measurement.layers[index].next_instructions = next.counts[found->second].instructions;
  }
  return {};
}

void add_sizes(const firmware::ElfImage& image, Measurement& measurement) {
  for (const firmware::ElfSymbol& symbol : image.symbols) {
    // The name of a function template's instance begins with what it returns. The runtime is the board's.
    const std::string_view name = std::string_view(symbol.name).substr(0, symbol.name.find('('));
    const auto is_in = [&](std::string_view space) {
      return name.starts_with(space) || name.find(" " + std::string(space)) != std::string_view::npos;
    };
    const bool is_model = is_in("mote_models::") || (is_in("mote::") && !is_in("mote::runtime::"));
    if (!is_model || symbol.file_offset == 0) continue;
    (symbol.function ? measurement.code_bytes : measurement.constant_bytes) += symbol.bytes;
  }
}

Json to_json(const Counts& counts) {
  return {{"instructions", counts.instructions},
          {"cycles_estimate", counts.cycles > 0 ? Json(counts.cycles) : Json()},
          {"loads", counts.loads},
          {"stores", counts.stores},
          {"taken_branches", counts.taken_branches},
          {"multiplications", counts.multiplications},
          {"divisions", counts.divisions},
          {"code_bytes", counts.code_bytes}};
}

}  // namespace

Result<CountedRun> run_counted(const compile::CompiledModel& model, const boards::Board& board,
                               std::string_view main_source) {
  MOTE_TRY(const TemporaryFolder workshop, TemporaryFolder::create("mote-bench"));
  const fs::path& folder = workshop.path();
  MOTE_CHECK(verify::build_board_image(model, board, main_source, folder));
  CountedRun run;
  MOTE_TRY(const auto bytes, read_bytes(folder / "image.elf"));
  MOTE_TRY(run.image, firmware::read_elf(bytes, "image.elf"));
  const auto mark = std::ranges::find(run.image.symbols, "mote_mark", &firmware::ElfSymbol::name);
  if (mark == run.image.symbols.end()) return fail(ErrorKind::kInternal, "the image has no symbol mote_mark");
  MOTE_TRY(const fs::path plugin, module_file("libmote_qemu_counter.so"));
  // The lowest bit of a function's address says Thumb.
  MOTE_TRY(
      run.serial,
      boards::run_emulator(
          board, {.folder = folder,
                  .image = "image.elf",
                  .arguments = {"-plugin", fmt::format("{},mark={:x},core={},out=counts.txt", plugin.string(),
                                                       mark->address & ~std::uint32_t{1}, board.core)}}));
  MOTE_TRY(const std::string counts, read_text(folder / "counts.txt"));
  MOTE_TRY(run.intervals, parse_counts(counts));
  return run;
}

Result<std::vector<Counts>> parse_counts(std::string_view text) {
  std::vector<Counts> intervals;
  for (const std::string_view line : split(text, '\n')) {
    if (line.empty()) continue;
    Counts counts;
    std::int64_t* const fields[] = {&counts.instructions, &counts.cycles,         &counts.loads,
                                    &counts.stores,       &counts.taken_branches, &counts.multiplications,
                                    &counts.divisions,    &counts.code_bytes};
    const char* at = line.data();
    for (std::int64_t* field : fields) {
      while (at != line.data() + line.size() && *at == ' ') ++at;
      const auto [end, error] = std::from_chars(at, line.data() + line.size(), *field);
      if (error != std::errc())
        return fail(ErrorKind::kInternal,
                    fmt::format("the counting plugin wrote '{}', expected eight numbers",
                                escape_comment(line.substr(0, 80))));
      at = end;
    }
    intervals.push_back(counts);
  }
  return intervals;
}

Result<Measurement> measure_total(const graph::Graph& graph, const boards::Board& board,
                                  const compile::CompileOptions& options) {
  MOTE_CHECK(boards::require_qemu(board));
  Measurement measurement;
  measurement.board = board.name;
  measurement.core = board.core;
  measurement.flags = fmt::format("{} -O2", fmt::join(board.flags, " "));
  measurement.optimize = to_string(options.optimize);
  measurement.clock_hz = board.clock_hz;
  MOTE_TRY(measurement.compiler, compiler_version(board));

  MOTE_TRY(const compile::CompiledModel model, compile::compile(graph, options));
  MOTE_TRY(const Expected outputs, expected_outputs(graph, options.rounding));
  MOTE_TRY(const Run whole, run_image(model, board, outputs));
  measurement.model = model.identifier;
  measurement.total = whole.intervals[0];
  measurement.macs = model.macs;
  MOTE_TRY(const graph::Graph unfolded, compile::fold_sizes(graph));
  MOTE_TRY(const std::vector<compile::Layer> as_it_came,
           ops::lower(unfolded, {.rounding = options.rounding}));
  for (const compile::Layer& layer : as_it_came) measurement.model_macs += layer.macs;
  measurement.ram_bytes = model.layout.total_bytes + model.layout.state_bytes;
  measurement.stack_bytes = whole.stack_bytes;
  add_sizes(whole.image, measurement);
  return measurement;
}

Result<Measurement> measure(const graph::Graph& graph, const boards::Board& board,
                            const compile::CompileOptions& options) {
  MOTE_TRY(Measurement measurement, measure_total(graph, board, options));
  MOTE_TRY(const Expected outputs, expected_outputs(graph, options.rounding));
  MOTE_TRY(const Layers layers, measure_layers(outputs, board, options));
  for (std::size_t index = 0; index < layers.model.layers.size(); ++index) {
    const compile::Layer& layer = layers.model.layers[index];
    measurement.layers.push_back({.op = layer.op,
                                  .name = layers.model.facts["layers"][index]["name"],
                                  .variant = layer.variant,
                                  .refused = layer.refused,
                                  .macs = layer.macs,
                                  .counts = layers.counts[index]});
  }
  MOTE_CHECK(add_next_best(outputs, board, options, layers.model.layers, measurement));
  return measurement;
}

Json to_json(const Measurement& measurement) {
  Json layers = Json::array();
  for (const LayerMeasurement& layer : measurement.layers) {
    Json entry = {{"op", layer.op},
                  {"name", layer.name},
                  {"variant", layer.variant},
                  {"refused", layer.refused},
                  {"macs", layer.macs}};
    entry.update(to_json(layer.counts));
    entry["next_variant"] = layer.next_variant.empty() ? Json() : Json(layer.next_variant);
    entry["next_instructions"] = layer.next_instructions ? Json(*layer.next_instructions) : Json();
    layers.push_back(std::move(entry));
  }
  Json json = {{"model", measurement.model},       {"board", measurement.board},
               {"core", measurement.core},         {"compiler", measurement.compiler},
               {"flags", measurement.flags},       {"optimize", measurement.optimize},
               {"clock_hz", measurement.clock_hz}, {"model_macs", measurement.model_macs},
               {"macs", measurement.macs}};
  json.update(to_json(measurement.total));
  json["executed_code_bytes"] = measurement.total.code_bytes;
  json["code_bytes"] = measurement.code_bytes;
  json["constant_bytes"] = measurement.constant_bytes;
  json["flash_bytes"] = measurement.code_bytes + measurement.constant_bytes;
  json["ram_bytes"] = measurement.ram_bytes;
  json["stack_bytes"] = measurement.stack_bytes;
  json["layers"] = std::move(layers);
  return json;
}

}  // namespace mote::bench
