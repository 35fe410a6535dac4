// The Grep tool without its process: arguments for ripgrep, and what is made of its output.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "json/json.h"
#include "tools/tool.h"

namespace awl::tools {

struct GrepRequest {
  enum class Mode { kFiles, kContent, kCount };
  std::string pattern;
  Mode mode = Mode::kFiles;
  std::vector<std::string> globs;
  std::string type;
  bool ignore_case = false;
  bool line_numbers = true;
  bool multiline = false;
  size_t before = 0;
  size_t after = 0;
  size_t head_limit = 250;  ///< entries; 0: as many as fit
  size_t offset = 0;
};

/// Errors: kInvalidInput.
Result<GrepRequest> to_grep_request(const json::Value& input);

/// The command line. `target` is relative to the working folder and begins with "./", or is ".".
std::vector<std::string> grep_arguments(const GrepRequest& request, const std::string& target);

/// A file's path as ripgrep wrote it, made what the model sees.
using ShowPath = std::function<std::string(std::string_view)>;

/// The files of `--files-with-matches --null`.
std::vector<std::string> split_files(std::string_view output);

// Results. `output` is what ripgrep wrote; each file's lines are together, the files in any order.
ToolResult shape_files(const GrepRequest& request, const std::vector<std::string>& shown_files);
ToolResult shape_content(const GrepRequest& request, std::string_view output, const ShowPath& show);
ToolResult shape_counts(const GrepRequest& request, std::string_view output, const ShowPath& show);

}  // namespace awl::tools
