#include "markdown/front_matter.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include "base/strings.h"
#include "base/utf8.h"
#include "json/json.h"

namespace awl::markdown {

namespace {

constexpr size_t kMaxFrontMatterBytes = 256 << 10;
constexpr int kMaxYamlDepth = 20;

json::Value scalar_value(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  // A tag of "!" marks a quoted scalar.
  if (node.Tag() == "!") return to_utf8(text);
  if (text == "true") return true;
  if (text == "false") return false;
  if (text == "null" || text == "~" || text.empty()) return nullptr;
  if (const auto number = parse_integer(text)) return *number;
  return to_utf8(text);
}

json::Value to_value(const YAML::Node& node, int depth) {
  if (depth > kMaxYamlDepth) return nullptr;
  if (node.IsScalar()) return scalar_value(node);
  if (node.IsSequence()) {
    json::Value list = json::Value::array();
    for (const YAML::Node& item : node) list.push_back(to_value(item, depth + 1));
    return list;
  }
  if (!node.IsMap()) return nullptr;
  json::Value map = json::Value::object();
  for (const auto& entry : node) {
    if (entry.first.IsScalar()) map[to_utf8(entry.first.Scalar())] = to_value(entry.second, depth + 1);
  }
  return map;
}

// At the commas outside of brackets: "src/**/*.{ts,tsx}" is one part.
std::vector<std::string_view> split_list(std::string_view text) {
  std::vector<std::string_view> parts;
  size_t begin = 0;
  int depth = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (std::string_view("({[").contains(text[i])) ++depth;
    if (std::string_view(")}]").contains(text[i])) --depth;
    if (text[i] != ',' || depth > 0) continue;
    parts.push_back(text.substr(begin, i - begin));
    begin = i + 1;
  }
  parts.push_back(text.substr(begin));
  return parts;
}

void read_fields(std::string_view yaml, Document& document) {
  // The library reports by exceptions.
  try {
    const YAML::Node root = YAML::Load(std::string(yaml));
    if (root.IsNull()) return;
    if (!root.IsMap()) {
      document.problem = "the front matter is no mapping of keys to values";
      return;
    }
    document.fields = to_value(root, 0);
  } catch (const YAML::Exception& error) {
    document.problem =
        fmt::format("the front matter cannot be read: line {}: {}", error.mark.line + 2, error.msg);
  }
}

}  // namespace

Document parse_document(std::string_view text) {
  Document document;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const size_t first_line = text.find('\n');
  if (first_line == std::string_view::npos || trim(text.substr(0, first_line)) != "---") {
    document.body = text;
    return document;
  }
  for (size_t at = first_line + 1; at <= text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    if (trim(text.substr(at, end - at)) == "---") {
      if (at - first_line > kMaxFrontMatterBytes) {
        document.problem = "the front matter is too long";
      } else {
        read_fields(text.substr(first_line + 1, at - first_line - 1), document);
      }
      document.body = text.substr(std::min(end + 1, text.size()));
      return document;
    }
    at = end + 1;
  }
  document.body = text;  // a rule of dashes, not the beginning of front matter
  return document;
}

std::vector<std::string> text_list(const json::Value& fields, std::string_view key) {
  std::vector<std::string> parts;
  const json::Value* value = json::find(fields, key);
  if (value == nullptr) return parts;
  const auto add = [&parts](std::string_view text) {
    if (const std::string_view part = trim(text); !part.empty()) parts.emplace_back(part);
  };
  if (value->is_string()) {
    for (const std::string_view part : split_list(value->get_ref<const std::string&>())) add(part);
  } else if (value->is_array()) {
    for (const json::Value& item : *value) {
      if (item.is_string()) add(item.get_ref<const std::string&>());
    }
  }
  return parts;
}

}  // namespace awl::markdown
