// SPDX-License-Identifier: Apache-2.0
// Commands called too early. A program of its own: it needs no tool, so nothing in it is ever skipped.
#include "end_to_end/tool.h"
#include "support/require.h"

namespace mote::test {
namespace {

namespace fs = std::filesystem;

TEST(OutOfOrder, EveryCommandSaysWhatIsMissing) {
  const TemporaryDirectory directory;
  const fs::path project = directory.path() / "p";
  for (const char* command :
       {"data", "train", "quantize", "compile", "simulate", "diagnose", "check", "report"}) {
    const ProcessResult result = mote({command, "-C", project.string()});
    EXPECT_EQ(result.exit_code, 2) << command << result.errors;
    EXPECT_NE(result.errors.find("mote new"), std::string::npos) << command << ": " << result.errors;
  }
  ASSERT_EQ(mote({"new", "gesture", project.string()}).exit_code, 0);
  for (const char* command : {"train", "quantize", "compile", "simulate", "diagnose", "report"}) {
    const ProcessResult result = mote({command, "-C", project.string()});
    EXPECT_EQ(result.exit_code, 2) << command << result.errors;
    EXPECT_NE(result.errors.find("hint:"), std::string::npos) << command << ": " << result.errors;
  }
}

}  // namespace
}  // namespace mote::test
