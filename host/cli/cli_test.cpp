// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "cli/printed.h"

namespace mote::cli {
namespace {

using testing::HasSubstr;

TEST(Tool, HelpSucceedsAndNamesTheExitCodes) {
  const Printed help = run({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.out, HasSubstr("exit codes: 0 ok, 1 a finding"));
}

TEST(Tool, AMistypedCommandIsAUsageErrorThatNamesTheNearest) {
  const Printed typo = run({"docter"});
  EXPECT_EQ(typo.exit_code, 2);
  EXPECT_THAT(typo.err, HasSubstr("did you mean `mote doctor`?"));
  EXPECT_EQ(typo.out, "");
}

TEST(Tool, ErrorsAreJsonForMachines) {
  const Printed typo = run({"--json", "docter"});
  EXPECT_EQ(typo.exit_code, 2);
  EXPECT_EQ(parse_json(typo.out, "")->at("error").at("exit_code"), 2);
}

TEST(BuildDate, PrefersTheOptionThenTheEnvironment) {
  ::setenv("SOURCE_DATE_EPOCH", "1700000000", 1);
  EXPECT_EQ(build_date("2024-02-29", "x").value(), "2024-02-29");
  EXPECT_EQ(build_date("", "x").value(), "2023-11-14");
  ::setenv("SOURCE_DATE_EPOCH", "soon", 1);
  EXPECT_EQ(build_date("", "x").error().kind, ErrorKind::kUsage);
  ::unsetenv("SOURCE_DATE_EPOCH");
  EXPECT_EQ(build_date("", "x").value(), "x");
}

TEST(BuildDate, RefusesDaysThatDoNotExist) {
  for (const char* bad : {"2023-02-29", "2023-13-01", "23-1-1", "2023/01/01", "2023-01-0a"})
    EXPECT_EQ(build_date(bad, "").error().what, std::string("'") + bad + "' is not a date");
}

}  // namespace
}  // namespace mote::cli
