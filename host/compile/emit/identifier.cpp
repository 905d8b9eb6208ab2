// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "compile/compile.h"
#include "core/text.h"

namespace mote::compile {
namespace {

constexpr std::size_t kMaximumLength = 64;

/// What a namespace or a file of generated code must not be called: C++ keywords, names that compilers define
/// as macros, headers of the C library, and files that stand beside the generated ones.
constexpr std::string_view kTaken[] = {
    "alignas",
    "alignof",
    "and",
    "and_eq",
    "asm",
    "auto",
    "bitand",
    "bitor",
    "bool",
    "break",
    "case",
    "catch",
    "char",
    "char16_t",
    "char32_t",
    "char8_t",
    "class",
    "co_await",
    "co_return",
    "co_yield",
    "compl",
    "concept",
    "const",
    "const_cast",
    "consteval",
    "constexpr",
    "constinit",
    "continue",
    "decltype",
    "default",
    "delete",
    "do",
    "double",
    "dynamic_cast",
    "else",
    "enum",
    "explicit",
    "export",
    "extern",
    "false",
    "float",
    "for",
    "friend",
    "goto",
    "if",
    "inline",
    "int",
    "long",
    "mutable",
    "namespace",
    "new",
    "noexcept",
    "not",
    "not_eq",
    "nullptr",
    "operator",
    "or",
    "or_eq",
    "private",
    "protected",
    "public",
    "register",
    "reinterpret_cast",
    "requires",
    "return",
    "short",
    "signed",
    "sizeof",
    "static",
    "static_assert",
    "static_cast",
    "struct",
    "switch",
    "template",
    "this",
    "thread_local",
    "throw",
    "true",
    "try",
    "typedef",
    "typeid",
    "typename",
    "union",
    "unsigned",
    "using",
    "virtual",
    "void",
    "volatile",
    "wchar_t",
    "while",
    "xor",
    "xor_eq",
    // macros of compilers in their GNU modes
    "arm",
    "avr",
    "i386",
    "linux",
    "mips",
    "riscv",
    "sparc",
    "unix",
    "vax",
    "AVR",
    // headers
    "assert",
    "complex",
    "ctype",
    "errno",
    "fenv",
    "inttypes",
    "iso646",
    "limits",
    "locale",
    "math",
    "memory",
    "setjmp",
    "signal",
    "stdarg",
    "stdatomic",
    "stdbool",
    "stddef",
    "stdint",
    "stdio",
    "stdlib",
    "string",
    "tgmath",
    "threads",
    "time",
    "uchar",
    "wchar",
    "wctype",
    // files of a firmware project
    "board",
    "board_config",
    "main",
    "norm_params",
};

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

/// Names that could be a macro (INT32_MAX, EOF), a type of <stdint.h>, or one that is reserved (a__b, _A).
bool is_risky(std::string_view name) {
  return std::none_of(name.begin(), name.end(), is_lower) || name.ends_with("_t");
}

}  // namespace

std::string model_identifier(std::string_view model_name) {
  std::string name = to_identifier(model_name.substr(0, kMaximumLength - 6));
  std::string single;  // double underscores are the compiler's
  for (const char c : name)
    if (c != '_' || (!single.empty() && single.back() != '_')) single += c;
  while (single.ends_with('_')) single.pop_back();
  if (single.empty()) return "model";
  if (single.front() >= '0' && single.front() <= '9') single.insert(0, "model_");
  const bool taken = std::find(std::begin(kTaken), std::end(kTaken), single) != std::end(kTaken);
  return taken || is_risky(single) ? single + "_model" : single;
}

}  // namespace mote::compile
