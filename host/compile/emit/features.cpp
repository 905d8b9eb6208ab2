// SPDX-License-Identifier: Apache-2.0
// The signal pipeline of a model as C++: the blocks' parameters and tables as constants, and the struct
// Features.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "compile/emit/source.h"
#include "core/text.h"

namespace mote::compile {
namespace {

constexpr std::size_t kColumns = 100;

/// `elements` ("1, 2, 3") in lines of at most kColumns.
std::string in_lines(std::string_view elements) {
  std::string text, line = "   ";
  for (const std::string_view element : split(elements, ',')) {
    if (line.size() + element.size() + 2 > kColumns) {
      text += line + "\n";
      line = "   ";
    }
    line += fmt::format(" {},", element);
  }
  return text + line + "\n";
}

/// The tables and the value of one block.
std::string block_constants(const features::Block& block, std::size_t index) {
  const features::BlockConstants constants = block.constants();
  std::string text, members;
  for (std::size_t table = 0; table < constants.tables.size(); ++table)
    text +=
        fmt::format("constexpr {} kFeature{}Table{}[] MOTE_FLASH_DATA = {{\n{}}};\n",
                    constants.tables[table].type, index, table, in_lines(constants.tables[table].elements));
  for (const std::string& member : constants.members) {
    members += members.empty() ? "" : ", ";
    members += member.starts_with('@') ? fmt::format("kFeature{}Table{}", index, member.substr(1)) : member;
  }
  return text + fmt::format("constexpr {} kFeature{} = {{{}}};\n", constants.type, index, members);
}

}  // namespace

std::string features_declaration(const features::Pipeline& pipeline) {
  if (pipeline.blocks().empty()) return {};
  std::string chain;
  for (const auto& block : pipeline.blocks()) chain += (chain.empty() ? "" : ", ") + block->name;
  return fmt::format(R"(
/// From samples to rows of {columns} features: {chain}. A row every {step} samples, the first after {first}.
class Features {{
 public:
  /// Forgets the samples so far: before the first, and behind a gap.
  void restart();

  /// Takes a sample, [axis] raw counts; returns the row that it completes, valid until the next call, or null.
  const int16_t* push(const int16_t* counts);

 private:
  alignas(8) uint8_t state_[{state}];  ///< kept from sample to sample
  alignas(8) uint8_t work_[{work}];  ///< between the blocks
}};

)",
                     fmt::arg("columns", pipeline.columns()), fmt::arg("chain", escape_comment(chain)),
                     fmt::arg("step", pipeline.samples_per_row()),
                     fmt::arg("first", pipeline.first_row_samples()),
                     fmt::arg("state", std::max(pipeline.state_bytes(), 8)),
                     fmt::arg("work", std::max(pipeline.work_bytes(), 8)));
}

std::string features_definition(const features::Pipeline& pipeline, bool marks) {
  if (pipeline.blocks().empty()) return {};
  std::string constants, restarts, pushes;
  std::string input = "counts";
  for (std::size_t index = 0; index < pipeline.blocks().size(); ++index) {
    const features::Block& block = *pipeline.blocks()[index];
    const std::string output =
        fmt::format("mote::dsp::part_of<{}>(work_, {})", to_string(block.output.element),
                    pipeline.outputs()[index].offset_bytes);
    const std::string state = fmt::format("state_ + {}", pipeline.states()[index].offset_bytes);
    constants += fmt::format("// Features, block {}: {}\n", index + 1, escape_comment(block.name)) +
                 block_constants(block, index) + "\n";
    restarts += fmt::format("  kFeature{}.restart({});\n", index, state);
    const std::string push = fmt::format("kFeature{}.push({}, {}, {}, work_ + {})", index, input, output,
                                         state, pipeline.scratches()[index].offset_bytes);
    pushes += marks ? fmt::format(
                          "  const bool is_frame_{0} = {1};\n  mote_mark();\n  if (!is_frame_{0}) return "
                          "nullptr;\n",
                          index, push)
                    : fmt::format("  if (!{}) return nullptr;\n", push);
    input = output;
  }
  return fmt::format(
      "namespace {{\n\n{}}}  // namespace\n\nvoid Features::restart() {{\n{}}}\n\n"
      "const int16_t* Features::push(const int16_t* counts) {{\n{}  return {};\n}}\n\n",
      constants, restarts, pushes, input);
}

std::string features_includes(const features::Pipeline& pipeline) {
  std::set<std::string> headers;
  for (const auto& block : pipeline.blocks()) headers.insert(block->constants().header);
  std::string text;
  for (const auto& header : headers) text += fmt::format("#include \"{}\"\n", header);
  return text;
}

std::vector<GeneratedFile> features_files(const features::Pipeline& pipeline, std::string_view identifier,
                                          bool marks) {
  const std::string begin = fmt::format("namespace mote_models {{\nnamespace {} {{\n\n", identifier);
  const std::string end = fmt::format("}}  // namespace {}\n}}  // namespace mote_models\n", identifier);
  std::string header = "/* A signal pipeline, generated by Mote. */\n#pragma once\n#include <stdint.h>\n\n";
  if (pipeline.blocks().empty())
    header += "#include \"mote/dsp/samples.h\"\n\n" + begin + "using Features = mote::dsp::Samples;\n\n";
  else
    header += begin + features_declaration(pipeline);
  return {{fmt::format("{}.h", identifier), header + end},
          {fmt::format("{}.cpp", identifier), fmt::format("#include \"{}.h\"\n\n", identifier) +
                                                  features_includes(pipeline) +
                                                  (marks ? "\nextern \"C\" void mote_mark();\n\n" : "\n") +
                                                  begin + features_definition(pipeline, marks) + end}};
}

}  // namespace mote::compile
