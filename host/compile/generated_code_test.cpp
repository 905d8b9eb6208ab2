// SPDX-License-Identifier: Apache-2.0
// What every compiler says about generated code, and that nothing from a model file gets out of its quotes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compile/compile.h"
#include "compile/host_program.h"
#include "compile/test_graphs.h"
#include "core/files.h"
#include "core/process.h"
#include "core/resources.h"
#include "support/require.h"

namespace mote::compile {
namespace {

using testing::HasSubstr;

std::filesystem::path device_include() {
  return resource("device/include").value();
}

/// A folder with the files of some models, in which compilers are run.
class Workshop {
 public:
  void add(const graph::Graph& graph, const CompileOptions& options) {
    auto model = compile(graph, options);
    if (!model) throw std::runtime_error(to_text(model.error()));
    for (const auto& file : model->files) write(file.name, file.content);
    models_.push_back(model->identifier);
  }
  void write(const std::string& name, const std::string& content) {
    if (!write_file(folder_.path() / name, std::string_view(content))) throw std::runtime_error(name);
  }
  /// Runs a program here; what it printed, empty if it succeeded without a word.
  std::string run(const std::vector<std::string>& command) const {
    const auto result = run_process(command, {.working_directory = folder_.path()});
    if (!result) return to_text(result.error());
    if (result->exit_code != 0 || !result->errors.empty())
      return "exit code " + std::to_string(result->exit_code) + "\n" + result->errors.substr(0, 3000);
    return "";
  }
  /// Compiles every model with every warning as an error; `mode`: -c, or -fsyntax-only, which is faster.
  std::string compile_all(std::vector<std::string> compiler, const char* mode = "-c") const {
    for (const char* option : {"-std=c++14", "-O2", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Wundef",
                               "-Werror", "-ffreestanding", "-fno-exceptions", "-fno-rtti", mode})
      compiler.emplace_back(option);
    compiler.push_back("-I" + device_include().string());
    std::string complaints;
    for (const auto& model : models_) {
      auto command = compiler;
      command.push_back(model + ".cpp");
      complaints += run(command);
    }
    return complaints;
  }
  const std::filesystem::path& path() const { return folder_.path(); }

