// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "compile/compile.h"
#include "compile/plan/layout.h"
#include "compile/sharing.h"
#include "features/pipeline.h"
#include "graph/graph.h"
#include "mote/kernels/quantize.h"

namespace mote::compile {

/// Everything that the generated files tell. Strings are as in the model: every writer escapes them itself.
struct Source {
  const graph::Graph& graph;  ///< after the passes
  std::string identifier;
  std::string version;
  std::string date;
  std::string content_hash;
  const std::vector<Layer>& layers;
  const Layout& layout;
  std::vector<Instance> instances;  ///< by layer: what it calls
  std::uint32_t weights_crc32 = 0;
  std::int64_t constant_bytes = 0;
  const features::Pipeline* pipeline = nullptr;      ///< with a contract; without blocks if rows are samples
  bool trace = false;                                ///< see CompileOptions
  bool marks = false;                                ///< see CompileOptions
  kernels::RequantizeShape input_quantization = {};  ///< with a contract: from features to the input

  bool has_contract() const { return graph.metadata.sensor.has_value(); }
  bool has_state() const { return layout.state_bytes > 0; }
  const graph::Value& input() const { return graph.value(graph.inputs[0]); }
  const graph::Value& output() const { return graph.value(graph.outputs[0]); }
  std::int32_t offset(graph::ValueId value) const {
    return layout.value_offsets[static_cast<std::size_t>(value)];
  }
};

/// Calls `text(value, suffix, number)` for each graph input or output and joins what it returns; the suffix
/// of the first is empty, of the others "_1", "_2", ...
template <class Text>
std::string for_each_end(const std::vector<graph::ValueId>& ends, Text&& text) {
  std::string joined;
  for (std::size_t number = 0; number < ends.size(); ++number)
    joined += text(ends[number], number == 0 ? std::string() : "_" + std::to_string(number), number);
  return joined;
}

/// The constants that kernels read through plain pointers, in order of first use.
std::vector<graph::ValueId> constant_operands(const Source& source);

/// The notice at the top of every generated file, in block comments.
std::string file_notice(const Source& source, std::string_view purpose);

/// `<identifier>.h`: the class Model.
std::string model_header(const Source& source);

/// `<identifier>.cpp`: constants, layers, run().
std::string model_source(const Source& source);

/// The struct Features, for the header; empty if rows are samples.
std::string features_declaration(const features::Pipeline& pipeline);
/// What the struct Features is made of, for the source file; with `marks` mote_mark() is called behind each
/// block.
std::string features_definition(const features::Pipeline& pipeline, bool marks);

/// `<identifier>_c.h`: the same for C.
std::string c_header(const Source& source);

/// `mote_run.cpp`: the model with memory of its own, as the symbols mote_run and mote_memory.
std::string entry_points(const Source& source);

/// `norm_params.h`: the normalisation for C; needs a contract.
std::string norm_params(const Source& source);

}  // namespace mote::compile
