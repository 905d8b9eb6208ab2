// SPDX-License-Identifier: Apache-2.0
// Each fault is planted into a run where everything is in order: exactly its item may fail.
#include <fmt/format.h>

#include <functional>
#include <set>

#include "check/check.h"
#include "core/files.h"
#include "run_fixture/run_fixture.h"

namespace mote::check {
namespace {

using test::RunFixture;

std::vector<CheckedItem> judged(const RunFixture& fixture) {
  fixture.write();
  return judge(collect(fixture.root()));
}

/// Expects `id` to have `status`, with `words` in its evidence, and every other item to pass.
void expect_only(const std::vector<CheckedItem>& checked, std::string_view id, Status status,
                 std::string_view words) {
  bool seen = false;
  for (const auto& [item, finding] : checked) {
    const bool chosen = item->id == id;
    seen = seen || chosen;
    EXPECT_EQ(to_string(finding.status), to_string(chosen ? status : Status::kPass))
        << item->id << ": " << finding.evidence;
    if (!chosen) continue;
    EXPECT_NE(finding.evidence.find(words), std::string::npos) << finding.evidence;
    EXPECT_FALSE(finding.fix.empty());
  }
  EXPECT_TRUE(seen) << "no item " << id;
}

struct PlantedFault {
  const char* name;
  const char* item;
  Status status;
  const char* words;  ///< of the evidence
  std::function<void(RunFixture&)> plant;
};

void PrintTo(const PlantedFault& fault, std::ostream* out) {
  *out << fault.name;
}

/// The run of a cascade in which everything is in order.
void add_second_model(RunFixture& run) {
  run.facts["compile"]["woken"] = {{"by", "punch"},
                                   {"model", "other"},
                                   {"version", "2.0.0"},
                                   {"content_hash", "00112233445566778899"},
                                   {"memory_bytes", 300}};
  run.facts["simulate"]["second"] = {
      {"model", "other"}, {"version", "2.0.0"}, {"hash", "0011223344556677"}, {"woken_by", "punch"}};
  run.facts["simulate"]["second_model_replay"] = {{"windows", 12}, {"different", Json::array()}};
}

const std::vector<PlantedFault>& planted_faults() {
  static const std::vector<PlantedFault> kFaults = {
      {"AnotherVersionBoots", "version-matches", Status::kFail, "0.9.0",
       [](RunFixture& run) { run.facts["simulate"]["boot"]["version"] = "0.9.0"; }},
      {"AnotherHashBoots", "version-matches", Status::kFail, "ffff",
       [](RunFixture& run) { run.facts["simulate"]["boot"]["hash"] = "ffffffffffffffff"; }},
      {"NoHashBoots", "version-matches", Status::kFail, "hash",
       [](RunFixture& run) { run.facts["simulate"]["boot"]["hash"] = ""; }},
      {"AnotherDateBoots", "version-matches", Status::kFail, "device",
       [](RunFixture& run) { run.facts["simulate"]["boot"]["date"] = "2020-01-01"; }},
      {"AnotherModelWasCompiled", "version-matches", Status::kFail, "0123",
       [](RunFixture& run) { run.facts["quantize"]["content_hash"] = "0123"; }},
      {"AnotherMultiplier", "normalisation-matches", Status::kFail, "column aY",
       [](RunFixture& run) { run.facts["compile"]["normalization"][1]["multiplier"] = 7; }},
      {"AnotherBias", "normalisation-matches", Status::kFail, "bias",
       [](RunFixture& run) { run.facts["compile"]["normalization"][0]["bias"] = 7; }},
      {"AnAxisLess", "normalisation-matches", Status::kFail, "2",
       [](RunFixture& run) { run.facts["compile"]["normalization"].erase(2); }},
      {"OneOutputDiffers", "device-equals-host", Status::kFail, "output_crc",
       [](RunFixture& run) { run.facts["simulate"]["recordings"][4]["windows"][2]["output_crc"] = "0000"; }},
      {"OneWindowDiffers", "device-equals-host", Status::kFail, "window_crc",
       [](RunFixture& run) { run.facts["simulate"]["recordings"][70]["windows"][4]["window_crc"] = "0000"; }},
      {"OneClassDiffers", "device-equals-host", Status::kFail, "class",
       [](RunFixture& run) { run.facts["simulate"]["recordings"][0]["windows"][0]["class"] = 2; }},
      {"OneConfidenceDiffers", "device-equals-host", Status::kFail, "confidence",
       [](RunFixture& run) { run.facts["simulate"]["recordings"][0]["windows"][0]["confidence"] = 3; }},
      {"AWindowIsMissing", "device-equals-host", Status::kFail, "4 windows",
       [](RunFixture& run) { run.facts["simulate"]["recordings"][9]["windows"].erase(4); }},
      {"ARecordingIsMissing", "device-equals-host", Status::kFail, "71",
       [](RunFixture& run) { run.facts["simulate"]["recordings"].erase(9); }},
      {"ASampleWasLost", "device-equals-host", Status::kFail, "lost",
       [](RunFixture& run) { run.facts["simulate"]["recordings"][3]["windows"][1]["lost"] = 1; }},
      {"TheDeviceStopped", "device-equals-host", Status::kFail, "sensor_stalled",
       [](RunFixture& run) {
         run.facts["simulate"]["recordings"][3]["fault"] = {{"name", "sensor_stalled"}};
       }},
      {"AnotherSecondModelOnTheDevice", "version-matches", Status::kFail, "abcd",
       [](RunFixture& run) {
         add_second_model(run);
         run.facts["simulate"]["second"]["hash"] = "abcd";
       }},
      {"NoSecondModelOnTheDevice", "version-matches", Status::kFail, "second model",
       [](RunFixture& run) {
         add_second_model(run);
         run.facts["simulate"].erase("second");
       }},
      {"OneOutputOfTheSecondModelDiffers", "device-equals-host", Status::kFail, "window 3",
       [](RunFixture& run) {
         add_second_model(run);
         run.facts["simulate"]["second_model_replay"]["different"] = {"a: output of window 3"};
       }},
      {"NobodyHasReplayedTheSecondModel", "device-equals-host", Status::kFail, "replayed",
       [](RunFixture& run) {
         add_second_model(run);
         run.facts["simulate"].erase("second_model_replay");
       }},
      {"AnotherPlanOfTheSecondModel", "memory-exact", Status::kFail, "400",
       [](RunFixture& run) {
         add_second_model(run);
         run.facts["compile"]["woken"]["memory_bytes"] = 400;
       }},
      {"SurplusStaticMemory", "memory-exact", Status::kFail, "sections",
       [](RunFixture& run) { run.facts["firmware"]["ram_bytes"] = 9000; }},
      {"AnotherPlan", "memory-exact", Status::kFail, "400",
       [](RunFixture& run) { run.facts["compile"]["memory_bytes"] = 400; }},
      {"AHeap", "memory-exact", Status::kFail, "malloc",
       [](RunFixture& run) { run.facts["firmware"]["heap_symbols"] = {"malloc"}; }},
      {"AStackThatIsTooSmall", "stack-fits", Status::kFail, "at worst 516 bytes",
       [](RunFixture& run) { run.facts["firmware"]["stack"]["reserved_bytes"] = 516 + 15; }},
      {"AFunctionThatCallsItself", "no-recursion", Status::kFail, "walk() -> step()",
       [](RunFixture& run) { run.facts["firmware"]["stack"]["recursion"] = {"walk()", "step()"}; }},
      {"ASurplusKernel", "only-needed-kernels", Status::kFail, "Conv2dPlain",
       [](RunFixture& run) {
         run.facts["firmware"]["symbols_of_kernels"].push_back("mote::kernels::Conv2dPlain");
       }},
      {"AMissingKernel", "only-needed-kernels", Status::kFail, "SoftmaxReference",
       [](RunFixture& run) { run.facts["firmware"]["symbols_of_kernels"].erase(1); }},
      {"DebugLogIsOn", "logging-guarded", Status::kFail, "on",
       [](RunFixture& run) { run.facts["firmware"]["debug_log"] = true; }},
      {"DebugStringsAreInTheImage", "logging-guarded", Status::kFail, "mote-debug",
       [](RunFixture& run) { run.facts["firmware"]["debug_strings"] = {"mote-debug"}; }},
      {"AFaultIsNotDocumented", "blink-codes-documented", Status::kFail, "samples_lost",
       [](RunFixture& run) {
         std::string& readme = run.files["run/firmware/qemu-mps2-an386/README.md"];
         readme.replace(readme.find("samples_lost"), 12, "other");
       }},
      {"NoReadme", "blink-codes-documented", Status::kFail, "README",
       [](RunFixture& run) { run.files["run/firmware/qemu-mps2-an386/README.md"].clear(); }},
      {"NoBackground", "background-class", Status::kFail, "nothing of interest",
       [](RunFixture& run) { run.facts["data"]["background"] = nullptr; }},
      {"HeldOutIsWorse", "held-out-accuracy", Status::kFail, "60.0 %",
       [](RunFixture& run) { run.facts["diagnose"]["stages"][4]["accuracy"] = 0.6; }},
      {"FewHeldOutRecordings", "enough-data", Status::kNotEnoughData, "more needed",
       [](RunFixture& run) {
         run.facts["train"]["test"]["recordings_right"] = 11;
         run.facts["train"]["test"]["recordings_total"] = 12;
       }},
      {"NotSignedOff", "supply-voltage", Status::kManual, "not signed off",
       [](RunFixture& run) { run.files.erase("signoff.toml"); }},
      {"SignedOffForAnotherVersion", "supply-voltage", Status::kManual, "0.9.0",
       [](RunFixture& run) {
         run.files["signoff.toml"] =
             "[supply-voltage]\nname = \"Ada\"\ndate = 2026-03-02\nversion = \"0.9.0\"\n";
       }},
      {"SignOffWithoutName", "supply-voltage", Status::kFail, "needs name",
       [](RunFixture& run) { run.files["signoff.toml"] = "[supply-voltage]\ndate = \"2026-03-02\"\n"; }},
      {"SignOffIsNoToml", "supply-voltage", Status::kFail, "signoff.toml:1",
       [](RunFixture& run) { run.files["signoff.toml"] = "[[["; }},
  };
  return kFaults;
}

class Planted : public testing::TestWithParam<PlantedFault> {};

TEST_P(Planted, IsFoundByItsItemAlone) {
  RunFixture run;
  GetParam().plant(run);
  expect_only(judged(run), GetParam().item, GetParam().status, GetParam().words);
}

INSTANTIATE_TEST_SUITE_P(Faults, Planted, testing::ValuesIn(planted_faults()),
                         [](const auto& planted) { return std::string(planted.param.name); });

TEST(Items, EveryOnePassesWhenEverythingIsInOrder) {
  const auto checked = judged(RunFixture());
  EXPECT_EQ(checked.size(), items().size());
  for (const auto& [item, finding] : checked)
    EXPECT_EQ(finding.status, Status::kPass) << item->id << ": " << finding.evidence;
  EXPECT_TRUE(passed(checked, true));
}

TEST(Items, EveryOnePassesWithASecondModelInOrder) {
  RunFixture run;
  add_second_model(run);
  for (const auto& [item, finding] : judged(run))
    EXPECT_EQ(finding.status, Status::kPass) << item->id << ": " << finding.evidence;
}

TEST(Items, EveryOneHasAPlantedFault) {
  std::set<std::string> tested = {"no-stale-fact"};  // below
  for (const auto& fault : planted_faults()) tested.insert(fault.item);
  for (const Item* item : items()) EXPECT_TRUE(tested.contains(item->id)) << item->id;
}

TEST(Items, AFileChangedAfterItsStageIsStale) {
  for (const char* file : {"mote.toml", "recordings/punch/s1-punch-000.csv", "run/model_int8.tflite",
                           "run/generated/gesture.cpp", "run/firmware/qemu-mps2-an386/gesture.elf"}) {
    RunFixture run;
    run.write();
    ASSERT_TRUE(write_file(run.root() / file, std::string_view("changed")).has_value());
    expect_only(judge(collect(run.root())), "no-stale-fact", Status::kFail, file);
  }
}

TEST(Items, AFactWrittenAfterAReaderOfItIsStale) {
  RunFixture run;
  run.write();
  const auto again = write_fact(run.root(), {.stage = "simulate", .version = 1}, {}, {}, [&] {
    Json facts = run.facts["simulate"];
    facts["icount_shift"] = 3;
    return facts;
  }());
  ASSERT_TRUE(again.has_value());
  expect_only(judge(collect(run.root())), "no-stale-fact", Status::kFail, "diagnose");
}

TEST(Items, AStackThatTheCompilerDoesNotTellIsNotPromised) {
  RunFixture run;
  run.facts["firmware"]["stack"] = {
      {"known", false}, {"reserved_bytes", 2048}, {"reason", "an old compiler does not tell it"}};
  const auto checked = judged(run);
  EXPECT_FALSE(passed(checked, true));
  EXPECT_TRUE(passed(checked, false));
  for (const auto& [item, finding] : checked) {
    const bool concerned =
        item->id == std::string_view("stack-fits") || item->id == std::string_view("no-recursion");
    EXPECT_EQ(finding.status, concerned ? Status::kNotEnoughData : Status::kPass) << item->id;
    if (!concerned) continue;
    EXPECT_NE(finding.evidence.find("an old compiler"), std::string::npos) << item->id;
  }
}

TEST(Items, NoBackgroundOnPurposePassesAndSaysSo) {
  RunFixture run;
  run.facts["data"]["background"] = nullptr;
  run.facts["data"]["no_background"] = true;
  for (const auto& [item, finding] : judged(run)) {
    EXPECT_EQ(finding.status, Status::kPass) << item->id;
    if (item->id != std::string_view("background-class")) continue;
    EXPECT_NE(finding.evidence.find("--no-background"), std::string::npos);
  }
}

TEST(Items, AStageThatHasNotRunFailsAndIsNamed) {
  RunFixture run;
  run.facts.erase("simulate");
  run.facts.erase("diagnose");
  int failed = 0;
  for (const auto& [item, finding] : judged(run)) {
    if (finding.status == Status::kPass) continue;
    ++failed;
    EXPECT_NE(finding.fix.find("mote "), std::string::npos) << item->id << ": " << finding.fix;
  }
  EXPECT_EQ(failed, 5);  // stale, version, device, memory, held-out
}

TEST(Items, ADamagedFactFailsInsteadOfCrashing) {
  for (const char* stage : {"data", "train", "quantize", "compile", "firmware", "simulate", "diagnose"}) {
    for (const Json& damage : {Json::object(), Json{{"stages", 3}, {"recordings", "x"}, {"boot", nullptr}}}) {
      RunFixture run;
      run.facts[stage] = damage;
      EXPECT_FALSE(passed(judged(run), false)) << stage;
    }
  }
}

}  // namespace
}  // namespace mote::check
