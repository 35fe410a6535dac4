// The Markdown files of a folder, which name commands and agents.
#pragma once

#include <string>
#include <vector>

#include "os/file.h"

namespace awl::extensions {

struct MarkdownFile {
  os::Path path;
  std::string name;     ///< without ".md"
  std::string folders;  ///< those between, each with a colon: "web:admin:"
};

/// All below a folder, in the order of their names, down to `max_depth` folders; hidden ones are left out.
/// Empty when the folder is not there.
std::vector<MarkdownFile> find_markdown_files(const os::Path& folder, int max_depth);

}  // namespace awl::extensions
