// SPDX-License-Identifier: Apache-2.0
// The .npy reader and writer against the format's definition, and against NumPy where it is installed.
#include "core/npy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/files.h"
#include "core/process.h"
#include "core/text.h"
#include "support/require.h"

namespace mote {
namespace {

/// A version 1.0 file with this header and these items, laid out by hand.
std::vector<std::uint8_t> file(std::string header, const std::vector<std::uint8_t>& items) {
  header += '\n';
  std::string text = "\x93NUMPY\x01";
  text += '\0';
  text += static_cast<char>(header.size() & 0xFF);
  text += static_cast<char>(header.size() >> 8);
  text += header;
  text.append(items.begin(), items.end());
  return {text.begin(), text.end()};
}

TEST(Npy, WritesWhatTheFormatSays) {
  const double items[] = {1.5, -2.0, 0.25};
  const auto bytes = to_npy(npy_vector(items));
  ASSERT_EQ(bytes.size(), 128u + 24u);
  const std::string head(bytes.begin(), bytes.begin() + 128);
  EXPECT_EQ(head.substr(0, 8), std::string("\x93NUMPY\x01\x00", 8));
  EXPECT_EQ(bytes[8] + 256 * bytes[9], 118) << "the items begin at a multiple of 64 bytes";
  EXPECT_EQ(trim(std::string_view(head).substr(10, 117)),
            "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }");
  EXPECT_EQ(head.back(), '\n');
}

TEST(Npy, ReadsBackWhatItWroteInEveryTypeAndShape) {
  const std::vector<NpyArray> arrays = {{'f', 8, {}, std::vector<std::uint8_t>(8, 7)},
                                        {'f', 4, {2, 3}, std::vector<std::uint8_t>(24, 1)},
                                        {'i', 1, {0}, {}},
                                        {'u', 2, {1, 1, 5}, std::vector<std::uint8_t>(10, 3)},
                                        {'b', 1, {2}, {0, 1}}};
  for (const auto& array : arrays) EXPECT_EQ(parse_npy(to_npy(array), "a.npy").value(), array);
}

TEST(Npy, ReadsBigEndianFortranOrderAndAnyKeyOrder) {
  const auto array = parse_npy(
      file("{\"shape\":(2,3),'fortran_order':True,'descr':'>i2'}", {0, 1, 0, 4, 0, 2, 0, 5, 0, 3, 0, 6}),
      "a.npy");
  ASSERT_TRUE(array.has_value()) << to_text(array.error());
  EXPECT_EQ(npy_doubles(*array), (std::vector<double>{1, 2, 3, 4, 5, 6}));
}

TEST(Npy, ReadsVersion2) {
  auto bytes = file("{'descr': '|u1', 'fortran_order': False, 'shape': (1,), }", {200});
  bytes[6] = 2;
  bytes.insert(bytes.begin() + 10, 2, 0);
  EXPECT_EQ(npy_doubles(parse_npy(bytes, "a.npy").value()), std::vector<double>{200});
}

TEST(Npy, RefusesDamagedFilesWithTheReason) {
  const auto what = [](const std::vector<std::uint8_t>& bytes) {
    const auto array = parse_npy(bytes, "a.npy");
    return array.has_value() ? "accepted" : to_text(array.error());
  };
  using testing::HasSubstr;
  const std::string good = "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }";
  EXPECT_THAT(what({}), HasSubstr("no .npy file"));
  EXPECT_THAT(what(file(good, {1})), HasSubstr("holds 1 bytes of items, expected 2"));
  EXPECT_THAT(what(file(good, {1, 2, 3})), HasSubstr("holds 3 bytes"));
  auto cut = file(good, {});
  cut.resize(30);
  EXPECT_THAT(what(cut), HasSubstr("cut off"));
  EXPECT_THAT(what(file("{'descr': '|O', 'fortran_order': False, 'shape': (2,)}", {})),
              HasSubstr("type '|O'"));
  EXPECT_THAT(what(file("{'descr': '<f8', 'shape': (2,)}", {})), HasSubstr("lacks"));
  EXPECT_THAT(what(file("{'descr': '<f8', 'fortran_order': False, 'shape': (-2,)}", {})), HasSubstr("shape"));
  EXPECT_THAT(what(file("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999,99999999999)}", {})),
              HasSubstr("absurd"));
  EXPECT_THAT(what(file("{'descr': '<f8', 'evil\n': 1}", {})), HasSubstr("unknown key 'evil_'"));
  std::string many = "{'descr': '<f8', 'fortran_order': False, 'shape': (";
  for (int axis = 0; axis < 40; ++axis) many += "1,";
  EXPECT_THAT(what(file(many + ")}", {})), HasSubstr("more than 32 axes"));
}

TEST(Npy, EveryTruncationIsRefused) {
  const double items[] = {1.0, 2.0};
  const auto bytes = to_npy(npy_vector(items));
  for (std::size_t length = 0; length < bytes.size(); ++length)
    EXPECT_FALSE(parse_npy(std::span(bytes).first(length), "a.npy").has_value()) << length;
}

TEST(Npy, NumPyReadsIt) {
  // The system's own interpreter: another one that comes first on the PATH need not have the package.
  const std::string python = "/usr/bin/python3";
  MOTE_REQUIRE_OR_SKIP(program_exists(python), "python3");
  const auto has_numpy = run_process({python, "-c", "import numpy"});
  MOTE_REQUIRE_OR_SKIP(has_numpy.has_value() && has_numpy->exit_code == 0, "NumPy (package python3-numpy)");
  const test::TemporaryDirectory directory;
  const auto path = directory.path() / "a.npy";
  const double items[] = {1.5, -2.0};
  ASSERT_TRUE(write_file(path, std::span<const std::uint8_t>(to_npy(npy_vector(items)))).has_value());
  const auto printed = run_process({python, "-c",
                                    "import numpy, sys; a = numpy.load(sys.argv[1]); "
                                    "print(a.dtype, a.shape, a.tolist())",
                                    path.string()});
  ASSERT_TRUE(printed.has_value());
  EXPECT_EQ(printed->output, "float64 (2,) [1.5, -2.0]\n");
}

}  // namespace
}  // namespace mote
