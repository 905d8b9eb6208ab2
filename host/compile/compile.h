// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compile/folded.h"
#include "compile/plan/layout.h"
#include "core/error.h"
#include "core/json.h"
#include "features/pipeline.h"
#include "graph/graph.h"
#include "mote/kernels/variant.h"

namespace mote::compile {

using kernels::Isa;

/// What to prefer where speed, code size and memory differ.
enum class Optimize {
  kSpeed,  ///< every layer has its own kernel, with the shape folded in, as long as the code stays moderate
  kSize,   ///< the layers of one kernel variant share one instance of it
  kRam,    ///< as kSpeed, in the smallest memory; the other two may take a little more for scratch
};

struct CompileOptions {
  Isa isa = Isa::kPortable;
  Optimize optimize = Optimize::kSpeed;
  std::string identifier = {};  ///< empty: model_identifier() of the model's name
  std::string version = {};     ///< empty: the model's own
  std::string date = {};        ///< YYYY-MM-DD; empty: the model's own
  Rounding rounding = Rounding::kDouble;
  std::int32_t skipped_variants = 0;  ///< as in ops::LowerOptions
  bool trace = false;  ///< run() shows every layer's result to mote_trace(); for looking for differences
  bool marks = false;  ///< run() calls mote_mark() after every layer; for measuring
  bool entry_points = false;  ///< adds `mote_run.cpp`, the symbols mote_run and mote_memory
};

/// One generated file: its plain name and its bytes.
struct GeneratedFile {
  std::string name;
  std::string content;
};

/// A signal pipeline alone as source code: `<identifier>.h` and `.cpp` with
/// mote_models::<identifier>::Features. With `marks` the code calls mote_mark(), which the caller supplies,
/// behind each block.
std::vector<GeneratedFile> features_files(const features::Pipeline& pipeline, std::string_view identifier,
                                          bool marks);

/// A model as source code, and what is known of it.
struct CompiledModel {
  std::string
      identifier;  ///< names the namespace mote_models::<identifier> and the files <identifier>.h, .cpp
  std::vector<GeneratedFile> files;
  std::vector<Layer> layers;
  Layout layout;
  std::size_t inputs = 0;         ///< how many
  std::size_t outputs = 0;        ///< how many
  std::int32_t input_bytes = 0;   ///< of all inputs together
  std::int32_t output_bytes = 0;  ///< of all outputs together
  std::int64_t constant_bytes = 0;
  std::int64_t macs = 0;
  Folded folded;  ///< channels that are constant and not there any more
  Json facts;     ///< compile.json
};

/// Generated C++14 of a model: `<name>.h` (the class mote_models::<name>::Model), `<name>.cpp`, `<name>_c.h`,
/// and with a sensor contract `norm_params.h`, `mean.npy` and `std.npy`.
///
/// The same graph and options give the same bytes. Names and labels of the graph are data: they appear
/// escaped only. A graph without contract (a model from elsewhere) gets the functions that need none. Errors
/// (kInput): the graph is malformed; an operator or type is not supported; an output does not depend on an
/// input; its contract contradicts its shape.
Result<CompiledModel> compile(const graph::Graph& graph, const CompileOptions& options);

/// The names of instruction sets on the command line: "portable", "cortex-m0", "cortex-m3", "cortex-m4",
/// "cortex-m55", "rv32", "avr"; nothing for another.
std::optional<Isa> isa_from(std::string_view name);
std::string_view to_string(Isa isa);
std::vector<std::string_view> isa_names();

/// Likewise: "speed", "size", "ram".
std::optional<Optimize> optimize_from(std::string_view name);
std::string_view to_string(Optimize optimize);
std::vector<std::string_view> optimize_names();

/// What to prefer on a chip with so much flash memory (0: not known) if nobody says: kSize up to 128 KiB,
/// where kernels compete with weights and everything else for it; else kSpeed.
Optimize default_optimize(std::int64_t flash_bytes);

/// The identifier that a model of this name gets in generated code: letters, digits and '_', no reserved
/// word, at most 64 characters.
std::string model_identifier(std::string_view model_name);

}  // namespace mote::compile
