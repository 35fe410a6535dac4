// Fields of front matter as people write them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "json/json.h"

namespace awl::extensions {

/// true and false, also as yes, no, on, off, 1, 0; nullopt: absent, or something else.
std::optional<bool> flag_field(const json::Value& fields, std::string_view key);
/// A text, number or flag as text; "" when absent.
std::string text_field(const json::Value& fields, std::string_view key);
/// Permission rules or names: a list, or a text of them with spaces or commas between, outside of brackets.
std::vector<std::string> rule_list(const json::Value& fields, std::string_view key);
/// The first paragraph of a text, on one line, without the marks of a heading.
std::string first_paragraph(std::string_view text);

}  // namespace awl::extensions
