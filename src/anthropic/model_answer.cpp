#include "anthropic/model_answer.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace awl::anthropic {

namespace {

bool is_thinking(const ContentBlock& block) {
  return block.type == "thinking" || block.type == "redacted_thinking";
}

std::string string_field(const ContentBlock& block, std::string_view key) {
  const auto parsed = json::parse(block.json);
  return parsed ? json::string_or_empty(*parsed, key) : "";
}

}  // namespace

std::vector<const ContentBlock*> ModelAnswer::tool_calls() const {
  std::vector<const ContentBlock*> calls;
  for (const ContentBlock& block : blocks) {
    if (block.is_tool_use()) calls.push_back(&block);
  }
  return calls;
}

std::string ModelAnswer::text() const {
  std::string text;
  for (const ContentBlock& block : blocks) {
    if (block.type != "text" || block.text.empty()) continue;
    if (!text.empty()) text += "\n";
    text += block.text;
  }
  return text;
}

void drop_loose_ends(std::vector<ContentBlock>& blocks) {
  std::set<std::string> answered;
  for (const ContentBlock& block : blocks) {
    if (block.type.ends_with("_tool_result")) answered.insert(string_field(block, "tool_use_id"));
  }
  std::erase_if(blocks, [&answered](const ContentBlock& block) {
    return block.type == "server_tool_use" && !answered.contains(string_field(block, "id"));
  });
  while (!blocks.empty() && is_thinking(blocks.back())) blocks.pop_back();
}

std::vector<std::string> sendable_blocks(const std::vector<ContentBlock>& blocks) {
  std::vector<std::string> sendable;
  size_t without_loose_thinking = 0;
  for (const ContentBlock& block : blocks) {
    if (!block.can_be_sent_back()) continue;
    sendable.push_back(block.json);
    if (!is_thinking(block)) without_loose_thinking = sendable.size();
  }
  sendable.resize(without_loose_thinking);
  return sendable;
}

bool drop_cut_call(std::vector<ContentBlock>& blocks) {
  const bool cut = !blocks.empty() && blocks.back().is_tool_use();
  if (cut) blocks.pop_back();
  while (!blocks.empty() && is_thinking(blocks.back())) blocks.pop_back();
  return cut;
}

}  // namespace awl::anthropic
