// SPDX-License-Identifier: Apache-2.0
// A plugin of QEMU that counts what a program executes between marks, and estimates the cycles of it.
//
//   qemu-system-arm ... -plugin libmote_qemu_counter.so,mark=<address>,core=<core>,out=<file>
//
// Each call of the function at `mark` (hexadecimal) ends an interval and appends a line to `out`:
// instructions, cycles, loads, stores, taken branches, multiplications, divisions, and bytes of code that
// were executed at least once. What ran before the first call is not written; the marking function and its
// call are not counted.
//
// Cycles are those of the core's technical reference manual for memory without wait states: Cortex-M4 (Arm
// DDI 0439, section 3.3.1), Cortex-M0+ (DDI 0484, section 3.3); for another core they are 0. An instruction
// under IT counts whether or not it is executed; divisions count their longest time.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

// QEMU's plugin interface, version 1 (docs/devel/tcg-plugins.rst in its sources): what is used of it.
extern "C" {
struct qemu_plugin_tb;
struct qemu_plugin_insn;
using qemu_plugin_id_t = std::uint64_t;
using TranslationCallback = void (*)(qemu_plugin_id_t id, qemu_plugin_tb* block);
using ExecutionCallback = void (*)(unsigned int processor, void* data);
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, TranslationCallback callback);
void qemu_plugin_register_vcpu_tb_exec_cb(qemu_plugin_tb* block, ExecutionCallback callback, int flags,
                                          void* data);
std::size_t qemu_plugin_tb_n_insns(const qemu_plugin_tb* block);
std::uint64_t qemu_plugin_tb_vaddr(const qemu_plugin_tb* block);
qemu_plugin_insn* qemu_plugin_tb_get_insn(const qemu_plugin_tb* block, std::size_t index);
std::size_t qemu_plugin_insn_size(const qemu_plugin_insn* instruction);
char* qemu_plugin_insn_disas(const qemu_plugin_insn* instruction);
[[gnu::visibility("default")]] int qemu_plugin_version = 1;
[[gnu::visibility("default")]] int qemu_plugin_install(qemu_plugin_id_t id, const void* info, int count,
                                                       char** arguments);
}

namespace {

enum class Core { kOther, kCortexM4, kCortexM0Plus, kRiscv };

struct Counts {
  std::uint64_t instructions = 0, cycles = 0, loads = 0, stores = 0, taken = 0, multiplications = 0,
                divisions = 0;

  void add(const Counts& other) {
    instructions += other.instructions;
    cycles += other.cycles;
    loads += other.loads;
    stores += other.stores;
    multiplications += other.multiplications;
    divisions += other.divisions;
  }
};

/// What QEMU translates and runs in one piece.
struct Block {
  std::uint64_t start = 0, end = 0;
  Counts counts;          ///< of one execution in which no branch is taken
  bool executed = false;  ///< in this interval
};

struct State {
  Core core = Core::kOther;
  std::uint64_t mark = 0;
  std::FILE* out = nullptr;
  bool counting = false;
  Counts counts;
  std::uint64_t previous_end = 0;
  std::vector<std::unique_ptr<Block>> blocks;  ///< QEMU keeps pointers to them
  std::vector<Block*> executed;
};
State state;

bool starts_with_one_of(std::string_view text, std::initializer_list<std::string_view> prefixes) {
  return std::ranges::any_of(prefixes, [&](std::string_view prefix) { return text.starts_with(prefix); });
}

/// Registers in "{r4, r5-r7, lr}".
std::uint64_t registers_in_list(std::string_view operands) {
  const std::size_t open = operands.find('{');
  if (open == std::string_view::npos) return 1;
  std::uint64_t count = 1;
  for (const char c : operands.substr(open)) count += c == ',' ? 1 : 0;
  return count;
}

/// The counts of one instruction. `after_load` [in, out]: whether the one before it was a single load, behind
/// which the next one's address is pipelined.
Counts counts_of(std::string_view text, bool& after_load) {
  const std::size_t space = text.find_first_of(" \t");
  const std::string_view name = text.substr(0, space);
  const std::string_view operands = space == std::string_view::npos ? "" : text.substr(space);
  const bool is_m4 = state.core == Core::kCortexM4;
  const bool pipelined = after_load;
  after_load = false;
  Counts counts;
  counts.instructions = 1;
  counts.cycles = 1;
  const auto access = [&](bool is_load, std::uint64_t words) {
    (is_load ? counts.loads : counts.stores) = words;
  };
  if (starts_with_one_of(name,
                         {"ldrd", "strd", "ldm", "stm", "push", "pop", "vldm", "vstm", "vpush", "vpop"})) {
    const std::uint64_t words = starts_with_one_of(name, {"ldrd", "strd"}) ? 2 : registers_in_list(operands);
    access(starts_with_one_of(name, {"ld", "pop", "vld", "vpop"}), words);
    counts.cycles = 1 + words;
  } else if (starts_with_one_of(name, {"ldr", "vldr"})) {
    access(true, 1);
    after_load = is_m4;
    counts.cycles = pipelined ? 1 : 2;
  } else if (starts_with_one_of(name, {"str", "vstr"})) {
    access(false, 1);
    counts.cycles = is_m4 ? 1 : 2;
  } else if (starts_with_one_of(name, {"mul", "mla", "mls", "smul", "smla", "smml", "smmu", "smua", "umul",
                                       "umla", "smlal", "smull", "umull"})) {
    counts.multiplications = 1;
  } else if (starts_with_one_of(name, {"udiv", "sdiv"})) {
    counts.divisions = 1;
    counts.cycles = 12;
  } else if (starts_with_one_of(name, {"vdiv", "vsqrt"})) {
    counts.cycles = 14;
  } else if (name == "bl" || name == "blx") {
    counts.cycles = state.core == Core::kCortexM0Plus && name == "bl" ? 2 : 1;
  }
  return counts;
}

/// The counts of one RISC-V instruction. QEMU writes its code before its name, and of a compressed one the
/// name that it has in full.
Counts riscv_counts_of(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of("0123456789abcdef"), text.size()));
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  const std::string_view name = text.substr(0, text.find_first_of(" \t"));
  const auto is_one_of = [&](std::initializer_list<std::string_view> names) {
    return std::ranges::find(names, name) != names.end();
  };
  Counts counts;
  counts.instructions = 1;
  counts.loads = is_one_of({"lw", "lh", "lhu", "lb", "lbu"});
  counts.stores = is_one_of({"sw", "sh", "sb"});
  counts.multiplications = is_one_of({"mul", "mulh", "mulhu", "mulhsu"});
  counts.divisions = is_one_of({"div", "divu", "rem", "remu"});
  return counts;
}

