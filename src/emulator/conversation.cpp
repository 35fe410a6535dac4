#include "emulator/conversation.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/strings.h"

namespace awl::emulator {

namespace {

bool is_role(const json::Value& message, std::string_view role) {
  return json::string_or_empty(message, "role") == role;
}

bool has_tool_results(const json::Value& message) {
  const json::Value* content = json::find(message, "content");
  return content != nullptr && content->is_array() &&
         std::ranges::any_of(*content, [](const json::Value& block) {
           return json::string_or_empty(block, "type") == "tool_result";
         });
}

bool is_reminder(std::string_view text) { return trim(text).starts_with("<system-reminder>"); }

}  // namespace

std::string text_of(const json::Value& content) {
  if (content.is_string()) return content.get<std::string>();
  std::string text;
  if (!content.is_array()) return text;
  for (const json::Value& block : content) {
    if (json::string_or_empty(block, "type") != "text") continue;
    if (!text.empty()) text += '\n';
    text += json::string_or_empty(block, "text");
  }
  return text;
}

size_t turn_start(const json::Value& messages) {
  for (size_t i = messages.size(); i-- > 0;) {
    if (is_role(messages[i], "user") && !has_tool_results(messages[i])) return i;
  }
  return 0;
}

size_t answers_in_turn(const json::Value& messages) {
  size_t answers = 0;
  for (size_t i = turn_start(messages); i < messages.size(); ++i)
    answers += is_role(messages[i], "assistant") ? 1 : 0;
  return answers;
}

std::string question_of(const json::Value& messages) {
  const json::Value* content = json::find(messages[turn_start(messages)], "content");
  if (content == nullptr) return "";
  if (!content->is_array()) return text_of(*content);
  for (size_t i = content->size(); i-- > 0;) {
    const std::string text = json::string_or_empty((*content)[i], "text");
    if (!trim(text).empty() && !is_reminder(text)) return text;
  }
  return "";
}

std::vector<std::string> offered_tools(const json::Value& request) {
  std::vector<std::string> names;
  const json::Value* tools = json::find(request, "tools");
  if (tools == nullptr || !tools->is_array()) return names;
  for (const json::Value& tool : *tools) {
    if (std::string name = json::string_or_empty(tool, "name"); !name.empty())
      names.push_back(std::move(name));
  }
  return names;
}

}  // namespace awl::emulator
