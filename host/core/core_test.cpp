// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/facts.h"
#include "core/files.h"
#include "core/hash.h"
#include "core/process.h"
#include "core/random.h"
#include "core/resources.h"
#include "core/text.h"
#include "support/require.h"

namespace mote {
namespace {

TEST(Hash, AgreesWithThePublishedVector) {  // FIPS 180-4, message "abc"
  EXPECT_EQ(sha256(std::string_view("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Resources, TheEnvironmentGoesFirst) {
  const test::TemporaryDirectory directory;
  std::filesystem::create_directories(directory.path() / "device" / "include");
  EXPECT_TRUE(std::filesystem::exists(resource("device/include").value() / "mote" / "core"));
  ::setenv("MOTE_HOME", directory.path().c_str(), 1);
  EXPECT_EQ(resource("device/include").value(), directory.path() / "device/include");
  ::unsetenv("MOTE_HOME");
  EXPECT_FALSE(resource("no/such/thing").has_value());
}

TEST(Random, AgreesWithThePublishedSplitMix64Sequence) {  // seed 1234567
  Rng rng(1234567);
  EXPECT_EQ(rng.bits(), 6457827717110365317u);
  EXPECT_EQ(rng.bits(), 3203168211198807973u);
}

TEST(Random, BelowStaysBelowAndReachesEveryValue) {
  Rng rng(3);
  std::vector<int> seen(5, 0);
  for (int draw = 0; draw < 1000; ++draw) ++seen.at(rng.below(5));
  for (const int count : seen) EXPECT_GT(count, 100);
}

TEST(Text, EscapesWhatHtmlAndCWouldInterpret) {
  EXPECT_EQ(escape_html("</script>&\"'"), "&lt;/script&gt;&amp;&quot;&#39;");
  EXPECT_EQ(escape_c_string("a\"\\\n\x80?\?/"), "a\\\"\\\\\\012\\200\\077\\077/");
  EXPECT_EQ(escape_comment("x */ y\n\\z /* a?\?/"), "x *_ y__z /_ a?_/");
  EXPECT_EQ(to_identifier("3 d*/"), "_3_d__");
  EXPECT_EQ(to_identifier(""), "_");
}

TEST(Text, PlainNamesExcludePathsAndOptions) {
  EXPECT_TRUE(is_plain_name("punch-2_a"));
  for (const char* bad : {"", "-x", "..", "a/b", "a b", "1a", "abcdefghijklmnopqrstuvwxyzabcdefg"})
    EXPECT_FALSE(is_plain_name(bad)) << bad;
}

TEST(Text, NearestNameFindsATypoAndNothingFarAway) {
  const std::vector<std::string> names = {"punch", "flex", "idle"};
  EXPECT_EQ(nearest_name("pucnh", names), "punch");
  EXPECT_EQ(nearest_name("circle", names), "");
}

TEST(Files, WriteReplacesWholeOrNotAtAll) {
  const test::TemporaryDirectory directory;
  const auto path = directory.path() / "deep" / "a.txt";
  ASSERT_TRUE(write_file(path, std::string_view("one")).has_value());
  ASSERT_TRUE(write_file(path, std::string_view("two")).has_value());
  EXPECT_EQ(read_text(path).value(), "two");
  EXPECT_EQ(list_files(path.parent_path(), "").size(), 1u) << "no temporary file may stay behind";
}

TEST(Files, RefusesWhatIsAbsentTooLongOrAFolder) {
  const test::TemporaryDirectory directory;
  ASSERT_TRUE(write_file(directory.path() / "a", std::string_view("12345")).has_value());
  EXPECT_EQ(read_text(directory.path() / "b").error().what, "no such file");
  EXPECT_EQ(read_text(directory.path() / "a", 4).error().what, "file has 5 bytes, at most 4 are read");
  EXPECT_EQ(read_text(directory.path()).error().what, "not a regular file");
}

TEST(Json, RefusesWhatIsBrokenOrTooDeep) {
  EXPECT_EQ(parse_json("{", "x").error().kind, ErrorKind::kInput);
  EXPECT_EQ(parse_json(std::string(100, '[') + std::string(100, ']'), "x").error().what,
            "JSON is nested deeper than 64 levels");
}

TEST(Facts, AreRefusedOnceAnInputHasChanged) {
  const test::TemporaryDirectory project;
  const FactSchema schema{"train", 1};
  EXPECT_EQ(read_fact(project.path(), schema).error().kind, ErrorKind::kUsage);
  ASSERT_TRUE(write_file(project.path() / "mote.toml", std::string_view("a")).has_value());
  ASSERT_TRUE(write_fact(project.path(), schema, {"mote.toml"}, {}, {{"accuracy", 0.5}}).has_value());
  EXPECT_EQ(read_fact(project.path(), schema).value()["accuracy"], 0.5);
  ASSERT_TRUE(write_file(project.path() / "mote.toml", std::string_view("b")).has_value());
  const auto stale = read_fact(project.path(), schema);
  ASSERT_FALSE(stale.has_value());
  EXPECT_EQ(stale.error().kind, ErrorKind::kFinding);
  EXPECT_EQ(stale.error().what, "stale: mote.toml changed since the stage 'train' ran");
  EXPECT_EQ(stale.error().hint, "run `mote train` again");
  EXPECT_EQ(read_fact(project.path(), {"train", 2}).error().what,
            "schema is 'mote.train/1', expected 'mote.train/2'");
}

TEST(Process, GivesOutputErrorsAndExitCode) {
  const auto result = run_process({"sh", "-c", "echo out; echo err >&2; exit 3"});
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(result->output, "out\n");
  EXPECT_EQ(result->errors, "err\n");
  EXPECT_EQ(result->exit_code, 3);
}

TEST(Process, EndsWhatTakesTooLongAndNamesWhatIsMissing) {
  const auto slow = run_process({"sleep", "60"}, {.timeout = std::chrono::milliseconds(100)});
  ASSERT_FALSE(slow.has_value());
  EXPECT_EQ(slow.error().what, "'sleep' ran longer than 100 ms");
  EXPECT_EQ(run_process({"no-such-program-x"}).error().kind, ErrorKind::kUsage);
}

TEST(Hash, GivesTheDigestsOfTheStandards) {
  EXPECT_EQ(sha1("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");  // FIPS 180
  EXPECT_EQ(hmac_sha256("Jefe", "what do ya want for nothing?"),       // RFC 4231, test cases 2 and 6
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmac_sha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

}  // namespace
}  // namespace mote
