// SPDX-License-Identifier: Apache-2.0
#include "firmware/stack_use.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "core/text.h"
#include "firmware/elf.h"

namespace mote::firmware {
namespace {

constexpr std::size_t kFunctionLimit = 100000;
constexpr std::size_t kNestingLimit = 1000;
constexpr std::string_view kPointer = "__indirect_call";

/// Entered with an empty stack: boards/README.md.
constexpr std::string_view kFaultReport = "mote_report_exception";

/// What stands in `line` between `begin` and the next `end`; none if either is missing. Titles and labels are
/// written without escapes, hence the search for what stands around them.
std::optional<std::string_view> between(std::string_view line, std::string_view begin, std::string_view end) {
  const auto at = line.find(begin);
  if (at == std::string_view::npos) return std::nullopt;
  line.remove_prefix(at + begin.size());
  const auto until = line.find(end);
  if (until == std::string_view::npos) return std::nullopt;
  return line.substr(0, until);
}

/// The linker's name in a title.
std::string_view linker_name(std::string_view title) {
  const auto colon = title.rfind(':');
  return colon == std::string_view::npos ? title : title.substr(colon + 1);
}

/// Reads "16 bytes (static)" from the lines of a label, which a backslash and an n separate.
Result<void> read_frame(std::string_view label, std::string_view where, CompiledFunction& function) {
  constexpr std::string_view kBytes = " bytes (";
  const auto at = label.rfind(kBytes);
  if (at == std::string_view::npos) return {};
  const auto line = label.rfind("\\n", at);
  const std::string_view digits = label.substr(line == std::string_view::npos ? 0 : line + 2);
  std::uint32_t bytes = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), bytes);
  if (problem != std::errc() || !std::string_view(end, label.data() + label.size()).starts_with(kBytes))
    return fail(ErrorKind::kInput,
                fmt::format("the frame of '{}' is no number of bytes", escape_comment(function.name)),
                std::string(where));
  function.frame_bytes = std::max<std::int64_t>(function.frame_bytes.value_or(0), bytes);
  function.unbounded = function.unbounded || label.substr(at + kBytes.size()).starts_with("dynamic)");
  return {};
}

Result<void> add_node(std::string_view line, std::string_view where, CallGraph& graph) {
  const auto title = between(line, "title: \"", "\" label: \"");
  const auto label_begin = line.find("\" label: \"");
  const auto label_end = line.rfind('"');
  if (!title || label_end < label_begin + 10)
    return fail(ErrorKind::kInput, "a node without title or label", std::string(where));
  if (*title == kPointer) return {};
  if (graph.size() >= kFunctionLimit)
    return fail(ErrorKind::kInput, fmt::format("more than {} functions", kFunctionLimit), std::string(where));
  CompiledFunction& function = graph[std::string(*title)];
  function.name = demangle(std::string(linker_name(*title)));
  const std::string_view label = line.substr(label_begin + 10, label_end - label_begin - 10);
  function.from_library = function.from_library || label.ends_with("<built-in>");
  return read_frame(label, where, function);
}

Result<void> add_edge(std::string_view line, std::string_view where, CallGraph& graph) {
  const auto source = between(line, "sourcename: \"", "\" targetname: \"");
  auto target = between(line, "\" targetname: \"", "\" label: \"");
  if (!target) target = between(line, "\" targetname: \"", "\" }");
  const auto caller = source ? graph.find(std::string(*source)) : graph.end();
  if (caller == graph.end() || !target)
    return fail(ErrorKind::kInput, "an edge without target or from an unknown function", std::string(where));
  if (*target == kPointer)
    caller->second.calls_pointer = true;
  else
    caller->second.calls.insert(std::string(*target));
  return {};
}

/// The longest ways through a call graph.
class Walk {
 public:
  Walk(const CallGraph& graph, std::vector<std::string> pointer_targets, StackUse& use)
      : graph_(graph), pointer_targets_(std::move(pointer_targets)), use_(use) {}

