// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <charconv>

#include "core/text.h"
#include "firmware/elf.h"
#include "firmware/stack_use.h"

namespace mote::firmware {
namespace {

constexpr std::size_t kFunctionLimit = 100000;
constexpr std::int64_t kReturnAddressBytes = 2;  // of devices with up to 128 KB of flash
/// libgcc's jump through the table of a switch, back into the function that jumped there.
constexpr std::string_view kTableJump = "__tablejump";
constexpr std::string_view kLowerByTwo = ".+0";  // `rcall .+0` is the shortest way to do so

/// "  e0:	0e 94 47 00 	call	0x8e	; 0x8e <work>" taken apart.
struct Instruction {
  std::string_view operation;
  std::string_view operands;
  std::string_view target;  ///< label that a call or jump goes to
  bool inside = false;      ///< behind the label

  bool is_call() const { return (operation == "call" || operation == "rcall") && operands != kLowerByTwo; }
  bool is_jump() const { return operation == "jmp" || operation == "rjmp"; }
  bool ends() const { return is_jump() || operation == "ret" || operation == "reti" || operation == "ijmp"; }
};

std::optional<Instruction> read_instruction(std::string_view line) {
  const auto fields = split(line, '\t');
  if (fields.size() < 3 || !fields[0].ends_with(':')) return std::nullopt;
  Instruction found{.operation = fields[2], .operands = fields.size() > 3 ? fields[3] : "", .target = ""};
  const auto begin = line.rfind('<');
  const auto end = line.rfind('>');
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) return found;
  found.target = line.substr(begin + 1, end - begin - 1);
  const auto plus = found.target.rfind("+0x");
  found.inside = plus != std::string_view::npos;
  found.target = found.target.substr(0, plus);
  return found;
}

/// The hexadecimal number in "r28, 0x2A"; 0 if there is none.
std::int64_t number_in(std::string_view operands) {
  const auto at = operands.find("0x");
  if (at == std::string_view::npos) return 0;
  std::uint16_t number = 0;
  std::from_chars(operands.data() + at + 2, operands.data() + operands.size(), number, 16);
  return number;
}

/// The name in "00000080 <name>:"; empty if the line is another.
std::string_view read_label(std::string_view line) {
  const auto begin = line.find(" <");
  if (begin == std::string_view::npos || !line.ends_with(">:")) return {};
  return line.substr(begin + 2, line.size() - begin - 4);
}

/// Counts what the instructions of one function do to the stack.
class Frame {
 public:
  /// False if the stack pointer changes in a way that is not known.
  bool add(const Instruction& instruction) {
    const auto& [operation, operands, target, inside] = instruction;
    if (operation == "push") {
      ++bytes_;
    } else if (operation == "rcall" && operands == kLowerByTwo) {
      bytes_ += kReturnAddressBytes;
    } else if (operation == "in" && operands == "r28, 0x3d") {
      lowered_ = 0;
    } else if (operation == "sbiw" && operands.starts_with("r28,")) {
      lowered_ += number_in(operands);
    } else if (operation == "subi" && operands.starts_with("r28,")) {
      low_ = number_in(operands);
    } else if (operation == "sbci" && operands.starts_with("r29,")) {
      lowered_ += static_cast<std::int16_t>(number_in(operands) << 8 | low_);
    } else if (operation == "out" && operands == "0x3d, r28") {
      if (lowered_ > 0) bytes_ += lowered_;
      lowered_ = 0;
    } else if (operation == "out" && operands.starts_with("0x3d,")) {
      return false;
    }
    return true;
  }

  /// It calls a part of its own.
  void add_return_address() { bytes_ += kReturnAddressBytes; }

  std::int64_t bytes() const { return bytes_; }

 private:
  std::int64_t bytes_ = kReturnAddressBytes;
  std::int64_t lowered_ = 0;  // of r29:r28 since they were the stack pointer
  std::int64_t low_ = 0;
};

/// Labels with the function that each lies in. libgcc's are no function symbols, but what is called is one.
std::map<std::string_view, std::string_view> owners_of_labels(const std::vector<std::string_view>& lines,
                                                              const std::set<std::string>& linked) {
  std::set<std::string_view> called;
  for (const auto line : lines) {
    const auto instruction = read_instruction(line);
    if (instruction && instruction->is_call() && !instruction->inside) called.insert(instruction->target);
  }
  std::map<std::string_view, std::string_view> owners;
  std::string_view function;
  for (const auto line : lines) {
    const auto name = read_label(line);
    if (name.empty()) continue;
    if (function.empty() || called.contains(name) || name.starts_with(kTableJump) ||
        linked.contains(demangle(std::string(name))))
      function = name;
    owners[name] = function;
  }
  return owners;
}

}  // namespace

Result<void> add_avr_disassembly(std::string_view text, std::string_view where,
                                 const std::set<std::string>& linked, CallGraph& graph,
                                 FunctionAddresses& addresses) {
  const auto lines = split(text, '\n');
  const auto owners = owners_of_labels(lines, linked);
  if (owners.size() > kFunctionLimit)
    return fail(ErrorKind::kInput, fmt::format("more than {} functions", kFunctionLimit), std::string(where));
  std::string_view function;
  CompiledFunction* entry = nullptr;  // of `function`; a map's elements stay where they are
  Instruction last;
  Frame frame;
  for (const auto line : lines) {
    const auto name = read_label(line);
    if (!name.empty() && owners.at(name) != function) {
      if (entry != nullptr && !last.ends()) entry->calls.insert(std::string(name));  // runs on into it
      function = owners.at(name);
      entry = &graph[std::string(function)];
      entry->name = demangle(std::string(function));
      frame = Frame();
      entry->frame_bytes = frame.bytes();
    }
    const auto found = read_instruction(line);
    if (!found || entry == nullptr) continue;
    last = *found;
    const bool known = frame.add(last);
    // Start-up of the boards gives the stack pointer its first value.
    if (!known && !function.starts_with("mote_")) entry->unbounded = true;
    if (!function.starts_with(kTableJump))
      entry->calls_pointer = entry->calls_pointer || last.operation == "icall" || last.operation == "ijmp";
    const auto owner = owners.find(last.target);
    if ((last.is_call() || last.is_jump()) && owner != owners.end()) {
      if (owner->second != function && function.find("vectors") != std::string_view::npos)
        addresses.in_vectors.insert(std::string(owner->second));
      else if (owner->second != function || (last.is_call() && !last.inside && last.target == function))
        entry->calls.insert(std::string(owner->second));
      else if (last.is_call())
        frame.add_return_address();
    }
    entry->frame_bytes = frame.bytes();
  }
  std::erase_if(graph, [](const auto& each) { return each.first.find("vectors") != std::string::npos; });
  return {};
}

}  // namespace mote::firmware
