// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "boards/boards.h"
#include "compile/compile.h"
#include "core/error.h"
#include "verify/golden.h"

namespace mote::verify {

/// The outputs of the generated code on an emulated board, for each run's inputs; they travel inside of the
/// image. A state begins anew for each run unless `keep_state`.
///
/// Errors: kUsage if the board is not emulated, or its compiler or emulator is not installed; kInput if code,
/// constants and inputs are larger than the board; kInternal if the image does not end as it should.
Result<std::vector<Bytes>> run_on_board(const compile::CompiledModel& model, const boards::Board& board,
                                        const std::vector<Bytes>& inputs, bool keep_state);

/// The bytes of which an image wrote two hexadecimal digits each; nothing if there is another character.
std::optional<Bytes> from_hex(std::string_view text);

}  // namespace mote::verify
