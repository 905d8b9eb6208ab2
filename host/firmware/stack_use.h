// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "core/json.h"

namespace mote::firmware {

/// What the compiler says of one function.
struct CompiledFunction {
  std::string name;                         ///< demangled
  std::optional<std::int64_t> frame_bytes;  ///< saved registers included; none: the compiler has no figure
  bool unbounded = false;                   ///< takes an amount that is known only at run time on top
  bool from_library = false;                ///< a helper that the compiler called on its own accord
  bool calls_pointer = false;
  std::set<std::string> calls;  ///< keys of the graph
};

/// The functions of a program by the title that the compiler gives them: the linker's name, of a function
/// that only its own unit knows behind "<unit>:".
using CallGraph = std::map<std::string, CompiledFunction>;

/// Adds what GCC's option -fcallgraph-info=su wrote for one object (VCG text). Errors (kInput): a line that
/// is no node and no edge, a frame that is no number, more than 100,000 functions; `where` and the line are
/// named.
Result<void> add_call_graph(std::string_view text, std::string_view where, CallGraph& graph);

/// Functions whose address stands somewhere: what a call through a pointer may reach.
struct FunctionAddresses {
  std::set<std::string> taken;       ///< linker's names
  std::set<std::string> in_vectors;  ///< those that stand in the table of interrupt vectors alone
};

/// Adds what `objdump -r` printed of one object: every reference that is neither a call nor debug
/// information. The table of vectors is any section with "vectors" in its name.
void add_addresses(std::string_view relocations, FunctionAddresses& addresses);

/// Adds the functions of an image for AVR, from what `avr-objdump -d` printed: avr-gcc 5 has no call graph.
/// Their frames are counted from the instructions: 2 bytes of return address, what is pushed, what the stack
/// pointer is lowered by. `linked` holds the demangled names of the functions; other labels lie inside of
/// one. What a function with "vectors" in its name jumps to becomes `addresses.in_vectors`. A function that
/// sets the stack pointer in another way has no bound. Errors (kInput): more than 100,000 functions.
Result<void> add_avr_disassembly(std::string_view text, std::string_view where,
                                 const std::set<std::string>& linked, CallGraph& graph,
                                 FunctionAddresses& addresses);

/// What a core puts onto the stack by itself.
struct StackCore {
  std::int64_t exception_frame_bytes = 0;  ///< on entry of an interrupt, alignment included
};

/// Of a core as board.toml names it, built with these flags; none: not known.
///
/// Cortex-M: eight words, and one more that aligns the stack to 8 bytes (Armv7-M Architecture Reference
/// Manual, B1.5.7); where floating-point registers hold arguments, 18 words for S0-S15 and FPSCR beside them.
/// RISC-V: nothing, the handler saves for itself and its frame says so. AVR: the return address,
/// which is in every frame.
std::optional<StackCore> stack_core(std::string_view core, std::span<const std::string> flags);

/// A call on the way to the deepest point.
struct StackStep {
  std::string function;
  std::int64_t bytes = 0;
};

/// Words at the lower end of the stack that must stay as start-up painted them: boards/common/stack.h.
inline constexpr std::int64_t kStackGuardBytes = 16;

/// What one helper of the compiler's library takes, with all that it calls. Disassembled, the largest of the
/// integer and floating-point helpers in libgcc 12.2 is __aeabi_ldivmod of Armv6-M with 108; of the other
/// Cortex-M and of RV32IM none takes more than 64.
inline constexpr std::int64_t kHelperBytes = 128;

/// How deep the stack can get.
struct StackUse {
  std::int64_t main_bytes = 0;             ///< start-up and main loop
  std::int64_t interrupt_bytes = 0;        ///< the deepest interrupt, without what the hardware adds
  std::int64_t exception_frame_bytes = 0;  ///< what the hardware adds
  std::int64_t fault_bytes = 0;            ///< the report of an exception, which begins a new stack
  std::int64_t worst_case_bytes = 0;  ///< an interrupt at the deepest point of the main loop, or the report
  std::vector<StackStep> main_path;   ///< outermost first
  std::vector<StackStep> interrupt_path;
  std::vector<std::string> assumed;    ///< sentences: what the figures rest on beside the compiler's
  std::vector<std::string> recursion;  ///< functions of a cycle of calls; then there is no worst case
  std::vector<std::string> unbounded;  ///< functions whose frame has no bound; then neither
  std::vector<std::string> unknown;    ///< sentences: what has no figure; then neither

  bool bounded() const { return recursion.empty() && unbounded.empty() && unknown.empty(); }
};

/// The deepest the stack gets: the longest way from start-up through main(), and on top of it the longest of
/// an interrupt. `linked` holds the demangled names of the functions in the image. An interrupt is a function
/// that stands in the vectors, or that nothing calls, and that does not lead to main(); a call through a
/// pointer is taken to reach each function whose address stands anywhere but in the vectors. A function that
/// leaves by a jump counts as if it had called. Errors (kInput): no main().
Result<StackUse> worst_case_stack(const CallGraph& graph, const FunctionAddresses& addresses,
                                  const std::set<std::string>& linked, const StackCore& core);

/// "main 8 + mote::run() 64".
std::string path_text(std::span<const StackStep> path);

/// The fact: sizes, paths, what was assumed.
Json stack_fact(const StackUse& use, std::int64_t reserved_bytes);

/// The fact for a compiler or core whose figures are not known.
Json unknown_stack_fact(std::string_view reason, std::int64_t reserved_bytes);

/// Errors (kFinding): recursion, a frame without bound or figure, or a stack that does not fit together with
/// its guard into what is reserved; names the functions.
Result<void> require_fitting_stack(const StackUse& use, std::int64_t reserved_bytes);

}  // namespace mote::firmware
