// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "boards/boards.h"
#include "compile/compile.h"
#include "core/error.h"

namespace mote::verify {

/// Builds `folder`/image.elf for an emulated board, at -O2: the model's files, the board's, and a main.cpp of
/// this text, which includes "board.h" and the model's header.
///
/// Errors: kUsage if the board is not emulated or its compiler is not installed; kInput if the image is
/// larger than the board; kInternal if it does not build.
Result<void> build_board_image(const compile::CompiledModel& model, const boards::Board& board,
                               std::string_view main_source, const std::filesystem::path& folder);

}  // namespace mote::verify
