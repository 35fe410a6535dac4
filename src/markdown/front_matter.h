// The YAML block at the top of a Markdown file: rules, commands, skills and agents begin with one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"

namespace awl::markdown {

struct Document {
  json::Value fields = json::Value::object();  ///< of the front matter; {} when there is none
  std::string body;                            ///< what follows it
  std::string problem;  ///< why the front matter was not read; empty: it was, or there is none
};

/// Cuts the text apart. Front matter stands between `---` in the first line and the next line `---`; what is
/// no mapping of YAML is a problem, and its fields are empty. Scalars that are plain numbers, true or false
/// have that type, quoted ones are text.
Document parse_document(std::string_view text);

/// A field that may be one text, a list of texts, or a text with commas (outside of brackets): its parts,
/// trimmed.
std::vector<std::string> text_list(const json::Value& fields, std::string_view key);

}  // namespace awl::markdown
