// SPDX-License-Identifier: Apache-2.0
#include "firmware/elf.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/files.h"
#include "core/process.h"
#include "core/random.h"
#include "support/require.h"

namespace mote::firmware {
namespace {

class Elf : public ::testing::Test {
 protected:
  void SetUp() override {
    MOTE_REQUIRE_OR_SKIP(test::have_tool("arm-none-eabi-g++"), "arm-none-eabi-g++");
    test::TemporaryDirectory folder;
    const auto source = folder.path() / "a.cpp";
    ASSERT_TRUE(write_file(source,
                           "namespace space { int counter; int started = 7; extern const char table[100];\n"
                           "const char table[100] = {1}; int next(int step) { return counter += step + "
                           "started + table[step]; } }\n"
                           "extern \"C\" int main() { return space::next(1); }\n")
                    .has_value());
    const auto result =
        run_process({"arm-none-eabi-g++", "-mcpu=cortex-m4", "-mthumb", "-O1", "-ffreestanding", "-nostdlib",
                     "-fno-exceptions", "-Wl,-e,main", "-Wl,-Tdata=0x20000000", source.string(), "-o",
                     (folder.path() / "a.elf").string()});
    ASSERT_TRUE(result.has_value());
    ASSERT_EQ(result->exit_code, 0) << result->errors;
    bytes_ = read_bytes(folder.path() / "a.elf").value();
  }

  std::vector<std::uint8_t> bytes_;
};

TEST_F(Elf, names_functions_and_objects_with_their_sizes) {
  const auto image = read_elf(bytes_, "a.elf");
  ASSERT_TRUE(image.has_value()) << to_text(image.error());
  const auto find = [&image](std::string_view name) {
    const auto found = std::find_if(image->symbols.begin(), image->symbols.end(),
                                    [name](const ElfSymbol& symbol) { return symbol.name == name; });
    return found == image->symbols.end() ? ElfSymbol{} : *found;
  };
  EXPECT_TRUE(find("space::next(int)").function);
  EXPECT_EQ(find("space::next(int)").address & 1u, 0u);
  EXPECT_EQ(find("space::counter").bytes, 4u);
  const ElfSymbol table = find("space::table");
  EXPECT_EQ(table.bytes, 100u);
  EXPECT_EQ(bytes_.at(table.file_offset), 1);
  EXPECT_EQ(bytes_.at(find("space::started").file_offset), 7);
}

TEST_F(Elf, counts_start_values_in_flash_and_in_ram) {
  const auto image = read_elf(bytes_, "a.elf");
  ASSERT_TRUE(image.has_value());
  const MemoryUse use = memory_use(*image);
  EXPECT_EQ(use.ram_bytes, 8);         // counter and started
  EXPECT_GE(use.constant_bytes, 104);  // table and the value of started
  EXPECT_GT(use.code_bytes, 10);
  EXPECT_EQ(use.flash_bytes, use.code_bytes + use.constant_bytes);
}

TEST_F(Elf, refuses_a_file_that_is_cut_anywhere_or_no_elf) {
  EXPECT_FALSE(read_elf({}, "a.elf").has_value());
  for (std::size_t length = 0; length + 1 < bytes_.size(); length += 1 + length / 64) {
    const auto image = read_elf(std::span(bytes_).first(length), "a.elf");
    ASSERT_FALSE(image.has_value()) << length;
    EXPECT_EQ(image.error().kind, ErrorKind::kInput);
  }
}

TEST_F(Elf, survives_damage) {
  Rng rng(1);
  for (int round = 0; round < 2000; ++round) {
    auto damaged = bytes_;
    for (int byte = 0; byte < 4; ++byte)
      damaged[static_cast<std::size_t>(rng.below(damaged.size()))] =
          static_cast<std::uint8_t>(rng.below(256));
    static_cast<void>(read_elf(damaged, "a.elf"));
  }
}

}  // namespace
}  // namespace mote::firmware
