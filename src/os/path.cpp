#include "os/path.h"

namespace awl::os {

namespace {

constexpr int kMostLinks = 40;  // as the kernel

// weakly_canonical takes a link to what does not exist for a plain missing name. Gives where the first such
// link of `path` leads, with the rest of `path` after it; empty when there is none.
Path follow_dangling_link(const Path& path) {
  std::error_code error;
  Path head;
  for (auto part = path.begin(); part != path.end(); ++part) {
    head /= *part;
    if (!std::filesystem::is_symlink(head, error)) continue;
    Path target = head.parent_path() / std::filesystem::read_symlink(head, error);
    if (error) return {};
    while (++part != path.end()) target /= *part;
    return target;
  }
  return {};
}

}  // namespace

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
  if (error) return path.lexically_normal();
  for (int links = 0; links < kMostLinks; ++links) {
    const Path next = follow_dangling_link(resolved);
    if (next.empty()) return resolved;
    resolved = std::filesystem::weakly_canonical(next, error);
    if (error) return next.lexically_normal();
  }
  return resolved;
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
