// SPDX-License-Identifier: Apache-2.0
#include "firmware/stack_use.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/files.h"
#include "core/process.h"
#include "core/text.h"
#include "support/require.h"

namespace mote::firmware {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string node(const std::string& title, const std::string& figure) {
  return fmt::format("node: {{ title: \"{0}\" label: \"void {0}()\\na.cpp:1:6\\n{1}\" }}\n", title, figure);
}

std::string outside(const std::string& title, const std::string& place = "a.h:2:6") {
  return fmt::format("node: {{ title: \"{0}\" label: \"{0}\\n{1}\" shape : ellipse }}\n", title, place);
}

std::string edge(const std::string& from, const std::string& to) {
  return fmt::format("edge: {{ sourcename: \"{}\" targetname: \"{}\" label: \"a.cpp:3:9\" }}\n", from, to);
}

std::string unit(const std::string& name, const std::string& content) {
  return fmt::format("graph: {{ title: \"{}\"\n{}}}\n", name, content);
}

/// What start-up, main() and an interrupt that calls through a pointer look like, and what else is planted.
struct Program {
  std::string main_unit = node("main", "8 bytes (static)") + outside("_Z4workv") + edge("main", "_Z4workv") +
                          node("_Z7on_tickPv", "24 bytes (static)");
  std::string board_unit = node("mote_reset", "16 bytes (static)") + outside("main") +
                           edge("mote_reset", "main") + node("mote_timer_interrupt", "8 bytes (static)") +
                           node("__indirect_call", "") + edge("mote_timer_interrupt", "__indirect_call") +
                           node("mote_report_exception", "40 bytes (static)");
  std::string model_unit = node("_Z4workv", "100 bytes (static)");
  FunctionAddresses addresses{{"_Z7on_tickPv"}, {"mote_reset", "mote_timer_interrupt"}};
  std::set<std::string> linked = {"main",
                                  "work()",
                                  "deeper()",
                                  "on_tick(void*)",
                                  "mote_reset",
                                  "mote_timer_interrupt",
                                  "mote_report_exception"};

