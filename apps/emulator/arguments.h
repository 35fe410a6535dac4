// The command line of awl-emulator.
#pragma once

#include <optional>

#include "emulator/config.h"

namespace awl::emulator_app {

struct Parsed {
  emulator::Config config;
  std::optional<int> exit_code;  ///< the program ends with it; everything has been said
};

/// Reads the command line and the configuration file that it names.
Parsed parse_arguments(int argc, char** argv);

}  // namespace awl::emulator_app
