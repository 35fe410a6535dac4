#include "extensions/front_matter_fields.h"

#include <nlohmann/json.hpp>

#include "base/strings.h"

namespace awl::extensions {

std::string text_field(const json::Value& fields, std::string_view key) {
  const json::Value* value = json::find(fields, key);
  if (value == nullptr || value->is_null()) return "";
  if (value->is_string()) return std::string(trim(value->get<std::string>()));
  // `argument-hint: [issue]` is a list to YAML.
  return json::dump(*value);
}

std::optional<bool> flag_field(const json::Value& fields, std::string_view key) {
  const std::string word = to_lower(text_field(fields, key));
  if (word == "true" || word == "yes" || word == "on" || word == "1") return true;
  if (word == "false" || word == "no" || word == "off" || word == "0") return false;
  return std::nullopt;
}

std::vector<std::string> rule_list(const json::Value& fields, std::string_view key) {
  std::vector<std::string> rules;
  const json::Value* value = json::find(fields, key);
  if (value == nullptr) return rules;
  if (value->is_array()) {
    for (const json::Value& item : *value) {
      if (item.is_string() && !trim(item.get<std::string>()).empty())
        rules.emplace_back(trim(item.get<std::string>()));
    }
    return rules;
  }
  if (!value->is_string()) return rules;
  const std::string text = value->get<std::string>();
  std::string part;
  int depth = 0;
  for (const char c : text + ",") {
    if (c == '(') ++depth;
    if (c == ')' && depth > 0) --depth;
    const bool separates = depth == 0 && (c == ',' || c == ' ' || c == '\n' || c == '\t');
    if (!separates) part += c;
    if (separates && !part.empty()) rules.push_back(std::exchange(part, ""));
  }
  return rules;
}

std::string first_paragraph(std::string_view text) {
  std::string paragraph;
  for (std::string_view line : split(text, '\n')) {
    line = trim(line);
    if (line.empty() && !paragraph.empty()) break;
    while (line.starts_with('#')) line.remove_prefix(1);
    line = trim(line);
    if (line.empty()) continue;
    if (!paragraph.empty()) paragraph += ' ';
    paragraph += line;
  }
  return paragraph;
}

}  // namespace awl::extensions
