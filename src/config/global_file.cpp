#include "config/global_file.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "base/strings.h"
#include "config/shared_file.h"
#include "json/json.h"

namespace awl::config {

namespace {

constexpr size_t kKept = 5;
constexpr std::string_view kBackup = ".claude.json.backup.";
constexpr std::string_view kCorrupted = ".claude.json.corrupted.";

bool is_object(std::string_view text) {
  const auto parsed = json::parse(text);
  return parsed && parsed->is_object();
}

// Oldest first: the names end with the time in milliseconds.
std::vector<std::string> list_copies(const os::Path& folder, std::string_view prefix) {
  std::vector<std::string> names;
  for (std::string& name : os::list_directory(folder).value_or(std::vector<std::string>())) {
    if (name.starts_with(prefix)) names.push_back(std::move(name));
  }
  return names;
}

// A copy that cannot be kept is no reason to keep a change back.
void keep_copy(const os::Path& folder, std::string_view prefix, std::string_view contents) {
  if (!os::make_directories(folder, 0700)) return;
  auto time = system_clock_now().time_since_epoch().count();
  while (os::path_exists(folder / fmt::format("{}{}", prefix, time))) ++time;
  static_cast<void>(os::write_file_atomic(folder / fmt::format("{}{}", prefix, time), contents, 0600));
  const std::vector<std::string> names = list_copies(folder, prefix);
  for (size_t i = 0; i + kKept < names.size(); ++i) ::unlink((folder / names[i]).c_str());
}

// The latest copy that is good; "" when there is none.
std::string latest_copy(const os::Path& folder) {
  std::vector<std::string> names = list_copies(folder, kBackup);
  for (auto name = names.rbegin(); name != names.rend(); ++name) {
    if (auto contents = os::read_file(folder / *name); contents && is_object(*contents))
      return std::move(*contents);
  }
  return "";
}

}  // namespace

Result<> update_global_file(const Locations& locations,
                            const std::function<Result<std::string>(std::string_view)>& change) {
  const os::Path folder = locations.claude_dir / "backups";
  return update_file(locations.global_file, [&](std::string_view written) -> Result<std::string> {
    std::string before(written);
    const bool is_blank = trim(before).empty();
    if (!is_blank && !is_object(before)) {
      keep_copy(folder, kCorrupted, before);
      before = latest_copy(folder);
    }
    AWL_TRY(std::string after, change(before));
    if (!is_blank && after != written && is_object(written)) keep_copy(folder, kBackup, written);
    return after;
  });
}

Result<> update_shared_file(const Locations& locations, const os::Path& file,
                            const std::function<Result<std::string>(std::string_view)>& change) {
  return file == locations.global_file ? update_global_file(locations, change) : update_file(file, change);
}

}  // namespace awl::config
