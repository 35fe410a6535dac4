// A request as the sequence of blocks that prompt caching sees: tools, then system, then messages.
// Source: platform docs, "Prompt caching".
#pragma once

#include <functional>
#include <string>

#include "json/json.h"

namespace awl::emulator {

struct PromptBlock {
  enum class Level { kTools, kSystem, kMessages };
  Level level = Level::kTools;
  const json::Value* value = nullptr;  ///< a tool, a block, or the string that stands for a text block
  std::string role;                    ///< kMessages
  bool begins_message = false;
};

void for_each_prompt_block(const json::Value& request, const std::function<void(const PromptBlock&)>& visit);

}  // namespace awl::emulator
