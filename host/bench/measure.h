// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "boards/boards.h"
#include "compile/compile.h"
#include "core/error.h"
#include "core/json.h"
#include "firmware/elf.h"
#include "graph/graph.h"

namespace mote::bench {

/// What a piece of a program executed; exact, but for the cycles.
struct Counts {
  std::int64_t instructions = 0;
  std::int64_t cycles = 0;  ///< estimated, for memory without wait states; 0 for a core without timing
  std::int64_t loads = 0;   ///< words, halfwords or bytes; a load of several registers counts each
  std::int64_t stores = 0;
  std::int64_t taken_branches = 0;
  std::int64_t multiplications = 0;
  std::int64_t divisions = 0;
  std::int64_t code_bytes = 0;  ///< of the instructions that were executed at least once
};

/// An image that ran in its emulator.
struct CountedRun {
  std::vector<Counts> intervals;  ///< from the first call of mote_mark() to the second, and so on
  std::string serial;             ///< what it wrote
  firmware::ElfImage image;
};

/// Builds the files of `model` with a main.cpp of this text, which defines mote_mark(), and counts a run.
///
/// Errors: as verify::build_board_image(); kInternal if the image does not run to its end.
Result<CountedRun> run_counted(const compile::CompiledModel& model, const boards::Board& board,
                               std::string_view main_source);

/// One layer of the generated code.
struct LayerMeasurement {
  std::string op;
  std::string name;  ///< of the value that it writes
  std::string variant;
  std::vector<std::string> refused;  ///< better variants that are not exact for this layer
  std::int64_t macs = 0;
  Counts counts;
  std::string next_variant = {};                       ///< the next best one; empty if there is none
  std::optional<std::int64_t> next_instructions = {};  ///< what that would have executed
};

/// One inference of a model on an emulated board. Instructions depend on the input hardly or not at all; it
/// is pseudo-random, always the same.
struct Measurement {
  std::string model;
  std::string board;
  std::string core;
  std::string compiler;  ///< program and version
  std::string flags;
  std::string optimize;
  std::int64_t clock_hz = 0;
  std::int64_t model_macs = 0;  ///< of the model as it came
  std::int64_t macs = 0;        ///< of what is left after folding
  Counts total;                 ///< of an image without marks between the layers
  std::int64_t code_bytes = 0;  ///< all of the model's functions in the image, and what they call
  std::int64_t constant_bytes = 0;
  std::int64_t ram_bytes = 0;    ///< plan and states: input, output and scratch included
  std::int64_t stack_bytes = 0;  ///< high-water mark of one inference
  std::vector<LayerMeasurement> layers;
};

/// Builds the model for the board and counts one inference in its emulator, without its layers.
///
/// Errors: as compile::compile() and verify::build_board_image(); kUsage if the board's emulator is not QEMU;
/// kFinding if the image's outputs are not those of the executor's reference kernels for the same inputs.
Result<Measurement> measure_total(const graph::Graph& graph, const boards::Board& board,
                                  const compile::CompileOptions& options);

/// measure_total(), each layer, and what the next best variants would have executed.
///
/// Errors: as measure_total().
Result<Measurement> measure(const graph::Graph& graph, const boards::Board& board,
                            const compile::CompileOptions& options);

/// As `mote bench --json` prints it and bench/results keeps it.
Json to_json(const Measurement& measurement);

/// The lines that the counting plugin wrote. Errors (kInternal): a line is none.
Result<std::vector<Counts>> parse_counts(std::string_view text);

}  // namespace mote::bench
