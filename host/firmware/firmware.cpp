// SPDX-License-Identifier: Apache-2.0
#include "firmware/firmware.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "core/files.h"
#include "core/process.h"
#include "core/text.h"
#include "firmware/project_kind.h"
#include "firmware/stack_use.h"

namespace mote::firmware {
namespace {

namespace fs = std::filesystem;

constexpr std::array kKinds = {
#define MOTE_PROJECT_KIND(name) &project_kinds::name,
#include "firmware/project_kinds.def"
#undef MOTE_PROJECT_KIND
};

constexpr std::uintmax_t kSourceLimitBytes = std::uintmax_t{64} << 20;

Result<void> check_model(const std::string& model, const fs::path& generated) {
  if (to_identifier(model) != model)
    return fail(ErrorKind::kInput,
                fmt::format("the model's name is '{}', expected an identifier", escape_comment(model)),
                "run/compile.json", "run `mote compile` again");
  std::error_code ignored;
  if (!fs::exists(generated / (model + ".h"), ignored))
    return fail(ErrorKind::kInput, fmt::format("the generated model '{}.h' is missing", model),
                generated.string(), "run `mote compile` first");
  return {};
}

Result<void> check_models(const FirmwareRequest& request) {
  MOTE_CHECK(check_model(request.model, request.generated));
  if (!request.woken) return {};
  MOTE_CHECK(check_model(request.woken->model, request.woken->generated));
  if (request.woken->model == request.model)
    return fail(ErrorKind::kInput, fmt::format("both models are called '{}'", request.model),
                request.woken->generated.string(), "run `mote compile` again");
  return {};
}

Result<void> write_project(const FirmwareRequest& request, const ProjectKind& kind, const fs::path& folder) {
  ProjectText text{request.model,
                   request.board,
                   {},
                   {},
                   {},
                   request.defines,
                   request.hop_samples,
                   request.debug_log,
                   request.decision,
                   request.watch,
                   request.self_test.has_value(),
                   request.woken ? request.woken->model : std::string(),
                   request.woken ? request.woken->class_index : 0,
                   {}};
  MOTE_TRY(text.setting, boards::choose(request.board, request.sensor));
  return kind.write(request, text, folder);
}

/// What a compiler said, as far as it tells a person what is wrong: error lines, and before a failed
/// static_assert the instantiation that holds both values.
std::string essence(const std::string& output) {
  std::string text;
  std::string_view instantiation;
  int lines = 0;
  for (const auto line : split(output, '\n')) {
    if (line.find("In instantiation of") != std::string_view::npos) instantiation = line;
    const bool error = line.find("error:") != std::string_view::npos ||
                       line.find("undefined reference") != std::string_view::npos ||
                       line.find("overflowed") != std::string_view::npos;
    if (!error || ++lines > 8) continue;
    if (line.find("static assertion") != std::string_view::npos && !instantiation.empty())
      text += fmt::format("\n  {}", instantiation);
    text += fmt::format("\n  {}", line);
  }
  return text.empty() ? "\n  " + output.substr(0, 2000) : text;
}

Result<void> compile(const FirmwareRequest& request, const fs::path& folder) {
  for (const auto& program : {request.board.compiler, std::string("make")})
    if (!program_exists(program))
      return fail(ErrorKind::kUsage,
                  fmt::format("'{}' is needed to build firmware and is not installed", program), "",
                  "`mote doctor` says how to install it");
  MOTE_TRY(const auto result, run_process({"make", "--no-print-directory", "-j2", "-C", folder.string()}));
  if (result.exit_code == 0) return {};
  return fail(ErrorKind::kInput,
              fmt::format("the firmware does not compile for board '{}':{}", request.board.name,
                          essence(result.errors)),
              request.model,
              "if a requirement differs (model, board), train for the sensor of this board or set the board "
              "for the model; "
              "if files are stale, run `mote compile` again");
}

/// The kernel type whose member `function` is, with the fixed-width names of integers; empty if it belongs to
/// none. `int_bits`: width of an int on the core.
std::string kernel_type(std::string_view function, int int_bits) {
  constexpr std::string_view kNamespace = "mote::kernels::";
  const auto begin = function.find(kNamespace);
  if (begin == std::string_view::npos) return {};
  int depth = 0;  // inside of template arguments
  std::size_t end = begin + kNamespace.size();
  for (; end < function.size() && (depth > 0 || function.substr(end, 2) != "::"); ++end)
    depth += function[end] == '<' ? 1 : function[end] == '>' ? -1 : 0;
  std::string type(function.substr(begin, end - begin));
  if (end >= function.size() || type == "mote::kernels::detail") return {};
  const std::pair<std::string_view, std::string_view> names[] = {
      {"unsigned long long", "uint64_t"},
      {"long long", "int64_t"},
      {"unsigned long", "uint32_t"},
      {"unsigned int", int_bits == 16 ? "uint16_t" : "uint32_t"},
      {"long", "int32_t"},
      {"int", int_bits == 16 ? "int16_t" : "int32_t"},
      {"unsigned short", "uint16_t"},
      {"short", "int16_t"},
      {"unsigned char", "uint8_t"},
      {"signed char", "int8_t"}};
  for (const auto& [spelled, name] : names) replace_word(type, spelled, name);
  return type;
}

/// Kernel variants whose instructions are in the image, as the debug information tells: kernels are inlined,
/// so no symbol names them. The runtime's own (it quantises each sample) do not count.
Result<std::set<std::string>> linked_kernels(const FirmwareRequest& request, const ElfImage& image,
                                             const fs::path& image_file) {
  const std::string& compiler = request.board.compiler;
  const std::string tool = compiler.substr(0, compiler.rfind('-') + 1) + "addr2line";
  const int int_bits = request.board.isa == "avr" ? 16 : 32;
  std::set<std::string> kernels;
  std::vector<std::string> arguments = {tool, "-e", image_file.string(), "-afiC"};
  const std::size_t fixed = arguments.size();
  const auto ask = [&]() -> Result<void> {
    MOTE_TRY(const auto answer, run_process(arguments));
    arguments.resize(fixed);
    std::string outermost;  // of the address at hand: what the generated code called
    bool runtime = false;
    const std::string text = answer.output + "0x\n";  // the last line ends the last address
    for (const auto line : split(text, '\n')) {
      if (line.starts_with("0x")) {
        if (!outermost.empty() && !runtime) kernels.insert(outermost);
        outermost.clear();
        runtime = false;
      }
      const std::string_view name = line.substr(0, line.find('('));
      runtime = runtime || name.find("mote::runtime::") != std::string_view::npos;
      if (std::string type = kernel_type(name, int_bits); !type.empty()) outermost = std::move(type);
    }
    return {};
  };
  for (const auto& symbol : image.symbols) {
    if (!symbol.function) continue;
    for (std::uint32_t offset = 0; offset < symbol.bytes; offset += 2) {
      arguments.push_back(fmt::format("0x{:x}", symbol.address + offset));
      if (arguments.size() > 20000) MOTE_CHECK(ask());
    }
  }
  MOTE_CHECK(ask());
  return kernels;
}

/// What the compiler, or for AVR the image itself, says of frames and calls; none: nobody tells it.
Result<std::optional<CallGraph>> read_call_graph(const FirmwareRequest& request, const fs::path& image_file,
                                                 const std::set<std::string>& linked,
                                                 FunctionAddresses& addresses) {
  const std::string& compiler = request.board.compiler;
  const std::string prefix = compiler.substr(0, compiler.rfind('-') + 1);
  const fs::path build = image_file.parent_path();
  std::vector<std::string> question = {prefix + "objdump", "-r", "-w"};
  for (const auto& object : list_files(build, ".o")) question.push_back(object.string());
  MOTE_TRY(const auto relocations, run_process(question));
  add_addresses(relocations.output, addresses);
  CallGraph graph;
  for (const auto& file : list_files(build, ".ci")) {
    MOTE_TRY(const std::string text, read_text(file, kSourceLimitBytes));
    MOTE_CHECK(add_call_graph(text, file.filename().string(), graph));
  }
  if (graph.empty() && request.board.isa == "avr") {
    MOTE_TRY(const auto disassembly, run_process({prefix + "objdump", "-d", image_file.string()}));
    MOTE_CHECK(
        add_avr_disassembly(disassembly.output, image_file.filename().string(), linked, graph, addresses));
  }
  if (graph.empty()) return std::nullopt;
  return graph;
}

/// The fact about the stack.
Result<Json> measure_stack(const FirmwareRequest& request, const ElfImage& image,
                           const fs::path& image_file) {
  const auto reserved = request.board.stack_bytes;
  const auto core = stack_core(request.board.core, request.board.flags);
  if (!core)
    return unknown_stack_fact(
        fmt::format("not known what core '{}' puts onto the stack", escape_comment(request.board.core)),
        reserved);
  std::set<std::string> linked;
  for (const auto& symbol : image.symbols)
    if (symbol.function) linked.insert(symbol.name);
  FunctionAddresses addresses;
  MOTE_TRY(const auto graph, read_call_graph(request, image_file, linked, addresses));
  if (!graph) return unknown_stack_fact(fmt::format("{} does not tell it", request.board.compiler), reserved);
  MOTE_TRY(const StackUse use, worst_case_stack(*graph, addresses, linked, *core));
  MOTE_CHECK(require_fitting_stack(use, reserved));
  return stack_fact(use, reserved);
}

/// Function names that would mean a heap.
std::vector<std::string> heap_symbols(const ElfImage& image) {
  std::vector<std::string> found;
  for (const auto& symbol : image.symbols) {
    const std::string name = symbol.name.substr(0, symbol.name.find('('));
    for (const char* heap :
         {"malloc", "calloc", "realloc", "free", "_sbrk", "operator new", "operator new[]"})
      if (name == heap) found.push_back(symbol.name);
  }
  return found;
}

/// Beginnings of debug messages in what is loaded onto the device.
std::vector<std::string> debug_strings(const ElfImage& image, const std::vector<std::uint8_t>& bytes) {
  constexpr std::string_view kLog = "mote-log";
  for (const auto& section : image.sections) {
    if (!section.allocated || !section.in_file) continue;
    const auto begin = bytes.begin() + section.file_offset;
    if (std::search(begin, begin + section.bytes, kLog.begin(), kLog.end()) != begin + section.bytes)
      return {std::string(kLog)};
  }
  return {};
}

Result<FirmwareResult> measure(const FirmwareRequest& request, const fs::path& image_file) {
  FirmwareResult result;
  result.image = request.output / "build" / "firmware.elf";
  MOTE_TRY(const auto bytes, read_bytes(image_file));
  MOTE_TRY(const ElfImage image, read_elf(bytes, image_file.string()));
  result.memory = memory_use(image);
  const auto& use = result.memory;
  if (use.flash_bytes > request.board.flash_bytes || use.ram_bytes > request.board.ram_bytes)
    return fail(ErrorKind::kFinding,
                fmt::format("the firmware takes {} bytes of flash and {} of RAM, board '{}' has {} and {}",
                            use.flash_bytes, use.ram_bytes, request.board.name, request.board.flash_bytes,
                            request.board.ram_bytes),
                "", "use a smaller model or a larger board");
  Json sections = Json::object();
  for (const auto& section : image.sections)
    if (section.allocated) sections[section.name] = section.bytes;
  Json functions = Json::array();
  for (const auto& symbol : image.symbols) {
    if (!symbol.function) continue;
    functions.push_back({{"name", symbol.name}, {"bytes", symbol.bytes}});
  }
  MOTE_TRY(const auto kernels, linked_kernels(request, image, image_file));
  MOTE_TRY(const Json stack, measure_stack(request, image, image_file));
  result.facts = {{"board", request.board.name},
                  {"project", request.board.build.kind},
                  {"compiled", true},
                  {"checked_on_silicon", request.board.checked_on_silicon},
                  {"model", request.model},
                  {"woken_model", request.woken ? Json(request.woken->model) : Json()},
                  {"image", result.image.filename().string()},
                  {"flash_bytes", use.flash_bytes},
                  {"ram_bytes", use.ram_bytes},
                  {"code_bytes", use.code_bytes},
                  {"constant_bytes", use.constant_bytes},
                  {"stack_bytes", use.stack_bytes},
                  {"stack", stack},
                  {"board_flash_bytes", request.board.flash_bytes},
                  {"board_ram_bytes", request.board.ram_bytes},
                  {"sections", sections},
                  {"functions", functions},
                  {"symbols_of_kernels", kernels},
                  {"debug_log", request.debug_log},
                  {"self_test", request.self_test.has_value()},
                  {"heap_symbols", heap_symbols(image)},
                  {"debug_strings", debug_strings(image, bytes)}};
  return result;
}

/// What can be said of a project that nobody has compiled.
FirmwareResult written_only(const FirmwareRequest& request) {
  FirmwareResult result;
  result.facts = {{"board", request.board.name},
                  {"project", request.board.build.kind},
                  {"compiled", false},
                  {"checked_on_silicon", request.board.checked_on_silicon},
                  {"model", request.model},
                  {"woken_model", request.woken ? Json(request.woken->model) : Json()},
                  {"debug_log", request.debug_log},
                  {"self_test", request.self_test.has_value()}};
  return result;
}

/// A folder beside the output that vanishes unless it becomes the output.
class Workshop {
 public:
  explicit Workshop(const fs::path& output) : output_(output), folder_(output.string() + ".new") { remove(); }
  ~Workshop() { remove(); }
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;
  const fs::path& folder() const { return folder_; }

