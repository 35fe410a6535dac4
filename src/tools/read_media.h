// The parts of Read that are not about text: images and PDF files.
#pragma once

#include <string>

#include "async/task.h"
#include "tools/session.h"
#include "tools/tool.h"

namespace awl::tools {

struct MediaFile {
  os::Path path;
  std::string shown;  ///< the path as it was given
  uint64_t size_bytes = 0;
};

Task<ToolResult> read_image(MediaFile file, Session& session);

/// `pages` as the model gave it; empty: the whole file, when it is short.
Task<ToolResult> read_pdf(MediaFile file, std::string pages, Session& session);

}  // namespace awl::tools
