// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "compile/compile.h"
#include "core/error.h"
#include "core/temporary_folder.h"

namespace mote::compile {

/// What a layer of traced code wrote.
struct TracedValue {
  std::size_t layer = 0;
  graph::ValueId value = graph::kNone;  ///< in the graph after the passes
  std::uint32_t crc32 = 0;
};

/// A program for this computer made of generated code: several models, called any number of times.
///
/// Built in a temporary folder that lives as long as the object, as C++14 by the
/// first of `c++`, `g++` and `clang++` on the PATH.
class HostProgram {
 public:
  /// Errors (kUsage): no C++ compiler (hint: `mote doctor`); (kInternal): the generated code does not
  /// compile.
  static Result<HostProgram> build(const std::vector<CompiledModel>& models);

  /// Outputs of model `index` for the inputs that lie one after the other in `inputs`, likewise; the several
  /// inputs or outputs of one run follow each other. A model with state starts anew for each run unless
  /// `keep_state`. Errors (kInternal): `inputs` is no multiple of the model's input; the program failed, or
  /// its constants do not have their check sum.
  Result<std::vector<std::uint8_t>> run(std::size_t index, std::span<const std::uint8_t> inputs,
                                        bool keep_state = false) const;

  /// One run of model `index`, compiled with CompileOptions::trace: what its layers wrote, in order. Errors:
  /// as run().
  Result<std::vector<TracedValue>> trace(std::size_t index, std::span<const std::uint8_t> inputs) const;

 private:
  enum class Mode : std::uint8_t { kFresh, kKeepState, kTrace };
  Result<std::vector<std::uint8_t>> run_mode(std::size_t index, std::span<const std::uint8_t> inputs,
                                             Mode mode) const;

  struct Ends {
    std::size_t input_bytes;
    std::size_t output_bytes;
  };
  std::shared_ptr<const TemporaryFolder> folder_;
  std::vector<Ends> ends_;
};

/// The outputs of the generated code for many windows, computed on this computer; see HostProgram.
Result<std::vector<std::uint8_t>> run_generated_on_host(const CompiledModel& model,
                                                        std::span<const std::uint8_t> windows);

}  // namespace mote::compile
