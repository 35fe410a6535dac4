#include "os/path.h"

namespace awl::os {

Path absolute_path(std::string_view text, const Path& cwd, const Path& home) {
  Path path;
  if (text == "~") {
    path = home;
  } else if (text.starts_with("~/")) {
    path = home / text.substr(2);
  } else {
    path = cwd / text;
  }
  path = path.lexically_normal();
  // "a/" normalises to "a/" with an empty last component.
  if (!path.has_filename() && path != path.root_path()) path = path.parent_path();
  return path;
}

Path resolve_links(const Path& path) {
  std::error_code error;
  Path resolved = std::filesystem::weakly_canonical(path, error);
  return error ? path.lexically_normal() : resolved;
}

bool is_within(const Path& path, const Path& folder) {
  auto part = path.begin();
  for (const Path& component : folder) {
    if (component.empty()) continue;  // a trailing slash
    if (part == path.end() || *part != component) return false;
    ++part;
  }
  return true;
}

}  // namespace awl::os