  Result<StackUse> use() const {
    CallGraph graph;
    MOTE_CHECK(add_call_graph(unit("main.cpp", main_unit), "main.cpp.ci", graph));
    MOTE_CHECK(add_call_graph(unit("board.cpp", board_unit), "board.cpp.ci", graph));
    MOTE_CHECK(add_call_graph(unit("model.cpp", model_unit), "model.cpp.ci", graph));
    return worst_case_stack(graph, addresses, linked, StackCore{36});
  }
};

TEST(StackUse, adds_the_deepest_interrupt_to_the_deepest_point_of_the_main_loop) {
  const auto use = Program().use();
  ASSERT_TRUE(use.has_value()) << to_text(use.error());
  EXPECT_EQ(use->main_bytes, 16 + 8 + 100);
  EXPECT_EQ(use->interrupt_bytes, 8 + 24);
  EXPECT_EQ(use->exception_frame_bytes, 36);
  EXPECT_EQ(use->fault_bytes, 40);
  EXPECT_EQ(use->worst_case_bytes, 124 + 36 + 32);
  EXPECT_EQ(path_text(use->main_path), "mote_reset 16 + main 8 + work() 100");
  EXPECT_EQ(path_text(use->interrupt_path), "mote_timer_interrupt 8 + on_tick(void*) 24");
  EXPECT_TRUE(use->bounded());
  EXPECT_THAT(use->assumed,
              ElementsAre("the pointer that mote_timer_interrupt calls through leads to on_tick(void*)",
                          "interrupts do not interrupt each other"));
}

TEST(StackUse, takes_the_longest_way_not_the_first) {
  Program program;
  program.model_unit += node("_Z6deeperv", "50 bytes (static)") + node("_Z7shallowv", "10 bytes (static)") +
                        node("_Z5earlyv", "10 bytes (static)") + edge("_Z4workv", "_Z5earlyv") +
                        edge("_Z4workv", "_Z6deeperv") + edge("_Z4workv", "_Z7shallowv");
  const auto use = program.use();
  ASSERT_TRUE(use.has_value());
  EXPECT_EQ(use->main_bytes, 16 + 8 + 100 + 50);
  EXPECT_EQ(use->main_path.back().function, "deeper()");
}

TEST(StackUse, a_report_of_a_fault_begins_anew_and_may_be_the_deepest) {
  Program program;
  program.board_unit += node("halt", "400 bytes (static)") + edge("mote_report_exception", "halt");
  const auto use = program.use();
  ASSERT_TRUE(use.has_value());
  EXPECT_EQ(use->interrupt_bytes, 32);
  EXPECT_EQ(use->worst_case_bytes, 440);
}

TEST(StackUse, local_functions_of_two_units_are_two) {
  Program program;
  program.main_unit += node("main.cpp:_ZL4helpv", "200 bytes (static)");
  program.model_unit +=
      node("model.cpp:_ZL4helpv", "30 bytes (static)") + edge("_Z4workv", "model.cpp:_ZL4helpv");
  const auto use = program.use();
  ASSERT_TRUE(use.has_value());
  EXPECT_EQ(use->main_bytes, 124 + 30);
  EXPECT_EQ(use->main_path.back().function, "help()");
}

TEST(StackUse, leaves_out_what_is_not_in_the_image) {
  Program program;
  program.board_unit += node("mote_unused_interrupt", "900 bytes (static)");
  EXPECT_EQ(program.use()->interrupt_bytes, 32);
  program.linked.insert("mote_unused_interrupt");
  EXPECT_EQ(program.use()->interrupt_bytes, 900);
}

TEST(StackUse, finds_recursion_and_names_the_cycle) {
  Program program;
  program.model_unit += node("_Z6deeperv", "50 bytes (static)") + edge("_Z4workv", "_Z6deeperv") +
                        edge("_Z6deeperv", "_Z4workv");
  const auto use = program.use();
  ASSERT_TRUE(use.has_value());
  EXPECT_THAT(use->recursion, ElementsAre("work()", "deeper()"));
  const auto fits = require_fitting_stack(*use, 100000);
  ASSERT_FALSE(fits.has_value());
  EXPECT_EQ(fits.error().kind, ErrorKind::kFinding);
  EXPECT_THAT(fits.error().what, HasSubstr("work() -> deeper()"));
}

TEST(StackUse, finds_recursion_through_a_pointer) {
  Program program;
  program.main_unit += edge("_Z7on_tickPv", "__indirect_call");
  EXPECT_THAT(program.use()->recursion, ElementsAre("on_tick(void*)"));
}

TEST(StackUse, finds_a_frame_without_bound) {
  Program program;
  program.model_unit = node("_Z4workv", "100 bytes (dynamic)\\n1 dynamic objects\\n char v a.cpp:1:6");
  const auto use = program.use();
  ASSERT_TRUE(use.has_value());
  EXPECT_THAT(use->unbounded, ElementsAre("work()"));
  const auto fits = require_fitting_stack(*use, 100000);
  ASSERT_FALSE(fits.has_value());
  EXPECT_EQ(fits.error().kind, ErrorKind::kFinding);
  EXPECT_THAT(fits.error().what, HasSubstr("'work()' depends on a value at run time"));
  program.model_unit = node("_Z4workv", "100 bytes (dynamic,bounded)");
  EXPECT_TRUE(program.use()->bounded());
}

TEST(StackUse, finds_a_function_without_figure) {
  Program program;
  program.model_unit = outside("_Z4workv");
  const auto use = program.use();
  ASSERT_TRUE(use.has_value());
  EXPECT_THAT(use->unknown, ElementsAre("the compiler has no figure for 'work()'"));
  const auto fits = require_fitting_stack(*use, 100000);
  ASSERT_FALSE(fits.has_value());
  EXPECT_THAT(fits.error().what, HasSubstr("no figure for 'work()'"));
}

TEST(StackUse, allows_for_helpers_of_the_compiler_and_says_so) {
  Program program;
  program.model_unit += outside("__aeabi_lmul", "<built-in>") + edge("_Z4workv", "__aeabi_lmul");
  const auto use = program.use();
  ASSERT_TRUE(use.has_value());
  EXPECT_TRUE(use->bounded());
  EXPECT_EQ(use->main_bytes, 124 + kHelperBytes);
  EXPECT_THAT(use->assumed, Contains("of the compiler's library __aeabi_lmul take at most 128 bytes each"));
}

TEST(StackUse, a_pointer_without_a_target_has_no_figure) {
  Program program;
  program.addresses.taken.clear();
  EXPECT_THAT(program.use()->unknown, ElementsAre(HasSubstr("mote_timer_interrupt")));
}

TEST(StackUse, a_reservation_that_is_too_small_is_told_with_both_numbers_and_the_way) {
  const auto use = Program().use();
  ASSERT_TRUE(use.has_value());
  EXPECT_TRUE(require_fitting_stack(*use, 192 + kStackGuardBytes).has_value());
  const auto fits = require_fitting_stack(*use, 192 + kStackGuardBytes - 1);
  ASSERT_FALSE(fits.has_value());
  EXPECT_EQ(fits.error().kind, ErrorKind::kFinding);
  for (const char* words : {"192", "207 are reserved", "mote_reset 16 + main 8 + work() 100", "on_tick"})
    EXPECT_THAT(fits.error().what, HasSubstr(words));
  EXPECT_THAT(fits.error().hint, HasSubstr("stack_bytes"));
  EXPECT_THAT(fits.error().hint, HasSubstr("208"));
}

TEST(StackUse, needs_a_main) {
  Program program;
  program.main_unit.clear();
  program.board_unit.clear();
  const auto use = program.use();
  ASSERT_FALSE(use.has_value());
  EXPECT_EQ(use.error().kind, ErrorKind::kInput);
}

TEST(StackUse, calls_a_thousand_deep_end_instead_of_crashing) {
  Program program;
  for (int level = 0; level < 50000; ++level)
    program.model_unit += node(fmt::format("f{}", level), "8 bytes (static)");
  for (int level = 1; level < 50000; ++level)
    program.model_unit += edge(fmt::format("f{}", level - 1), fmt::format("f{}", level));
  program.model_unit += edge("_Z4workv", "f0");
  EXPECT_THAT(program.use()->unknown, ElementsAre(HasSubstr("nested more than 1000 deep")));
}

TEST(CallGraphText, names_with_quotes_are_read) {
  CallGraph graph;
  const std::string title = "_Zli2_mPKc";
  ASSERT_TRUE(add_call_graph(unit("a.cpp", "node: { title: \"" + title +
                                               "\" label: \"int operator\"\" _m(const char*)\\na.cpp:1:5\\n8 "
                                               "bytes (static)\" }\n"),
                             "a.ci", graph)
                  .has_value());
  EXPECT_EQ(graph[title].frame_bytes, 8);
}

TEST(CallGraphText, damage_is_refused_with_its_line) {
  const std::string good = node("f", "8 bytes (static)");
  for (const std::string& bad :
       {std::string("nonsense\n"), std::string("node: { title: \"x\" }\n"), std::string("node: {\n"),
        std::string("node: { title: \"x\" label: \"\n"), node("x", "many bytes (static)"),
        node("x", "-8 bytes (static)"), node("x", "99999999999999999999 bytes (static)"),
        std::string("edge: { sourcename: \"f\" }\n"), edge("stranger", "f"), std::string("edge: {\n")}) {
    CallGraph graph;
    const auto read = add_call_graph(unit("a.cpp", good + bad), "a.ci", graph);
    ASSERT_FALSE(read.has_value()) << bad;
    EXPECT_EQ(read.error().kind, ErrorKind::kInput);
    EXPECT_EQ(read.error().where, "a.ci:3") << bad;
  }
}

TEST(CallGraphText, a_file_that_was_cut_off_is_refused) {
  const std::string whole = unit("a.cpp", node("f", "8 bytes (static)") + node("g", "8 bytes (static)"));
  for (std::size_t length = 0; length + 2 < whole.size(); ++length) {
    CallGraph graph;
    EXPECT_FALSE(add_call_graph(whole.substr(0, length), "a.ci", graph).has_value()) << length;
  }
}

TEST(Addresses, are_references_that_are_neither_calls_nor_debug_information) {
  FunctionAddresses addresses;
  add_addresses(
      "a.o:     file format elf32-littlearm\n\n"
      "RELOCATION RECORDS FOR [.text._Z3runv]:\nOFFSET   TYPE              VALUE\n"
      "00000004 R_ARM_THM_CALL    _Z6calledv\n00000006 R_ARM_THM_JUMP24    _Z6jumpedv\n"
      "00000008 R_ARM_ABS32       _Z5takenv+0x00000001\n0000000c R_ARM_ABS32       .text._ZL5localv\n\n"
      "RELOCATION RECORDS FOR [.vectors]:\nOFFSET   TYPE              VALUE\n"
      "00000004 R_ARM_ABS32       mote_reset\n\n"
      "RELOCATION RECORDS FOR [.debug_info]:\nOFFSET   TYPE              VALUE\n"
      "00000004 R_ARM_ABS32       _Z7debuggedv\n\n"
      "RELOCATION RECORDS FOR [.text.f]:\nOFFSET   TYPE              VALUE\n"
      "00000004 R_RISCV_CALL_PLT  _Z6calledv\n00000004 R_RISCV_RELAX     *ABS*\n"
      "00000008 R_RISCV_HI20      _Z5upperv\n0000000c R_RISCV_PCREL_HI20  _Z6nearbyv\n"
      "00000010 R_RISCV_JAL       _Z6jumpedv\n",
      addresses);
  EXPECT_THAT(addresses.taken, ElementsAre("_Z5takenv", "_Z5upperv", "_Z6nearbyv", "_ZL5localv"));
  EXPECT_THAT(addresses.in_vectors, ElementsAre("mote_reset"));
}

TEST(Cores, put_onto_the_stack_what_their_manuals_say) {
  const std::vector<std::string> integers = {"-mthumb", "-mfloat-abi=soft"};
  const std::vector<std::string> floats = {"-mthumb", "-mfloat-abi=hard"};
  EXPECT_EQ(stack_core("cortex-m4", integers)->exception_frame_bytes, 36);
  EXPECT_EQ(stack_core("cortex-m55", floats)->exception_frame_bytes, 108);
  EXPECT_EQ(stack_core("rv32imc", {})->exception_frame_bytes, 0);
  EXPECT_FALSE(stack_core("6502", {}).has_value());
}

/// The real compilers, with what must not be missed planted into a program of one unit.
class Compiled : public ::testing::TestWithParam<const char*> {
 protected:
  Result<StackUse> use(const std::string& source) {
    const std::string prefix = GetParam();
    const test::TemporaryDirectory folder;
    MOTE_CHECK(write_file(folder.path() / "a.cpp", source));
    MOTE_TRY(const auto compiled, run_process({prefix + "g++", "-O2", "-ffreestanding", "-ffunction-sections",
                                               "-fcallgraph-info=su", "-c", "a.cpp", "-o", "a.o"},
                                              {.working_directory = folder.path()}));
    if (compiled.exit_code != 0) return fail(ErrorKind::kInternal, compiled.errors);
    CallGraph graph;
    MOTE_TRY(const std::string text, read_text(folder.path() / "a.ci"));
    MOTE_CHECK(add_call_graph(text, "a.ci", graph));
    MOTE_TRY(const auto relocations,
             run_process({prefix + "objdump", "-r", (folder.path() / "a.o").string()}));
    FunctionAddresses addresses;
    add_addresses(relocations.output, addresses);
    std::set<std::string> linked;
    for (const auto& [title, function] : graph) linked.insert(function.name);
    return worst_case_stack(graph, addresses, linked, StackCore{});
  }

