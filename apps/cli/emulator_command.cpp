#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/helper_program.h"

namespace awl::cli {

int exec_emulator(int argc, char** argv) {
  const auto program = find_helper_program("emulator");
  if (!program) {
    fmt::print(stderr, "Error: {}\n", describe(program.error()));
    return 1;
  }
  std::string name = "awl emulator";
  std::vector<char*> arguments{name.data()};
  arguments.insert(arguments.end(), argv + 2, argv + argc);
  arguments.push_back(nullptr);
  ::execv(program->c_str(), arguments.data());
  fmt::print(stderr, "Error: cannot start {}: {}\n", program->string(), std::strerror(errno));
  return 1;
}

}  // namespace awl::cli
