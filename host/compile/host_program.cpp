// SPDX-License-Identifier: Apache-2.0
#include "compile/host_program.h"

#include <fmt/format.h>

#include <cstring>

#include "core/files.h"
#include "core/process.h"
#include "core/resources.h"

namespace mote::compile {
namespace {

namespace fs = std::filesystem;

/// Reads inputs from a file and writes outputs to another: program MODEL-INDEX INPUT OUTPUT MODE. A
/// trace is triples of layer, value and CRC-32 in a file of its own.
constexpr const char* kMain = R"(#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mote/core/crc.h"
{includes}
static FILE* trace_file;
extern "C" void mote_trace(int32_t layer, int32_t value, const void* bytes, int32_t count);
extern "C" void mote_trace(int32_t layer, int32_t value, const void* bytes, int32_t count) {{
  const uint32_t crc = mote::crc32_finish(mote::crc32_update(mote::kCrc32Initial, bytes, count));
  const uint32_t entry[3] = {{(uint32_t)layer, (uint32_t)value, crc}};
  if (trace_file != nullptr) fwrite(entry, sizeof entry, 1, trace_file);
}}

namespace {{

struct End {{
  uint8_t* place;
  size_t bytes;
}};

template <size_t kInputs, size_t kOutputs, class Run, class Reset>
int run_file(FILE* in, FILE* out, const End (&inputs)[kInputs], const End (&outputs)[kOutputs], Run run,
             Reset reset, bool keep_state) {{
  reset();
  for (;;) {{
    for (const End& end : inputs)
      if (fread(end.place, end.bytes, 1, in) != 1) return 0;
    if (!keep_state) reset();
    run();
    for (const End& end : outputs)
      if (fwrite(end.place, end.bytes, 1, out) != 1) return 4;
  }}
}}

{functions}
}}  // namespace

int main(int count, char** arguments) {{
  if (count != 5) return 2;
  FILE* in = fopen(arguments[2], "rb");
  FILE* out = fopen(arguments[3], "wb");
  if (in == nullptr || out == nullptr) return 2;
  const bool keep_state = atoi(arguments[4]) == 1;
  if (atoi(arguments[4]) == 2) trace_file = fopen("trace.bin", "wb");
  int code = 2;
  switch (atoi(arguments[1])) {{
{cases}  }}
  if (trace_file != nullptr && fclose(trace_file) != 0) code = 4;
  return fclose(out) == 0 ? code : 4;
}}
)";

/// The ends of a model as initialisers of End: "{...}, {...}".
std::string ends(std::string_view function, std::string_view constant, std::size_t count) {
  std::string text;
  for (std::size_t number = 0; number < count; ++number) {
    const std::string suffix = number == 0 ? "" : fmt::format("_{}", number);
    text += fmt::format("{}{{(uint8_t*)Model::{}{}(memory), Model::k{}{}Bytes}}", text.empty() ? "" : ", ",
                        function, suffix, constant, suffix);
  }
  return text;
}

std::string run_function(const CompiledModel& model, std::size_t index) {
  const bool has_state = model.layout.state_bytes > 0;
  return fmt::format(
      R"(int run_{index}(FILE* in, FILE* out, bool keep_state) {{
  using Model = mote_models::{name}::Model;
  if (Model::weights_crc32() != Model::kWeightsCrc32) return 3;
  alignas(16) static uint8_t memory[Model::kMemoryBytes];
  {state}
  return run_file(in, out, {{{inputs}}}, {{{outputs}}}, [] {{ Model::run(memory{argument}); }}, [] {{ {reset} }},
                  keep_state);
}}

)",
      fmt::arg("index", index), fmt::arg("name", model.identifier),
      fmt::arg("state", has_state ? "alignas(16) static uint8_t state[Model::kStateBytes];" : ""),
      fmt::arg("inputs", ends("input", "Input", model.inputs)),
      fmt::arg("outputs", ends("output", "Output", model.outputs)),
      fmt::arg("argument", has_state ? ", state" : ""),
      fmt::arg("reset", has_state ? "Model::reset(state);" : ""));
}

std::string main_source(const std::vector<CompiledModel>& models) {
  std::string includes, functions, cases;
  for (std::size_t index = 0; index < models.size(); ++index) {
    includes += fmt::format("#include \"{}.h\"\n", models[index].identifier);
    functions += run_function(models[index], index);
    cases += fmt::format("    case {0}: code = run_{0}(in, out, keep_state); break;\n", index);
  }
  return fmt::format(fmt::runtime(kMain), fmt::arg("includes", includes), fmt::arg("functions", functions),
                     fmt::arg("cases", cases));
}

