// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "boards/boards.h"

namespace mote::firmware {

/// Everything that the texts of a firmware project depend on.
struct ProjectText {
  std::string model;  ///< identifier: files <model>.h, <model>.cpp, namespace mote_models::<model>
  boards::Board board;
  boards::SensorSetting setting;
  std::vector<std::string> model_sources;  ///< plain names of the .cpp files in model/
  std::vector<std::string> board_sources;  ///< plain names of the .cpp files in board/
  std::vector<std::string> defines;        ///< NAME=VALUE for the compiler; for experiments
  std::int32_t hop_samples = 0;
  bool debug_log = false;
  project::DecisionSettings decision;
  project::WatchSettings watch;
  bool has_self_test = false;
};

std::string main_cpp(const ProjectText& project);
std::string model_config_h(const ProjectText& project);
std::string board_config_h(const ProjectText& project);
std::string makefile(const ProjectText& project);
std::string readme(const ProjectText& project);

/// Samples that the ring between interrupt and main loop holds: the power of two that holds a hop, 16 ...
/// 128.
std::int32_t ring_samples(std::int32_t hop_samples);

/// The contract of a sensor setting as a C++ type, spelled in full.
std::string contract_type(const boards::SensorSetting& setting);

}  // namespace mote::firmware
