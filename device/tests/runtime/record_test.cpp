// SPDX-License-Identifier: Apache-2.0
#include "mote/runtime/record.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <string>

#include "mote/runtime/fault.h"

namespace mote::runtime {
namespace {

std::string line;
void write(const char* characters, std::int32_t count) {
  line.append(characters, static_cast<std::size_t>(count));
}

TEST(RecordWriter, writes_name_fields_and_a_line_end) {
  line.clear();
  RecordWriter record(&write, "mote-result");
  record.number("window", 0);
  record.number("low", INT32_MIN);
  record.number("high", INT32_MAX);
  record.hexadecimal("crc", 0x0aF9);
  record.text("decision", "punch");
  record.end();
  EXPECT_EQ(line, "mote-result window=0 low=-2147483648 high=2147483647 crc=0af9 decision=punch\n");
}

TEST(RecordWriter, keeps_a_hostile_text_inside_its_field) {
  line.clear();
  RecordWriter record(&write, "x");
  record.text("a", "two words=1\nmote-fault\x7f\xff");
  record.text("b", "");
  record.text("c", "abcdef", 3);
  record.end();
  EXPECT_EQ(line, "x a=two_words_1_mote-fault__ b=- c=abc\n");
}

TEST(Faults, have_codes_and_names_of_their_own_and_blinks_that_a_person_can_count) {
  std::set<int> codes;
  std::set<std::string> names;
  int faults = 0;
#define MOTE_FAULT(code, blinks, enumerator, name, meaning, cause, remedy) \
  codes.insert(code);                                                      \
  names.insert(name);                                                      \
  ++faults;                                                                \
  EXPECT_GE(blinks, 3) << name;                                            \
  EXPECT_LE(blinks, 9) << name;                                            \
  EXPECT_EQ(blinks_of(Fault::enumerator), blinks);                         \
  EXPECT_STREQ(name_of(Fault::enumerator).data(), name);                   \
  EXPECT_GT(std::string(meaning).size(), 10u);                             \
  EXPECT_GT(std::string(cause).size(), 10u);                               \
  EXPECT_GT(std::string(remedy).size(), 10u);
#include "mote/runtime/faults.def"
#undef MOTE_FAULT
  EXPECT_EQ(codes.size(), static_cast<std::size_t>(faults));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(faults));
  EXPECT_EQ(codes.count(0), 0u);
  EXPECT_EQ(blinks_of(Fault::kStackOverflow), 3);
  EXPECT_EQ(blinks_of(Fault::kContractMismatch), 4);
  EXPECT_EQ(blinks_of(Fault::kNone), 0);
}

}  // namespace
}  // namespace mote::runtime