  Result<void> publish() {
    std::error_code error;
    fs::remove_all(output_, error);
    fs::rename(folder_, output_, error);
    if (error)
      return fail(ErrorKind::kInternal, "the firmware folder cannot be replaced: " + error.message(),
                  output_.string());
    return {};
  }

 private:
  void remove() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  fs::path output_;
  fs::path folder_;
};

}  // namespace

Result<const ProjectKind*> project_kind(const boards::Board& board) {
  std::vector<std::string_view> known;
  for (const ProjectKind* kind : kKinds) {
    if (kind->name == board.build.kind) return kind;
    known.push_back(kind->name);
  }
  return fail(
      ErrorKind::kInput,
      fmt::format("build.kind is \"{}\", expected one of: {}", board.build.kind, fmt::join(known, ", ")),
      (board.own_folder / "board.toml").string(), "name a kind of project that mote writes");
}

Result<FirmwareResult> build(const FirmwareRequest& request, const ProgressSink& progress) {
  const auto tell = [&progress](std::int64_t done, const char* text) {
    if (progress) progress({done, 3, text});
  };
  MOTE_CHECK(check_models(request));
  MOTE_TRY(const ProjectKind* const kind, project_kind(request.board));
  Workshop workshop(request.output);
  tell(0, "writing the project");
  MOTE_CHECK(write_project(request, *kind, workshop.folder()));
  if (!kind->is_built_here) {
    MOTE_CHECK(workshop.publish());
    tell(3, "done");
    return written_only(request);
  }
  tell(1, "compiling");
  MOTE_CHECK(compile(request, workshop.folder()));
  tell(2, "measuring the image");
  MOTE_TRY(FirmwareResult result, measure(request, workshop.folder() / "build" / "firmware.elf"));
  MOTE_CHECK(workshop.publish());
  tell(3, "done");
  return result;
}

}  // namespace mote::firmware
