// SPDX-License-Identifier: Apache-2.0
#include "compile/host_program.h"

#include <fmt/format.h>

#include <cstdlib>

#include "core/files.h"
#include "core/process.h"
#include "core/resources.h"

namespace mote::compile {
namespace {

namespace fs = std::filesystem;

/// Reads windows from a file and writes outputs to another: program MODEL-INDEX INPUT OUTPUT.
constexpr const char* kMain = R"(#include <stdio.h>
#include <stdlib.h>
#include <string.h>

{includes}
namespace {{

template <class Model>
int run_file(FILE* in, FILE* out) {{
  if (Model::weights_crc32() != Model::kWeightsCrc32) return 3;
  alignas(16) static uint8_t memory[Model::kMemoryBytes];
  while (fread(Model::input(memory), Model::kInputBytes, 1, in) == 1) {{
    Model::run(memory);
    if (fwrite(Model::output(memory), Model::kOutputBytes, 1, out) != 1) return 4;
  }}
  return 0;
}}

}}  // namespace

int main(int count, char** arguments) {{
  if (count != 4) return 2;
  FILE* in = fopen(arguments[2], "rb");
  FILE* out = fopen(arguments[3], "wb");
  if (in == nullptr || out == nullptr) return 2;
  int code = 2;
  switch (atoi(arguments[1])) {{
{cases}  }}
  return fclose(out) == 0 ? code : 4;
}}
)";

std::string main_source(const std::vector<CompiledModel>& models) {
  std::string includes, cases;
  for (std::size_t index = 0; index < models.size(); ++index) {
    includes += fmt::format("#include \"{}.h\"\n", models[index].identifier);
    cases += fmt::format("    case {}: code = run_file<mote_models::{}::Model>(in, out); break;\n", index,
                         models[index].identifier);
  }
  return fmt::format(fmt::runtime(kMain), fmt::arg("includes", includes), fmt::arg("cases", cases));
}

Result<std::string> find_compiler() {
  for (const char* name : {"c++", "g++", "clang++", "clang++-19"})
    if (program_exists(name)) return name;
  return fail(ErrorKind::kUsage, "no C++ compiler is installed", "",
              "`mote doctor` names the package that brings it");
}

}  // namespace

/// A fresh folder for the program, removed at the end.
struct HostProgram::Folder {
  fs::path path;
  explicit Folder(fs::path made) : path(std::move(made)) {}
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
};

Result<HostProgram> HostProgram::build(const std::vector<CompiledModel>& models) {
  MOTE_TRY(const std::string compiler, find_compiler());
  MOTE_TRY(const fs::path include, resource("device/include"));
  std::string pattern = (fs::temp_directory_path() / "mote-host-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr)
    return fail(ErrorKind::kInternal, "cannot make a temporary folder", pattern);
  HostProgram program;
  program.folder_ = std::make_shared<const Folder>(pattern);
  std::vector<std::string> command = {compiler,         "-std=c++14", "-O1",     "-w",      "-I",
                                      include.string(), "-o",         "program", "main.cpp"};
  MOTE_CHECK(write_file(program.folder_->path / "main.cpp", main_source(models)));
  for (const CompiledModel& model : models) {
    for (const GeneratedFile& file : model.files)
      MOTE_CHECK(write_file(program.folder_->path / file.name, file.content));
    command.push_back(model.identifier + ".cpp");
    program.ends_.push_back(
        {static_cast<std::size_t>(model.input_bytes), static_cast<std::size_t>(model.output_bytes)});
  }
  MOTE_TRY(const ProcessResult built, run_process(command, {.working_directory = program.folder_->path}));
  if (built.exit_code != 0)
    return fail(ErrorKind::kInternal, "the generated code does not compile: " + built.errors.substr(0, 2000));
  return program;
}

Result<std::vector<std::uint8_t>> HostProgram::run(std::size_t index,
                                                   std::span<const std::uint8_t> inputs) const {
  const Ends& ends = ends_.at(index);
  if (inputs.size() % ends.input_bytes != 0)
    return fail(ErrorKind::kInternal,
                fmt::format("{} bytes of input are no multiple of {}", inputs.size(), ends.input_bytes));
  const fs::path in = folder_->path / "inputs.bin";
  const fs::path out = folder_->path / "outputs.bin";
  MOTE_CHECK(write_file(in, inputs));
  MOTE_TRY(const ProcessResult result, run_process({(folder_->path / "program").string(),
                                                    fmt::format("{}", index), in.string(), out.string()}));
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
