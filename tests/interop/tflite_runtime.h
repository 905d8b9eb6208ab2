// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/error.h"

namespace mote::test {

/// Where the official runtime's C library is: MOTE_TFLITE_C, else what scripts/install-interop installed;
/// none if neither is there.
std::optional<std::filesystem::path> official_runtime();

/// One model in the official runtime, loaded at run time.
class OfficialInterpreter {
 public:
  /// Errors (kInternal): the library or a function in it is missing, the runtime refuses the model.
  static Result<OfficialInterpreter> create(const std::filesystem::path& library,
                                            const std::vector<std::uint8_t>& model);
  OfficialInterpreter(OfficialInterpreter&& other) noexcept;
  ~OfficialInterpreter();

  /// Bytes of output 0 for the bytes of input 0.
  Result<std::vector<std::uint8_t>> run(std::span<const std::uint8_t> input);

  /// Bytes of each input.
  std::vector<std::size_t> input_sizes() const;

  /// Bytes of every output for the bytes of every input.
  Result<std::vector<std::vector<std::uint8_t>>> run_all(std::span<const std::vector<std::uint8_t>> inputs);

 private:
  struct State;
  explicit OfficialInterpreter(State* state) : state_(state) {}
  State* state_;
};

}  // namespace mote::test
