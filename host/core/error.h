// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <expected>
#include <string>
#include <utility>
#include <vector>

namespace mote {

/// What kind of failure an Error is; its value is the exit code of the tool.
enum class ErrorKind : int {
  kFinding = 1,   ///< the tool worked and found something wrong with the product (a failed check)
  kUsage = 2,     ///< the command line or the order of commands is wrong
  kInput = 3,     ///< a file or a value from outside is wrong
  kInternal = 4,  ///< a defect of Mote or a failing machine (disk full, a tool that crashes)
};

/// One failure, told so that a person can act on it.
struct Error {
  ErrorKind kind = ErrorKind::kInternal;
  std::string what;   ///< the thing, what was found and what was expected; lower case, no full stop
  std::string where;  ///< file:line, tensor, recording ...; empty if `what` says it all
  std::string hint;   ///< one action that helps; empty if none is known
  std::vector<std::string> trail = {};  ///< what was being done, innermost first

  /// The error with one more line of trail, for `return std::unexpected(std::move(e).during("..."))`.
  Error during(std::string activity) && {
    trail.push_back(std::move(activity));
    return std::move(*this);
  }
};

/// A value or the reason why there is none.
template <class T>
using Result = std::expected<T, Error>;

/// An unexpected Error in one line: `return fail(ErrorKind::kInput, "...", where, hint);`
[[nodiscard]] inline std::unexpected<Error> fail(ErrorKind kind, std::string what, std::string where = {},
                                                 std::string hint = {}) {
  return std::unexpected(Error{kind, std::move(what), std::move(where), std::move(hint)});
}

/// The error as lines of plain text: "where: what", "  while ...", "  hint: ...".
std::string to_text(const Error& error);

}  // namespace mote

#define MOTE_CONCATENATE_(a, b) a##b
#define MOTE_CONCATENATE(a, b) MOTE_CONCATENATE_(a, b)
#define MOTE_TRY_(temporary, declaration, expression)                               \
  auto temporary = (expression);                                                    \
  if (!temporary.has_value()) return std::unexpected(std::move(temporary.error())); \
  declaration = std::move(*temporary)

/// `MOTE_TRY(auto x, f());` - x is f()'s value, or the enclosing function returns f()'s error.
#define MOTE_TRY(declaration, expression) \
  MOTE_TRY_(MOTE_CONCATENATE(mote_try_, __LINE__), declaration, expression)

/// `MOTE_CHECK(f());` - the enclosing function returns f()'s error if there is one; for Result<void>.
#define MOTE_CHECK(expression)                                                            \
  do {                                                                                    \
    auto mote_check_ = (expression);                                                      \
    if (!mote_check_.has_value()) return std::unexpected(std::move(mote_check_.error())); \
  } while (false)