  void SetUp() override {
    MOTE_REQUIRE_OR_SKIP(test::have_tool(std::string(GetParam()) + "g++"), GetParam());
  }
};

constexpr const char* kMain = "void work(int); int main() { work(7); return 0; }\n";

TEST_P(Compiled, counts_an_array) {
  const auto use = this->use(std::string(kMain) +
                             "volatile char sink; __attribute__((noinline)) void work(int n) { volatile char "
                             "values[500]; values[n] = 1; sink = values[n]; }\n");
  ASSERT_TRUE(use.has_value()) << to_text(use.error());
  EXPECT_TRUE(use->bounded());
  EXPECT_GE(use->main_bytes, 500);
  EXPECT_LE(use->main_bytes, 540);
}

TEST_P(Compiled, finds_recursion) {
  const auto use = this->use(std::string(kMain) +
                             "volatile char sink; __attribute__((noinline)) void work(int n) { volatile char "
                             "values[9]; values[n] = 1; if (sink) work(n + 1); sink = values[n]; }\n");
  ASSERT_TRUE(use.has_value()) << to_text(use.error());
  EXPECT_THAT(use->recursion, ElementsAre("work(int)"));
}

TEST_P(Compiled, finds_an_array_of_variable_length) {
  const auto use = this->use(
      std::string(kMain) +
      "volatile char sink; void fill(char*); __attribute__((noinline)) void work(int n) { char "
      "values[n]; fill(values); }\n__attribute__((noinline)) void fill(char* at) { *at = sink; }\n");
  ASSERT_TRUE(use.has_value()) << to_text(use.error());
  EXPECT_THAT(use->unbounded, ElementsAre("work(int)"));
}

TEST_P(Compiled, follows_a_pointer) {
  const auto use = this->use(
      std::string(kMain) +
      "volatile char sink; __attribute__((noinline)) static void deep() { volatile char values[300]; "
      "values[sink] = 1; sink = values[sink]; }\nvoid (*volatile pointer)() = deep;\n"
      "__attribute__((noinline)) void work(int) { pointer(); pointer(); }\n");
  ASSERT_TRUE(use.has_value()) << to_text(use.error());
  EXPECT_THAT(use->unknown, IsEmpty());
  EXPECT_GE(use->main_bytes, 300);
}

/// Frames counted from the instructions are those that avr-gcc itself gives.
TEST(AvrDisassembly, gives_the_frames_that_the_compiler_gives) {
  MOTE_REQUIRE_OR_SKIP(test::have_tool("avr-g++"), "avr-g++");
  const test::TemporaryDirectory folder;
  ASSERT_TRUE(write_file(folder.path() / "a.cpp",
                         "volatile long sink; void (*volatile pointer)();\n"
                         "extern \"C\" {\n"
                         "__attribute__((noinline)) static void deep() { volatile char v[40]; v[sink] = 1; "
                         "sink = v[(unsigned char)sink]; }\n"
                         "__attribute__((noinline)) long work(long n) { volatile char v[300]; v[n] = 1; "
                         "return v[n] / n; }\n"
                         "__attribute__((noinline)) char two(char n) { volatile char v[2]; v[0] = n; "
                         "return v[0]; }\n"
                         "int main() { pointer = deep; for (;;) sink = work(sink) * two(3); }\n"
                         "__attribute__((signal, used)) void __vector_11() { pointer(); }\n"
                         "__attribute__((naked, used, section(\".vectors\"))) void mote_vectors() { __asm__ "
                         "volatile(\"jmp main\\n\\tjmp __vector_11\"); }\n}\n")
                  .has_value());
  const ProcessOptions here{.working_directory = folder.path()};
  ASSERT_EQ(run_process({"avr-g++", "-mmcu=atmega328p", "-O2", "-ffunction-sections", "-fstack-usage", "-c",
                         "a.cpp", "-o", "a.o"},
                        here)
                ->exit_code,
            0);
  ASSERT_EQ(
      run_process({"avr-g++", "-mmcu=atmega328p", "-nostartfiles", "a.o", "-o", "a.elf"}, here)->exit_code,
      0);
  const std::set<std::string> linked = {"main",        "deep",        "work",        "two",
                                        "__vector_11", "__divmodsi4", "mote_vectors"};
  CallGraph graph;
  FunctionAddresses addresses;
  add_addresses(run_process({"avr-objdump", "-r", "a.o"}, here)->output, addresses);
  ASSERT_TRUE(add_avr_disassembly(run_process({"avr-objdump", "-d", "a.elf"}, here)->output, "a.elf", linked,
                                  graph, addresses)
                  .has_value());
  const std::string figures = read_text(folder.path() / "a.su").value();
  for (const char* name : {"main", "work", "two", "__vector_11"})
    EXPECT_THAT(figures, HasSubstr(fmt::format("{}(", name)));
  for (const auto line : split(figures, '\n')) {
    const auto fields = split(line, '\t');
    if (fields.size() < 3) continue;
    const auto begin = fields[0].find_last_of(" *", fields[0].find('(')) + 1;
    const std::string name(fields[0].substr(begin, fields[0].find('(') - begin));
    if (name == "mote_vectors") continue;
    EXPECT_EQ(fmt::to_string(*graph[name].frame_bytes), fields[1]) << name;
  }
  const auto use = worst_case_stack(graph, addresses, linked, *stack_core("atmega328p", {}));
  ASSERT_TRUE(use.has_value()) << to_text(use.error());
  EXPECT_TRUE(use->bounded());
  EXPECT_EQ(path_text(use->interrupt_path), "__vector_11 17 + deep 44");
  EXPECT_GE(use->main_bytes, 2 + 304 + 2);
  EXPECT_THAT(path_text(use->main_path), HasSubstr("__divmodsi4 "));
}

INSTANTIATE_TEST_SUITE_P(Compilers, Compiled, testing::Values("arm-none-eabi-", "riscv64-unknown-elf-"),
                         [](const auto& prefix) {
                           return std::string(prefix.param).starts_with("arm") ? "arm" : "riscv";
                         });

}  // namespace
}  // namespace mote::firmware
