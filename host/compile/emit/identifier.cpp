// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "compile/compile.h"
#include "core/text.h"

namespace mote::compile {
namespace {

constexpr std::size_t kMaximumLength = 64;
constexpr std::string_view kSuffix = "_model";

/// What a namespace or a file of generated code must not be called, a space on either side of each.
constexpr std::string_view kTaken =
    // keywords of C++14 to C++23
    " alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t char32_t char8_t "
    "class "
    "co_await co_return co_yield compl concept const const_cast consteval constexpr constinit continue "
    "decltype "
    "default delete do double dynamic_cast else enum explicit export extern false float for friend goto if "
    "inline "
    "int long mutable namespace new noexcept not not_eq nullptr operator or or_eq private protected public "
    "register "
    "reinterpret_cast requires return short signed sizeof static static_assert static_cast struct switch "
    "template "
    "this thread_local throw true try typedef typeid typename union unsigned using virtual void volatile "
    "wchar_t "
    "while xor xor_eq "
    // macros of compilers in their GNU modes
    "arm avr i386 linux mips riscv sparc unix vax "
    // headers of the C library
    "assert complex ctype errno fenv inttypes iso646 limits locale math memory setjmp signal stdarg "
    "stdatomic "
    "stdbool stddef stdint stdio stdlib string tgmath threads time uchar wchar wctype "
    // files that may stand beside the generated ones, and our namespaces
    "board board_config main norm_params mote mote_models ";

bool is_taken(const std::string& name) {
  return kTaken.find(" " + name + " ") != std::string_view::npos;
}

/// A name that could be a macro (INT32_MAX, EOF) or a type of <stdint.h>.
bool is_risky(std::string_view name) {
  return name.ends_with("_t") ||
         std::none_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

}  // namespace

std::string model_identifier(std::string_view model_name) {
  std::string name;  // underscores neither at the ends nor doubled: those names are the compiler's
  for (const char c : to_identifier(model_name.substr(0, kMaximumLength - kSuffix.size() - 1)))
    if (c != '_' || (!name.empty() && name.back() != '_')) name += c;
  while (name.ends_with('_')) name.pop_back();
  if (name.empty()) return "model";
  if (name.front() >= '0' && name.front() <= '9') name.insert(0, "m");
  return is_taken(name) || is_risky(name) ? name + std::string(kSuffix) : name;
}

}  // namespace mote::compile