  /// Bytes from entering `key` to the deepest point below it.
  std::int64_t depth(const std::string& key) {
    if (const auto known = deepest_.find(key); known != deepest_.end()) return known->second.bytes;
    if (const auto seen = std::ranges::find(open_, key); seen != open_.end()) {
      if (use_.recursion.empty())
        for (auto each = seen; each != open_.end(); ++each) use_.recursion.push_back(name(*each));
      return 0;
    }
    if (open_.size() >= kNestingLimit) {
      unknown(fmt::format("calls are nested more than {} deep", kNestingLimit));
      return 0;
    }
    const auto found = graph_.find(key);
    Deepest deepest{own_bytes(key, found), ""};
    if (found == graph_.end()) return deepest.bytes;
    open_.push_back(key);
    std::int64_t below = 0;
    for (const auto& callee : callees(found->second)) {
      const std::int64_t bytes = depth(callee);
      if (bytes <= below && !deepest.next.empty()) continue;
      below = bytes;
      deepest.next = callee;
    }
    open_.pop_back();
    deepest.bytes += below;
    deepest_[key] = deepest;
    return deepest.bytes;
  }

  /// Functions of the compiler's library that were met.
  const std::set<std::string>& helpers() const { return helpers_; }

  /// The way that depth() measured.
  std::vector<StackStep> path(std::string key) {
    std::vector<StackStep> steps;
    while (!key.empty() && steps.size() < kNestingLimit) {
      const Deepest& deepest = deepest_[key];
      const std::int64_t below = deepest.next.empty() ? 0 : deepest_[deepest.next].bytes;
      steps.push_back({name(key), deepest.bytes - below});
      key = deepest.next;
    }
    return steps;
  }

 private:
  struct Deepest {
    std::int64_t bytes = 0;
    std::string next;  ///< the callee on the way; empty: the way ends here
  };

  std::string name(const std::string& key) const {
    const auto found = graph_.find(key);
    return found == graph_.end() ? demangle(std::string(linker_name(key))) : found->second.name;
  }

  void unknown(std::string sentence) {
    if (std::ranges::find(use_.unknown, sentence) == use_.unknown.end())
      use_.unknown.push_back(std::move(sentence));
  }

  std::int64_t own_bytes(const std::string& key, CallGraph::const_iterator found) {
    if (found != graph_.end() && found->second.frame_bytes) {
      if (found->second.unbounded) use_.unbounded.push_back(found->second.name);
      return *found->second.frame_bytes;
    }
    if (found != graph_.end() && found->second.from_library) {
      helpers_.insert(found->second.name);
      return kHelperBytes;
    }
    unknown(fmt::format("the compiler has no figure for '{}'", name(key)));
    return 0;
  }

  std::vector<std::string> callees(const CompiledFunction& function) {
    std::vector<std::string> all(function.calls.begin(), function.calls.end());
    std::erase(all, kFaultReport);
    if (!function.calls_pointer) return all;
    std::vector<std::string> names;
    for (const auto& target : pointer_targets_) names.push_back(name(target));
    if (names.empty())
      unknown(fmt::format("'{}' calls through a pointer, and no function's address is taken", function.name));
    else
      use_.assumed.push_back(fmt::format("the pointer that {} calls through leads to {}", function.name,
                                         fmt::join(names, " or ")));
    all.insert(all.end(), pointer_targets_.begin(), pointer_targets_.end());
    return all;
  }

  const CallGraph& graph_;
  std::vector<std::string> pointer_targets_;
  StackUse& use_;
  std::map<std::string, Deepest> deepest_;
  std::vector<std::string> open_;
  std::set<std::string> helpers_;
};

/// `key` and everything that leads to it.
std::set<std::string> leading_to(const CallGraph& graph, const std::string& key) {
  std::map<std::string_view, std::vector<std::string_view>> callers;
  for (const auto& [caller, function] : graph)
    for (const auto& callee : function.calls) callers[callee].push_back(caller);
  std::set<std::string> found = {key};
  std::vector<std::string_view> open = {key};
  while (!open.empty()) {
    const std::string_view callee = open.back();
    open.pop_back();
    for (const auto caller : callers[callee])
      if (found.insert(std::string(caller)).second) open.push_back(caller);
  }
  return found;
}

