// SPDX-License-Identifier: Apache-2.0
// A project that needs nothing else than a cross compiler and make.
#include "core/files.h"
#include "core/resources.h"
#include "firmware/firmware.h"
#include "firmware/project_kind.h"
#include "firmware/project_sources.h"

namespace mote::firmware {
namespace {

namespace fs = std::filesystem;

Result<void> write(const FirmwareRequest& request, ProjectText& text, const fs::path& folder) {
  MOTE_TRY(text.model_sources, copy_sources(request.generated, folder / "model"));
  if (request.woken) {
    MOTE_TRY(text.woken_sources, copy_sources(request.woken->generated, folder / "woken"));
  }
  MOTE_TRY(text.board_sources, copy_sources(request.board.folder, folder / "board", ".ld"));
  MOTE_TRY(const fs::path common, resource("boards/common"));
  MOTE_TRY(const auto common_sources, copy_sources(common, folder / "board"));
  text.board_sources.insert(text.board_sources.end(), common_sources.begin(), common_sources.end());
  MOTE_CHECK(write_file(folder / "main.cpp", main_cpp(text)));
  MOTE_CHECK(write_file(folder / "model_config.h", model_config_h(text)));
  if (request.self_test) MOTE_CHECK(write_file(folder / "self_test.h", self_test_h(*request.self_test)));
  MOTE_CHECK(write_file(folder / "board" / "board_config.h", board_config_h(text)));
  MOTE_CHECK(write_file(folder / "Makefile", makefile(text)));
  MOTE_CHECK(write_file(folder / "README.md", readme(text)));
  return copy_device_headers(folder, folder / "include");
}

}  // namespace

const ProjectKind project_kinds::make = {"make", write, true};

}  // namespace mote::firmware
