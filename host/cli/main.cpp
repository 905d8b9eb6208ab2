// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "cli/command.h"

int main(int argument_count, char** arguments) {
  return mote::cli::run_tool(std::vector<std::string>(arguments + 1, arguments + argument_count));
}
