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

namespace mote::compile {

/// A program for this computer made of generated code: several models, called any number of times.
///
/// Built in a temporary folder that lives as long as the object, as C++14 by the
/// first of `c++`, `g++` and `clang++` on the PATH.
class HostProgram {
 public:
  /// Errors (kUsage): no C++ compiler (hint: `mote doctor`); (kInternal): the generated code does not
  /// compile.
  static Result<HostProgram> build(const std::vector<CompiledModel>& models);

  /// Outputs of model `index` for the inputs that lie one after the other in `inputs`, likewise.
  /// Errors (kInternal): `inputs` is no multiple of the model's input; the program failed, or its constants
  /// do not have their check sum.
  Result<std::vector<std::uint8_t>> run(std::size_t index, std::span<const std::uint8_t> inputs) const;

 private:
  struct Folder;
  struct Ends {
    std::size_t input_bytes;
    std::size_t output_bytes;
  };
  std::shared_ptr<const Folder> folder_;
  std::vector<Ends> ends_;
};

/// The outputs of the generated code for many windows, computed on this computer; see HostProgram.
Result<std::vector<std::uint8_t>> run_generated_on_host(const CompiledModel& model,
                                                        std::span<const std::uint8_t> windows);

}  // namespace mote::compile