/// Functions in the image that none in the image calls, by name or through a pointer, and those of the
/// vectors.
std::vector<std::string> entries(const CallGraph& graph, const FunctionAddresses& addresses,
                                 const std::set<std::string>& linked) {
  std::set<std::string_view> called;
  bool pointers = false;
  for (const auto& [key, function] : graph) {
    if (!linked.contains(function.name)) continue;
    called.insert(function.calls.begin(), function.calls.end());
    called.erase(kFaultReport);
    pointers = pointers || function.calls_pointer;
  }
  std::vector<std::string> found;
  for (const auto& [key, function] : graph) {
    const std::string name(linker_name(key));
    const bool reached = called.contains(key) || (pointers && addresses.taken.contains(name));
    if (function.frame_bytes && linked.contains(function.name) &&
        (!reached || addresses.in_vectors.contains(name)))
      found.push_back(key);
  }
  return found;
}

/// Whether a reference of this type is a call, a jump or a note to the linker.
bool is_jump(std::string_view type) {
  constexpr std::string_view kParts[] = {"CALL",  "JUMP",   "JAL",      "BRANCH", "RELAX",
                                         "ALIGN", "THM_PC", "13_PCREL", "7_PCREL"};
  return std::ranges::any_of(
      kParts, [&](std::string_view part) { return type.find(part) != std::string_view::npos; });
}

/// The function that "symbol+0x1" or ".text.symbol" names.
std::string_view referred_function(std::string_view value) {
  const auto offset = std::min(value.rfind("+0x"), value.rfind("-0x"));
  value = value.substr(0, offset);
  for (const std::string_view section :
       {".text.unlikely.", ".text.startup.", ".text.exit.", ".text.hot.", ".text."})
    if (value.starts_with(section)) return value.substr(section.size());
  return value;
}

}  // namespace

Result<void> add_call_graph(std::string_view text, std::string_view where, CallGraph& graph) {
  int number = 0;
  bool complete = false;
  for (const auto line : split(text, '\n')) {
    const std::string place = fmt::format("{}:{}", where, ++number);
    if (line.starts_with("node: {"))
      MOTE_CHECK(add_node(line, place, graph));
    else if (line.starts_with("edge: {"))
      MOTE_CHECK(add_edge(line, place, graph));
    else if (line == "}")
      complete = true;
    else if (!line.empty() && !line.starts_with("graph: {"))
      return fail(ErrorKind::kInput, "expected a graph, a node or an edge", place);
  }
  if (!complete) return fail(ErrorKind::kInput, "the call graph has no end", std::string(where));
  return {};
}

void add_addresses(std::string_view relocations, FunctionAddresses& addresses) {
  std::string_view section;
  for (const auto line : split(relocations, '\n')) {
    if (const auto name = between(line, "RELOCATION RECORDS FOR [", "]:")) section = *name;
    if (section.starts_with(".debug") || section.starts_with(".eh_frame") || section.starts_with(".ARM.ex"))
      continue;
    const auto type_begin = line.find(" R_");
    if (type_begin == std::string_view::npos) continue;
    const std::string_view rest = line.substr(type_begin + 1);
    const std::string_view type = rest.substr(0, rest.find(' '));
    if (is_jump(type)) continue;
    const std::string function(referred_function(trim(rest.substr(type.size()))));
    if (section.find("vectors") != std::string_view::npos)
      addresses.in_vectors.insert(function);
    else
      addresses.taken.insert(function);
  }
}

std::optional<StackCore> stack_core(std::string_view core, std::span<const std::string> flags) {
  constexpr std::int64_t kWord = 4;
  if (core.starts_with("rv32") || core.starts_with("atmega") || core.starts_with("attiny"))
    return StackCore{0};
  if (!core.starts_with("cortex-m")) return std::nullopt;
  const bool floats = std::ranges::any_of(flags, [](const std::string& flag) {
    return flag.starts_with("-mfloat-abi=") && flag != "-mfloat-abi=soft";
  });
  return StackCore{kWord * (8 + 1 + (floats ? 18 : 0))};
}

