// SPDX-License-Identifier: Apache-2.0
// Writes the seeds of the fuzz target for models into a folder. Usage: mote_tflite_seeds FOLDER
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tflite_seeds.h"

int main(int argument_count, char** arguments) {
  if (argument_count != 2) return 2;
  const std::filesystem::path folder = arguments[1];
  std::filesystem::create_directories(folder);
  for (const mote::test::Seed& seed : mote::test::tflite_seeds()) {
    std::ofstream stream(folder / (seed.name + ".tflite"), std::ios::binary);
    stream.write(reinterpret_cast<const char*>(seed.file.data()),
                 static_cast<std::streamsize>(seed.file.size()));
    if (!stream.flush()) return 1;
  }
  return 0;
}
