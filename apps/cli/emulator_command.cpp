#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <vector>

#include "cli/commands.h"

namespace awl::cli {

int exec_emulator(int argc, char** argv) {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  // Installed beside this program; in a build folder in the neighbour's.
  const std::filesystem::path candidates[] = {self.parent_path() / "awl-emulator",
                                              self.parent_path().parent_path() / "emulator" / "awl-emulator"};
  std::vector<char*> arguments;
  std::string name = "awl emulator";
  arguments.push_back(name.data());
  for (int i = 2; i < argc; ++i) arguments.push_back(argv[i]);
  arguments.push_back(nullptr);
  for (const auto& candidate : candidates) {
    if (!std::filesystem::exists(candidate, error)) continue;
    ::execv(candidate.c_str(), arguments.data());
    fmt::print(stderr, "Error: cannot start {}: {}\n", candidate.string(), std::strerror(errno));
    return 1;
  }
  fmt::print(stderr, "Error: awl-emulator is not installed beside {}.\n", self.string());
  return 1;
}

}  // namespace awl::cli
