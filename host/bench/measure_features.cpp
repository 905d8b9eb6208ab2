// SPDX-License-Identifier: Apache-2.0
#include "bench/measure_features.h"

#include <fmt/format.h>

#include <algorithm>

#include "boards/emulator.h"
#include "mote/core/crc.h"

namespace mote::bench {
namespace {

/// Rows that are counted, behind the first, which has more to do.
constexpr std::int64_t kRows = 4;

constexpr const char* kMain = R"(#include "board.h"
#include "mote/core/crc.h"
#include "mote/dsp/noise.h"
#include "features.h"

extern "C" {{
__attribute__((noinline)) void mote_mark() {{ __asm__ volatile("" ::: "memory"); }}
}}

static mote_models::features::Features features;

static void write_number(uint32_t number) {{
  char text[12];
  int32_t at = sizeof(text);
  text[--at] = '\n';
  do {{
    text[--at] = static_cast<char>('0' + number % 10);
    number /= 10;
  }} while (number > 0);
  Board::write_serial(text + at, static_cast<int32_t>(sizeof(text)) - at);
}}

int main() {{
  Board::init();
  features.restart();
  uint16_t crc = mote::kCrc16Initial;
  for (int32_t sample = 0; sample < {samples}; ++sample) {{
    int16_t counts[{axes}];
    for (int32_t axis = 0; axis < {axes}; ++axis) counts[axis] = mote::dsp::noise_count(sample * {axes} + axis);
    mote_mark();
    const int16_t* const row = features.push(counts);
    if (row == nullptr) continue;
    crc = mote::crc16_update(crc, row, {row_bytes});
  }}
  write_number(crc);
  Board::finish();
  return 0;
}}
)";

std::int64_t samples_of(const features::Pipeline& pipeline) {
  return pipeline.first_row_samples() + kRows * pipeline.samples_per_row();
}

/// Runs the image; what it made of the noise is what the host makes of it.
Result<CountedRun> run(const features::Pipeline& pipeline, const boards::Board& board) {
  compile::CompiledModel code;
  code.identifier = "features";
  code.files = compile::features_files(pipeline, code.identifier, true);
  const std::string main =
      fmt::format(fmt::runtime(kMain), fmt::arg("samples", samples_of(pipeline)),
                  fmt::arg("axes", pipeline.axes()), fmt::arg("row_bytes", 2 * pipeline.columns()));
  MOTE_TRY(CountedRun run, run_counted(code, board, main));
  const std::vector<std::int16_t> rows = rows_of(pipeline, noise_of(pipeline, 1 + kRows));
  std::uint16_t crc = kCrc16Initial;
  for (const std::int16_t value : rows) {
    crc = crc16_update(crc, static_cast<std::uint8_t>(value & 0xFF));
    crc = crc16_update(crc, static_cast<std::uint8_t>((value >> 8) & 0xFF));
  }
  if (run.serial != fmt::format("{}\n", crc))
    return fail(ErrorKind::kFinding,
                fmt::format("board '{}' computes other features than this computer, for the same samples",
                            board.name),
                {}, "this is a defect of Mote: please report it with the project file");
  return run;
}

void add(Counts& sum, const Counts& counts) {
  sum.instructions += counts.instructions;
  sum.cycles += counts.cycles;
  sum.loads += counts.loads;
  sum.stores += counts.stores;
  sum.taken_branches += counts.taken_branches;
  sum.multiplications += counts.multiplications;
  sum.divisions += counts.divisions;
  sum.code_bytes = std::max(sum.code_bytes, counts.code_bytes);
}

Counts divided(Counts sum, std::int64_t by) {
  for (std::int64_t* const field : {&sum.instructions, &sum.cycles, &sum.loads, &sum.stores,
                                    &sum.taken_branches, &sum.multiplications, &sum.divisions})
    *field = (*field + by / 2) / by;
  return sum;
}

/// The blocks that run for each sample, in order: a block behind one that has no frame yet does not.
std::vector<std::vector<std::size_t>> blocks_by_sample(const features::Pipeline& pipeline) {
  const auto& blocks = pipeline.blocks();
  std::vector<std::int64_t> seen(blocks.size());
  std::vector<std::vector<std::size_t>> by_sample(static_cast<std::size_t>(samples_of(pipeline)));
  for (auto& ran : by_sample)
    for (std::size_t index = 0; index < blocks.size(); ++index) {
      ran.push_back(index);
      const std::int64_t count = ++seen[index];
      const std::int64_t behind = count - blocks[index]->frame();
      if (behind < 0 || behind % blocks[index]->hop() != 0) break;
    }
  return by_sample;
}

Result<std::vector<Counts>> by_block(const features::Pipeline& pipeline, const boards::Board& board,
                                     const CountedRun& marked) {
  std::vector<Counts> sums(pipeline.blocks().size());
  const auto by_sample = blocks_by_sample(pipeline);
  std::size_t interval = 0;
  for (std::size_t sample = 0; sample < by_sample.size(); ++sample) {
    const bool counts = static_cast<std::int64_t>(sample) >= pipeline.first_row_samples();
    for (const std::size_t block : by_sample[sample]) {
      if (interval >= marked.intervals.size())
        return fail(ErrorKind::kInternal,
                    fmt::format("the image on board '{}' ran fewer blocks than the host", board.name));
      if (counts) add(sums[block], marked.intervals[interval]);
      ++interval;
    }
    ++interval;  // up to the mark before the next sample
  }
  for (Counts& sum : sums) sum = divided(sum, kRows);
  return sums;
}

}  // namespace

Result<FeatureMeasurement> measure_features(const features::Pipeline& pipeline, const boards::Board& board) {
  MOTE_CHECK(boards::require_qemu(board));
  FeatureMeasurement measurement;
  measurement.board = board.name;
  measurement.rows = kRows;
  measurement.ram_bytes = pipeline.state_bytes() + pipeline.work_bytes();
  if (pipeline.blocks().empty()) return measurement;  // a row is the sample itself
  MOTE_TRY(const CountedRun whole, run(pipeline, board));
  MOTE_TRY(measurement.block, by_block(pipeline, board, whole));
  for (const Counts& counts : measurement.block) add(measurement.row, counts);
  for (const firmware::ElfSymbol& symbol : whole.image.symbols) {
    const bool is_pipeline = symbol.name.find("mote_models::features") != std::string::npos ||
                             symbol.name.find("mote::dsp::") != std::string::npos;
    if (is_pipeline && symbol.file_offset != 0)
      (symbol.function ? measurement.code_bytes : measurement.constant_bytes) += symbol.bytes;
  }
  return measurement;
}

}  // namespace mote::bench