 private:
  test::TemporaryDirectory folder_;
  std::vector<std::string> models_;
};

struct Target {
  const char* name;
  std::vector<std::string> compiler;
  Isa isa;
};

void PrintTo(const Target& target, std::ostream* out) {
  *out << target.name;
}

class GeneratedCode : public testing::TestWithParam<Target> {};

TEST_P(GeneratedCode, CompilesWithoutAWarning) {
  const Target& target = GetParam();
  MOTE_REQUIRE_OR_SKIP(program_exists(target.compiler[0]), target.compiler[0]);
  Workshop workshop;
  workshop.add(gesture_graph("speed"), {target.isa, Optimize::kSpeed, "", ""});
  workshop.add(gesture_graph("size"), {target.isa, Optimize::kSize, "", ""});
  for (std::uint64_t seed = 100; seed < 104; ++seed)
    workshop.add(random_graph(seed, "random_" + std::to_string(seed)), {target.isa, Optimize::kSize, "", ""});
  EXPECT_EQ(workshop.compile_all(target.compiler), "");
}

INSTANTIATE_TEST_SUITE_P(
    Targets, GeneratedCode,
    testing::Values(
        Target{"host_gcc", {"g++"}, Isa::kPortable}, Target{"host_clang", {"clang++-19"}, Isa::kPortable},
        Target{"cortex_m4", {"arm-none-eabi-g++", "-mcpu=cortex-m4", "-mthumb"}, Isa::kCortexMDsp},
        Target{"cortex_m0", {"arm-none-eabi-g++", "-mcpu=cortex-m0", "-mthumb"}, Isa::kCortexM0},
        Target{"rv32", {"riscv64-unknown-elf-g++", "-march=rv32imac", "-mabi=ilp32"}, Isa::kRiscv32},
        Target{"avr", {"avr-g++", "-mmcu=atmega328p"}, Isa::kAvr}),
    [](const auto& instance) { return std::string(instance.param.name); });

TEST(GeneratedC, HeadersAreC90WithStdint) {
  MOTE_REQUIRE_OR_SKIP(program_exists("gcc"), "gcc");
  Workshop workshop;
  workshop.add(gesture_graph(), {});
  workshop.write(
      "use.c",
      "#include \"gesture_c.h\"\n#include \"norm_params.h\"\n"
      "float first_mean(void) { return gesture_norm_mean[MOTE_GESTURE_NORM_AXES - 3]; }\n"
      "int8_t first(uint8_t* memory) { mote_gesture_run(memory); return *mote_gesture_output(memory); }\n");
  EXPECT_EQ(workshop.run({"gcc", "-std=c90", "-Wall", "-Wextra", "-Wno-long-long", "-Werror", "-c", "use.c"}),
            "");
}

/// The gesture model with `text` in every place that a stranger can fill.
graph::Graph hostile_graph(const std::string& name, const std::string& text) {
  auto graph = gesture_graph(name);
  graph.name = text;
  for (auto& value : graph.values) value.name = text;
  graph.metadata.version = text;
  graph.metadata.date = text;
  graph.metadata.labels[0] = text;
  graph.metadata.sensor->name = text;
  graph.metadata.sensor->mounting = text;
  graph.metadata.sensor->groups[0].axes[0] = text;
  return graph;
}

const std::string kAttacks[] = {"*/\n#error out\n/*",
                                "\"; int x = \"",
                                "a\nb\r\n#error out\n",
                                "x\\",
                                "\\\n#error out",
                                "?\?/",
                                "\\\\/",
                                std::string("nul\0l", 5),
                                "../../etc/passwd",
                                "%s%n{}{{0}}",
                                "\xC3\xA4\xFF",
                                "R\"(",
                                "//",
                                "/* /* "};

TEST(Hostile, TextFromAModelStaysText) {
  MOTE_REQUIRE_OR_SKIP(program_exists("g++"), "g++");
  for (const std::string& attack : kAttacks) {
    Workshop workshop;
    workshop.add(hostile_graph("x", attack), {});
    EXPECT_EQ(workshop.compile_all({"g++"}, "-fsyntax-only"), "") << attack;
    for (const auto& entry : std::filesystem::directory_iterator(workshop.path()))
      EXPECT_THAT(entry.path().stem().string(), testing::MatchesRegex("[A-Za-z][A-Za-z0-9_]*")) << attack;
    workshop.write("use.c", "#include \"norm_params.h\"\nint unused;\n");
    EXPECT_EQ(workshop.run({"gcc", "-std=c90", "-Wall", "-Wextra", "-Werror", "-c", "use.c"}), "") << attack;
  }
}

TEST(Hostile, LabelsComeBackByteForByte) {
  MOTE_REQUIRE_OR_SKIP(program_exists("g++"), "g++");
  Workshop workshop;
  std::string expected, includes, prints;
  std::vector<std::string> command = {"g++", "-std=c++14", "-I" + device_include().string(),
                                      "-o",  "program",    "main.cpp"};
  for (const std::string& attack : kAttacks) {
    if (attack.find('\0') != std::string::npos) continue;  // a C string ends there
    const std::string name = "model_" + std::to_string(command.size());
    auto graph = hostile_graph(name, attack);
    graph.name = name;
    workshop.add(graph, {});
    command.push_back(name + ".cpp");
    includes += "#include \"" + name + ".h\"\n";
    prints += "  puts(mote_models::" + name + "::Model::label(0).data());\n";
    expected += attack + "\n";
  }
  workshop.write("main.cpp", "#include <stdio.h>\n" + includes + "int main() {\n" + prints + "}\n");
  ASSERT_EQ(workshop.run(command), "");
  EXPECT_EQ(run_process({(workshop.path() / "program").string()})->output, expected);
}

TEST(Hostile, EveryModelNameGivesCodeThatCompiles) {
  MOTE_REQUIRE_OR_SKIP(program_exists("g++"), "g++");
  Workshop workshop;
  for (const std::string name :
       {"",     "int",         "linux",     "INT32_MAX",        "int8_t", "stdint",   "stdio",
        "mote", "Model",       "std",       "../../etc/passwd", "3d",     "__a__b__", "_X",
        "a b",  "norm_params", "namespace", "kernels",          "memory", "EOF",      "mote_models"}) {
    auto graph = random_graph(1, name);
    workshop.add(graph, {});
  }
  workshop.add(random_graph(1, std::string(10'000, 'n')), {});
  EXPECT_EQ(workshop.compile_all({"g++", "-I."}, "-fsyntax-only"), "");
}

TEST(ModelIdentifier, IsAPlainNameThatNothingElseHas) {
  EXPECT_EQ(model_identifier("gesture"), "gesture");
  EXPECT_EQ(model_identifier("my-gesture 2"), "my_gesture_2");
  EXPECT_EQ(model_identifier(""), "model");
  EXPECT_EQ(model_identifier("3d"), "m3d");
  EXPECT_EQ(model_identifier("class"), "class_model");
  EXPECT_EQ(model_identifier("a__b"), "a_b");
  EXPECT_EQ(model_identifier(std::string(1000, 'x')).size(), 57u);
}

/// The fenced blocks of a language in a page.
std::vector<std::string> snippets(const std::string& page, const std::string& language) {
  std::vector<std::string> found;
  const std::string fence = "\n```" + language + "\n";
  for (std::size_t at = 0; (at = page.find(fence, at)) != std::string::npos;) {
    at += fence.size();
    found.push_back(page.substr(at, page.find("\n```", at) + 1 - at));
  }
  return found;
}

TEST(Documentation, SnippetsCompile) {
  MOTE_REQUIRE_OR_SKIP(program_exists("g++") && program_exists("gcc"), "gcc and g++");
  const auto page = read_text(std::filesystem::path(MOTE_SOURCE_DIR) / "docs/reference/generated-code.md");
  ASSERT_TRUE(page);
  Workshop workshop;
  workshop.add(gesture_graph(), {});
  const auto check = [&](const std::string& name, const std::vector<std::string>& compiler) {
    auto command = compiler;
    for (const std::string option : {"-Wall", "-Wextra", "-Werror", "-c"}) command.push_back(option);
    command.push_back("-I" + device_include().string());
    command.push_back(name);
    EXPECT_EQ(workshop.run(command), "") << name;
  };
  const auto cpp = snippets(*page, "cpp");
  const auto c = snippets(*page, "c");
  ASSERT_EQ(cpp.size(), 2u);
  ASSERT_EQ(c.size(), 1u);
  for (const auto& snippet : cpp) {
    workshop.write("snippet.cpp", snippet);
    check("snippet.cpp", {"g++", "-std=c++14"});
  }
  workshop.write("snippet.c", c[0]);
  check("snippet.c", {"gcc", "-std=c90"});
}

TEST(Documentation, TheCFunctionsComputeTheSameAsTheClass) {
  MOTE_REQUIRE_OR_SKIP(program_exists("g++") && program_exists("gcc"), "gcc and g++");
  const auto page = read_text(std::filesystem::path(MOTE_SOURCE_DIR) / "docs/reference/generated-code.md");
  Workshop workshop;
  workshop.add(gesture_graph(), {});
  workshop.write("snippet.c", snippets(*page, "c").at(0));
  workshop.write("main.cpp", R"(#include "gesture.h"
#include "gesture_c.h"
extern "C" int8_t first_probability(const int8_t* input);
using Model = mote_models::gesture::Model;
int main() {
  alignas(4) static uint8_t memory[Model::kMemoryBytes];
  static int8_t input[Model::kInputBytes];
  for (int round = 0; round < 50; ++round) {
    for (int i = 0; i < Model::kInputBytes; ++i) input[i] = int8_t(i * 37 * (round + 1));
    for (int i = 0; i < Model::kInputBytes; ++i) Model::input(memory)[i] = input[i];
    Model::run(memory);
    if (Model::output(memory)[0] != first_probability(input)) return 1;
  }
  return mote_gesture_weights_crc32() == MOTE_GESTURE_WEIGHTS_CRC32 ? 0 : 2;
}
)");
  ASSERT_EQ(workshop.run({"gcc", "-c", "snippet.c"}), "");
  ASSERT_EQ(workshop.run({"g++", "-std=c++14", "-I" + device_include().string(), "-o", "program", "main.cpp",
                          "gesture.cpp", "snippet.o"}),
            "");
  EXPECT_EQ(workshop.run({(workshop.path() / "program").string()}), "");
}

}  // namespace
}  // namespace mote::compile
