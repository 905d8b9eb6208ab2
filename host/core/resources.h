// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <string_view>

#include "core/error.h"

namespace mote {

/// A file or folder that comes with the tool, by its path in the source tree: "device/include", "boards".
///
/// Looked for in MOTE_HOME of the environment, beside the installed tool (../share/mote), and in the source
/// tree that it was built from. Errors (kInternal): in none of them.
Result<std::filesystem::path> resource(std::string_view path);

/// A shared object that comes with the tool, by its file name: "libmote_train_v3.so". Looked for with the
/// installed tool and in the build tree. Errors (kInternal): in neither.
Result<std::filesystem::path> module_file(std::string_view name);

}  // namespace mote