Result<std::string> find_compiler() {
  for (const char* name : {"c++", "g++", "clang++", "clang++-19"})
    if (program_exists(name)) return name;
  return fail(ErrorKind::kUsage, "no C++ compiler is installed", "",
              "`mote doctor` names the package that brings it");
}

}  // namespace

Result<HostProgram> HostProgram::build(const std::vector<CompiledModel>& models) {
  MOTE_TRY(const std::string compiler, find_compiler());
  MOTE_TRY(const fs::path include, resource("device/include"));
  MOTE_TRY(TemporaryFolder folder, TemporaryFolder::create("mote-host"));
  HostProgram program;
  program.folder_ = std::make_shared<const TemporaryFolder>(std::move(folder));
  std::vector<std::string> command = {compiler,         "-std=c++14", "-O1",     "-w",      "-I",
                                      include.string(), "-o",         "program", "main.cpp"};
  MOTE_CHECK(write_file(program.folder_->path() / "main.cpp", main_source(models)));
  for (const CompiledModel& model : models) {
    for (const GeneratedFile& file : model.files)
      MOTE_CHECK(write_file(program.folder_->path() / file.name, file.content));
    command.push_back(model.identifier + ".cpp");
    program.ends_.push_back(
        {static_cast<std::size_t>(model.input_bytes), static_cast<std::size_t>(model.output_bytes)});
  }
  const ProcessOptions patient{.working_directory = program.folder_->path(),
                               .timeout = std::chrono::minutes(15)};
  MOTE_TRY(const ProcessResult built, run_process(command, patient));
  if (built.exit_code != 0)
    return fail(ErrorKind::kInternal, "the generated code does not compile: " + built.errors.substr(0, 2000));
  return program;
}

Result<std::vector<std::uint8_t>> HostProgram::run(std::size_t index, std::span<const std::uint8_t> inputs,
                                                   bool keep_state) const {
  return run_mode(index, inputs, keep_state ? Mode::kKeepState : Mode::kFresh);
}

Result<std::vector<TracedValue>> HostProgram::trace(std::size_t index,
                                                    std::span<const std::uint8_t> inputs) const {
  MOTE_CHECK(run_mode(index, inputs, Mode::kTrace));
  MOTE_TRY(const std::vector<std::uint8_t> bytes, read_bytes(folder_->path() / "trace.bin"));
  std::vector<TracedValue> values;
  std::uint32_t entry[3];
  for (std::size_t at = 0; at + sizeof entry <= bytes.size(); at += sizeof entry) {
    std::memcpy(entry, &bytes[at], sizeof entry);
    values.push_back({entry[0], static_cast<graph::ValueId>(entry[1]), entry[2]});
  }
  return values;
}

Result<std::vector<std::uint8_t>> HostProgram::run_mode(std::size_t index,
                                                        std::span<const std::uint8_t> inputs,
                                                        Mode mode) const {
  const Ends& ends = ends_.at(index);
  if (inputs.size() % ends.input_bytes != 0)
    return fail(ErrorKind::kInternal,
                fmt::format("{} bytes of input are no multiple of {}", inputs.size(), ends.input_bytes));
  const fs::path in = folder_->path() / "inputs.bin";
  const fs::path out = folder_->path() / "outputs.bin";
  MOTE_CHECK(write_file(in, inputs));
  MOTE_TRY(const ProcessResult result,
           run_process({(folder_->path() / "program").string(), fmt::format("{}", index), in.string(),
                        out.string(), fmt::format("{}", static_cast<int>(mode))},
                       {.working_directory = folder_->path()}));
  if (result.exit_code != 0)
    return fail(ErrorKind::kInternal,
                fmt::format("the generated program ended with code {}", result.exit_code));
  MOTE_TRY(std::vector<std::uint8_t> outputs, read_bytes(out));
  if (outputs.size() != inputs.size() / ends.input_bytes * ends.output_bytes)
    return fail(ErrorKind::kInternal, fmt::format("the generated program wrote {} bytes", outputs.size()));
  return outputs;
}

Result<std::vector<std::uint8_t>> run_generated_on_host(const CompiledModel& model,
                                                        std::span<const std::uint8_t> windows) {
  MOTE_TRY(const HostProgram program, HostProgram::build({model}));
  return program.run(0, windows);
}

}  // namespace mote::compile
