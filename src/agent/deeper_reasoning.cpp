#include "agent/deeper_reasoning.h"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "anthropic/conversation.h"
#include "base/strings.h"
#include "json/json.h"

namespace awl::agent {

namespace {

constexpr std::string_view kKeyword = "ultrathink";
constexpr std::string_view kReminder =
    "<system-reminder>\nThe person wants this turn reasoned through with particular care. Take as much "
    "thought "
    "as it needs before you act or answer.\n</system-reminder>";

bool is_part_of_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool has_keyword(const std::string& text) {
  const std::string lower = to_lower(text);
  for (size_t at = lower.find(kKeyword); at != std::string::npos; at = lower.find(kKeyword, at + 1)) {
    const size_t end = at + kKeyword.size();
    const bool begins = at == 0 || !is_part_of_word(lower[at - 1]);
    const bool ends = end == lower.size() || !is_part_of_word(lower[end]);
    if (begins && ends) return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> deeper_reasoning_block(const std::vector<std::string>& blocks) {
  const bool asked = std::any_of(blocks.begin(), blocks.end(), [](const std::string& block) {
    // Parsed only when it may matter: blocks may be large.
    if (to_lower(block).find(kKeyword) == std::string::npos) return false;
    const auto parsed = json::parse(block);
    return parsed && json::string_or_empty(*parsed, "type") == "text" &&
           has_keyword(json::string_or_empty(*parsed, "text"));
  });
  if (!asked) return std::nullopt;
  return anthropic::text_block(kReminder);
}

}  // namespace awl::agent
