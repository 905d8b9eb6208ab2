// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "boards/boards.h"
#include "core/error.h"
#include "core/json.h"
#include "core/progress.h"
#include "firmware/elf.h"
#include "firmware/self_test.h"
#include "project/project.h"

namespace mote::firmware {

/// The second model of a cascade (mote/runtime/second_model.h).
struct WokenModel {
  std::string model;                ///< identifier, another one than the first model's
  std::filesystem::path generated;  ///< folder with its <model>.h and .cpp
  std::int32_t class_index = 0;     ///< class of the first model that wakes it
};

struct FirmwareRequest {
  std::string model;                  ///< identifier of the generated model: its files and namespace
  std::filesystem::path generated;    ///< folder with <model>.h and .cpp
  project::SensorDescription sensor;  ///< what the firmware is to be built for
  std::int32_t hop_samples = 0;
  boards::Board board;
  std::filesystem::path output;  ///< folder of the firmware project; replaced as a whole
  bool debug_log = false;
  project::DecisionSettings decision = {};
  project::WatchSettings watch = {};
  std::optional<SelfTest> self_test = {};  ///< none: the firmware does not test itself
  std::optional<WokenModel> woken = {};    ///< none: the firmware has one model
  std::vector<std::string> defines = {};   ///< NAME=VALUE for the compiler; for experiments and tests
};

struct FirmwareResult {
  std::filesystem::path image;  ///< output/build/firmware.elf; empty: the project is written and not compiled
  MemoryUse memory;             ///< all 0 without an image
  Json facts;                   ///< of firmware.json
};

/// Writes a firmware project of the kind that the board asks for (firmware/project_kind.h). If it needs
/// nothing else than a cross compiler and make, builds it, and measures the image. The same input gives the
/// same image, byte for byte, in every folder.
///
/// Errors: kInput if the board cannot deliver what the sensor description says, if the model's files are
/// missing or do not compile for this board (another rate, axis count, unit, range or too little memory: the
/// message holds the compiler's), kFinding if the image is larger than the board; kUsage without compiler or
/// make. On any error `output` stays as it was.
Result<FirmwareResult> build(const FirmwareRequest& request, const ProgressSink& progress = {});

}  // namespace mote::firmware
