#include "cli/helper_program.h"

#include <fmt/format.h>
#include <unistd.h>

#include <string>
#include <system_error>

namespace awl::cli {

namespace {

bool is_executable_file(const std::filesystem::path& path) {
  std::error_code error;
  return std::filesystem::is_regular_file(path, error) && ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

Result<std::filesystem::path> find_helper_program(std::string_view name) {
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) {
    return fail(
        ErrorKind::kNotFound,
        fmt::format("where awl itself lies cannot be found out from /proc/self/exe: {}", error.message()));
  }
  const std::filesystem::path here = self.parent_path();
  const std::string file = fmt::format("awl-{}", name);
  const std::filesystem::path candidates[] = {
      here / file, (here / AWL_LIBEXEC_FROM_BIN / file).lexically_normal(),
      here.parent_path() / name / file,  // apps/<name> of a build tree
  };
  std::string looked_at;
  for (const std::filesystem::path& candidate : candidates) {
    if (is_executable_file(candidate)) return candidate;
    looked_at += fmt::format("{}{}", looked_at.empty() ? "" : ", ", candidate.string());
  }
  return fail(ErrorKind::kNotFound, fmt::format("{} is not installed; looked for {}", file, looked_at),
              "Install awl again: its package brings this program along");
}

}  // namespace awl::cli
