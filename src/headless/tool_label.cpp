#include "headless/tool_label.h"

#include <nlohmann/json.hpp>

#include "base/columns.h"
#include "json/json.h"
#include "protocol/call_subject.h"

namespace awl::headless {

namespace {

constexpr size_t kMaxLabelBytes = 160;

json::Value parse_tool_use(std::string_view block_json) {
  auto block = json::parse(block_json);
  if (!block || json::get_string(*block, "type") != "tool_use") return {};
  return std::move(*block);
}

}  // namespace

std::string tool_label(std::string_view block_json) {
  const json::Value block = parse_tool_use(block_json);
  if (block.is_null()) return "";
  std::string label = printable(json::string_or_empty(block, "name"), kMaxLabelBytes);
  const json::Value* input = json::find(block, "input");
  if (input == nullptr) return label;
  const std::string subject = printable(protocol::call_subject(*input), kMaxLabelBytes);
  return subject.empty() ? label : label + ": " + subject;
}

std::string tool_call_id(std::string_view block_json) {
  const json::Value block = parse_tool_use(block_json);
  return block.is_null() ? "" : json::string_or_empty(block, "id");
}

}  // namespace awl::headless