/// What a branch that is taken costs beyond one that is not.
std::uint64_t refill_cycles() {
  return state.core == Core::kCortexM4 ? 2 : 1;
}

bool has_cycles() {
  return state.core == Core::kCortexM4 || state.core == Core::kCortexM0Plus;
}

void end_interval() {
  std::sort(state.executed.begin(), state.executed.end(),
            [](const Block* a, const Block* b) { return a->start < b->start; });
  std::uint64_t bytes = 0, covered = 0;
  for (Block* block : state.executed) {
    const std::uint64_t from = std::max(block->start, covered);
    if (block->end > from) bytes += block->end - from;
    covered = std::max(covered, block->end);
    block->executed = false;
  }
  state.executed.clear();
  if (state.counting) {
    Counts& counts = state.counts;
    --counts.instructions;  // the call of the marking function
    --counts.cycles;
    const auto number = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
    std::fprintf(state.out, "%llu %llu %llu %llu %llu %llu %llu %llu\n", number(counts.instructions),
                 number(!has_cycles() ? 0 : counts.cycles + counts.taken * refill_cycles()),
                 number(counts.loads), number(counts.stores), number(counts.taken),
                 number(counts.multiplications), number(counts.divisions), number(bytes));
    std::fflush(state.out);
  }
  state.counting = true;
  state.counts = {};
}

void on_execution(unsigned int /*processor*/, void* data) {
  Block& block = *static_cast<Block*>(data);
  if (block.start == state.mark) {
    end_interval();
    state.previous_end = 0;
    return;
  }
  state.counts.add(block.counts);
  if (state.previous_end != 0 && block.start != state.previous_end) ++state.counts.taken;
  if (!block.executed) state.executed.push_back(&block);
  block.executed = true;
  state.previous_end = block.end;
}

void on_translation(qemu_plugin_id_t /*id*/, qemu_plugin_tb* translated) {
  auto block = std::make_unique<Block>();
  block->start = block->end = qemu_plugin_tb_vaddr(translated);
  bool after_load = false;
  for (std::size_t index = 0; index < qemu_plugin_tb_n_insns(translated); ++index) {
    const qemu_plugin_insn* instruction = qemu_plugin_tb_get_insn(translated, index);
    char* text = qemu_plugin_insn_disas(instruction);
    block->counts.add(state.core == Core::kRiscv ? riscv_counts_of(text) : counts_of(text, after_load));
    std::free(text);
    block->end += qemu_plugin_insn_size(instruction);
  }
  qemu_plugin_register_vcpu_tb_exec_cb(translated, on_execution, 0, block.get());
  state.blocks.push_back(std::move(block));
}

/// The value of "key=value", or null.
const char* value_of(const char* argument, std::string_view key) {
  const std::string_view text(argument);
  return text.starts_with(key) && text.substr(key.size()).starts_with('=') ? argument + key.size() + 1
                                                                           : nullptr;
}

}  // namespace

int qemu_plugin_install(qemu_plugin_id_t id, const void* /*info*/, int count, char** arguments) {
  for (int index = 0; index < count; ++index) {
    if (const char* mark = value_of(arguments[index], "mark")) state.mark = std::strtoull(mark, nullptr, 16);
    if (const char* out = value_of(arguments[index], "out")) state.out = std::fopen(out, "w");
    if (const char* core = value_of(arguments[index], "core")) {
      const std::string_view name(core);
      if (name == "cortex-m4") state.core = Core::kCortexM4;
      if (name.starts_with("rv32")) state.core = Core::kRiscv;
      if (name == "cortex-m0plus") state.core = Core::kCortexM0Plus;
    }
  }
  if (state.mark == 0 || state.out == nullptr) {
    std::fprintf(stderr, "mote_qemu_counter: needs mark=<address> and out=<file that can be written>\n");
    return 1;
  }
  qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
  return 0;
}
