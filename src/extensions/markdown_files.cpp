#include "extensions/markdown_files.h"

namespace awl::extensions {

namespace {

void add_markdown_files(const os::Path& folder, const std::string& folders, int depth_left,
                        std::vector<MarkdownFile>& files) {
  const auto names = os::list_directory(folder);
  if (!names) return;
  for (const std::string& name : *names) {
    if (name.starts_with(".")) continue;
    const os::Path path = folder / name;
    if (os::is_folder(path)) {
      if (depth_left > 0) add_markdown_files(path, folders + name + ":", depth_left - 1, files);
    } else if (name.ends_with(".md")) {
      files.push_back({path, name.substr(0, name.size() - 3), folders});
    }
  }
}

}  // namespace

std::vector<MarkdownFile> find_markdown_files(const os::Path& folder, int max_depth) {
  std::vector<MarkdownFile> files;
  add_markdown_files(folder, "", max_depth, files);
  return files;
}

}  // namespace awl::extensions
