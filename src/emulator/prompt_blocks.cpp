#include "emulator/prompt_blocks.h"

#include <nlohmann/json.hpp>

namespace awl::emulator {

namespace {

using Visit = std::function<void(const PromptBlock&)>;

void visit_list(const json::Value* list, PromptBlock block, const Visit& visit) {
  if (list == nullptr) return;
  block.begins_message = block.level == PromptBlock::Level::kMessages;
  if (!list->is_array()) {
    if (!list->is_string()) return;
    block.value = list;
    visit(block);
    return;
  }
  for (const json::Value& element : *list) {
    block.value = &element;
    visit(block);
    block.begins_message = false;
  }
}

}  // namespace

void for_each_prompt_block(const json::Value& request, const Visit& visit) {
  visit_list(json::find(request, "tools"), {.level = PromptBlock::Level::kTools}, visit);
  visit_list(json::find(request, "system"), {.level = PromptBlock::Level::kSystem}, visit);
  const json::Value* messages = json::find(request, "messages");
  if (messages == nullptr || !messages->is_array()) return;
  for (const json::Value& message : *messages) {
    PromptBlock block{.level = PromptBlock::Level::kMessages};
    block.role = json::string_or_empty(message, "role");
    visit_list(json::find(message, "content"), block, visit);
  }
}

}  // namespace awl::emulator
