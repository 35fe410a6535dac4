#include "agent/message_blocks.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "json/json.h"

namespace awl::agent {

namespace {

bool is_blank_text(const std::string& text) {
  const auto block = json::parse(text);
  return block && json::get_string(*block, "type") == "text" &&
         trim(json::string_or_empty(*block, "text")).empty();
}

}  // namespace

bool is_blank(const std::vector<std::string>& blocks) {
  return !blocks.empty() && std::ranges::all_of(blocks, is_blank_text);
}

std::string text_of(const std::vector<std::string>& blocks) {
  std::string text;
  for (const std::string& written : blocks) {
    const auto block = json::parse(written);
    if (!block || json::string_or_empty(*block, "type") != "text") continue;
    text += (text.empty() ? "" : "\n") + json::string_or_empty(*block, "text");
  }
  return text;
}

void drop_blank_texts(std::vector<std::string>& blocks) { std::erase_if(blocks, is_blank_text); }

Result<> check_blocks(const std::vector<std::string>& blocks) {
  for (size_t i = 0; i < blocks.size(); ++i) {
    const auto block = json::parse(blocks[i]);
    if (block && block->is_object() && json::get_string(*block, "type")) continue;
    return fail(ErrorKind::kInvalidInput,
                fmt::format("block {} of its content is not an object with a type", i + 1),
                R"(A block of text is {"type":"text","text":"…"})");
  }
  return {};
}

}  // namespace awl::agent
