#include "headless/tool_label.h"

#include <nlohmann/json.hpp>

#include "base/utf8.h"
#include "json/json.h"

namespace awl::headless {

namespace {

constexpr size_t kMaxLabelBytes = 160;

json::Value parse_tool_use(std::string_view block_json) {
  auto block = json::parse(block_json);
  if (!block || json::get_string(*block, "type") != "tool_use") return {};
  return std::move(*block);
}

}  // namespace

std::string printable(std::string_view text, size_t max_bytes) {
  const std::string valid = to_utf8(text.substr(0, std::min(text.size(), max_bytes * 2)));
  std::string line;
  for (size_t i = 0; i < valid.size(); ++i) {
    const auto c = static_cast<unsigned char>(valid[i]);
    // C1 controls are two bytes in UTF-8, and some terminals obey them.
    const bool c1 = c == 0xC2 && i + 1 < valid.size() && static_cast<unsigned char>(valid[i + 1]) < 0xA0;
    if (c1) ++i;
    if (c < 0x20 || c == 0x7F || c1) {
      if (!line.empty() && line.back() != ' ') line += ' ';
    } else if (c != ' ' || line.empty() || line.back() != ' ') {
      line += static_cast<char>(c);
    }
  }
  if (line.size() > max_bytes) line = std::string(utf8_prefix(line, max_bytes)) + "…";
  return line;
}

std::string tool_label(std::string_view block_json) {
  const json::Value block = parse_tool_use(block_json);
  if (block.is_null()) return "";
  std::string label = printable(json::string_or_empty(block, "name"), kMaxLabelBytes);
  const json::Value* input = json::find(block, "input");
  if (input == nullptr) return label;
  for (const char* key :
       {"command", "file_path", "notebook_path", "pattern", "url", "query", "description"}) {
    const auto value = json::get_string(*input, key);
    if (value && !value->empty()) return label + ": " + printable(*value, kMaxLabelBytes);
  }
  return label;
}

std::string tool_call_id(std::string_view block_json) {
  const json::Value block = parse_tool_use(block_json);
  return block.is_null() ? "" : json::string_or_empty(block, "id");
}

}  // namespace awl::headless
