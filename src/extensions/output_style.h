// Output styles: what people want the system prompt to say about how the model answers.
// Source: product documentation, "output-styles".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "os/file.h"

namespace awl::extensions {

struct OutputStyle {
  std::string name;
  std::string text;
  bool keeps_coding_instructions = false;
};

/// The style of that name: in the folders given, the first one first, then built in; letter case counts for
/// files alone. nullopt: there is none. "default" is none, too.
std::optional<OutputStyle> find_output_style(const std::string& name, const std::vector<os::Path>& folders);
/// The names of all that there are, "default" first.
std::vector<std::string> list_output_styles(const std::vector<os::Path>& folders);

}  // namespace awl::extensions
