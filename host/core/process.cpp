// SPDX-License-Identifier: Apache-2.0
#include "core/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "core/text.h"

namespace mote {
namespace {

using Clock = std::chrono::steady_clock;

struct Pipe {
  std::array<int, 2> ends = {-1, -1};
  Pipe() = default;
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  bool open() { return ::pipe2(ends.data(), O_CLOEXEC) == 0; }
  void close_end(std::size_t end) {
    if (ends[end] >= 0) ::close(ends[end]);
    ends[end] = -1;
  }
};

[[noreturn]] void become(const std::vector<char*>& arguments, const ProcessOptions& options, int out,
                         int err) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // Ctrl-C ends the tool; what it started must not go on
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, 0);
  ::dup2(out, 1);
  ::dup2(err, 2);
  if (options.working_directory.empty() || ::chdir(options.working_directory.c_str()) == 0)
    ::execvp(arguments[0], arguments.data());
  ::_exit(127);
}

/// Reads what is there; returns false when the other side has closed the pipe.
bool drain(int descriptor, std::string& text) {
  std::array<char, 65536> buffer;
  const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
  if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
  return count > 0 || (count < 0 && errno == EINTR);
}

enum class Ending { kClosed, kTimeout, kTooMuch };

Ending collect(Pipe& out, Pipe& err, const ProcessOptions& options, ProcessResult& result) {
  const auto deadline = Clock::now() + options.timeout;
  while (out.ends[0] >= 0 || err.ends[0] >= 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return Ending::kTimeout;
    std::array<pollfd, 2> waits = {pollfd{out.ends[0], POLLIN, 0}, pollfd{err.ends[0], POLLIN, 0}};
    if (::poll(waits.data(), waits.size(), static_cast<int>(std::min<long long>(left, 1000))) < 0 &&
        errno != EINTR)
      return Ending::kClosed;
    if (waits[0].revents != 0 && !drain(out.ends[0], result.output)) out.close_end(0);
    if (waits[1].revents != 0 && !drain(err.ends[0], result.errors)) err.close_end(0);
    if (result.output.size() + result.errors.size() > options.output_limit_bytes) return Ending::kTooMuch;
  }
  return Ending::kClosed;
}

}  // namespace

bool program_exists(const std::string& name) {
  if (name.find('/') != std::string::npos) return ::access(name.c_str(), X_OK) == 0;
  const char* path = std::getenv("PATH");
  for (const auto directory : split(path != nullptr ? path : "", ':'))
    if (::access(fmt::format("{}/{}", directory, name).c_str(), X_OK) == 0) return true;
  return false;
}

Result<ProcessResult> run_process(const std::vector<std::string>& arguments, const ProcessOptions& options) {
  if (!program_exists(arguments[0]))
    return fail(ErrorKind::kUsage, fmt::format("the program '{}' is not installed", arguments[0]), "",
                "`mote doctor` names the package that brings it");
  std::vector<char*> raw;
  raw.reserve(arguments.size() + 1);
  for (const auto& argument : arguments) raw.push_back(const_cast<char*>(argument.c_str()));
  raw.push_back(nullptr);
  Pipe out, err;
  if (!out.open() || !err.open())
    return fail(ErrorKind::kInternal, fmt::format("cannot make a pipe: {}", std::strerror(errno)),
                arguments[0]);
  const pid_t child = ::fork();
  if (child < 0)
    return fail(ErrorKind::kInternal, fmt::format("cannot fork: {}", std::strerror(errno)), arguments[0]);
  if (child == 0) become(raw, options, out.ends[1], err.ends[1]);
  out.close_end(1);
  err.close_end(1);
  ProcessResult result;
  const Ending ending = collect(out, err, options, result);
  if (ending != Ending::kClosed) ::kill(-child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (ending == Ending::kTimeout)
    return fail(ErrorKind::kInternal,
                fmt::format("'{}' ran longer than {} ms", arguments[0], options.timeout.count()));
  if (ending == Ending::kTooMuch)
    return fail(ErrorKind::kInternal,
                fmt::format("'{}' printed more than {} bytes", arguments[0], options.output_limit_bytes));
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

}  // namespace mote