Result<StackUse> worst_case_stack(const CallGraph& graph, const FunctionAddresses& addresses,
                                  const std::set<std::string>& linked, const StackCore& core) {
  if (!graph.contains("main"))
    return fail(ErrorKind::kInput, "the compiler's call graph has no function main()");
  std::vector<std::string> pointer_targets;
  for (const auto& [key, function] : graph)
    if (function.frame_bytes && linked.contains(function.name) &&
        addresses.taken.contains(std::string(linker_name(key))))
      pointer_targets.push_back(key);
  StackUse use;
  Walk walk(graph, std::move(pointer_targets), use);
  const auto start_up = leading_to(graph, "main");
  std::string main_entry = "main";
  std::string interrupt;
  use.main_bytes = walk.depth(main_entry);
  for (const auto& entry : entries(graph, addresses, linked)) {
    const std::int64_t bytes = walk.depth(entry);
    if (entry == kFaultReport) {
      use.fault_bytes = bytes;
    } else if (start_up.contains(entry)) {
      if (bytes >= use.main_bytes) main_entry = entry;
      use.main_bytes = std::max(use.main_bytes, bytes);
    } else if (interrupt.empty() || bytes > use.interrupt_bytes) {
      interrupt = entry;
      use.interrupt_bytes = bytes;
    }
  }
  use.main_path = walk.path(main_entry);
  use.interrupt_path = walk.path(interrupt);
  use.exception_frame_bytes = interrupt.empty() ? 0 : core.exception_frame_bytes;
  use.worst_case_bytes =
      std::max(use.main_bytes + use.exception_frame_bytes + use.interrupt_bytes, use.fault_bytes);
  if (!walk.helpers().empty())
    use.assumed.push_back(fmt::format("of the compiler's library {} take at most {} bytes each",
                                      fmt::join(walk.helpers(), ", "), kHelperBytes));
  use.assumed.push_back("interrupts do not interrupt each other");
  return use;
}

std::string path_text(std::span<const StackStep> path) {
  std::vector<std::string> steps;
  for (const auto& step : path) steps.push_back(fmt::format("{} {}", step.function, step.bytes));
  return fmt::format("{}", fmt::join(steps, " + "));
}

Json stack_fact(const StackUse& use, std::int64_t reserved_bytes) {
  const auto steps = [](std::span<const StackStep> path) {
    Json list = Json::array();
    for (const auto& step : path) list.push_back({{"function", step.function}, {"bytes", step.bytes}});
    return list;
  };
  return {{"known", true},
          {"reserved_bytes", reserved_bytes},
          {"guard_bytes", kStackGuardBytes},
          {"worst_case_bytes", use.worst_case_bytes},
          {"main_bytes", use.main_bytes},
          {"interrupt_bytes", use.interrupt_bytes},
          {"exception_frame_bytes", use.exception_frame_bytes},
          {"fault_bytes", use.fault_bytes},
          {"deepest_path", steps(use.main_path)},
          {"interrupt_path", steps(use.interrupt_path)},
          {"recursion", use.recursion},
          {"assumed", use.assumed}};
}

Json unknown_stack_fact(std::string_view reason, std::int64_t reserved_bytes) {
  return {{"known", false}, {"reserved_bytes", reserved_bytes}, {"reason", std::string(reason)}};
}

Result<void> require_fitting_stack(const StackUse& use, std::int64_t reserved_bytes) {
  if (!use.recursion.empty())
    return fail(ErrorKind::kFinding,
                fmt::format("the stack has no bound: functions call themselves, {}",
                            fmt::join(use.recursion, " -> ")),
                "", "replace the recursion by a loop");
  if (!use.unbounded.empty())
    return fail(ErrorKind::kFinding,
                fmt::format("the stack has no bound: the frame of '{}' depends on a value at run time",
                            fmt::join(use.unbounded, "', '")),
                "", "use an array of constant size instead of alloca() or one of variable length");
  if (!use.unknown.empty())
    return fail(ErrorKind::kFinding,
                fmt::format("the stack's bound is not known: {}", fmt::join(use.unknown, "; ")), "",
                "write the function in C++, or take it out");
  if (use.worst_case_bytes + kStackGuardBytes <= reserved_bytes) return {};
  return fail(ErrorKind::kFinding,
              fmt::format("the stack may take {} bytes and {} for its guard, {} are reserved\n"
                          "  main loop {}: {}\n  interrupt {} + {} of hardware: {}\n  fault report: {}",
                          use.worst_case_bytes, kStackGuardBytes, reserved_bytes, use.main_bytes,
                          path_text(use.main_path), use.interrupt_bytes, use.exception_frame_bytes,
                          path_text(use.interrupt_path), use.fault_bytes),
              "",
              fmt::format("raise stack_bytes in the board's board.toml to at least {}",
                          (use.worst_case_bytes + kStackGuardBytes + 7) / 8 * 8));
}

}  // namespace mote::firmware
