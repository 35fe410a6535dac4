// What model, environment and command line decide about tools. Sources: mcp page, "Configure tool search";
// tools-reference, "Task tool availability".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.h"

namespace awl::agent {

/// Whether tools that are rarely needed wait behind ToolSearch.
struct ToolSearchPolicy {
  enum class Mode {
    kOff,   ///< every tool is offered from the start
    kOn,    ///< deferred tools wait
    kAuto,  ///< they wait when their definitions reach the threshold
  };
  Mode mode = Mode::kOff;
  int threshold_percent = 10;  ///< of the context window
  int64_t context_window = 200'000;
};

/// CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS switches it off, then ENABLE_TOOL_SEARCH (true, auto, auto:N,
/// false) decides; without it, it is on where `forwards_references`: the endpoint is known to take
/// tool_reference blocks.
ToolSearchPolicy choose_tool_search(const Environment& environment, bool forwards_references);

/// False for the models before the 4.5 generation, which know no tool_reference blocks.
bool knows_tool_references(std::string_view model_id);

/// Which tools keep track of work in several steps.
enum class TaskTools {
  kNone,
  kList,   ///< TaskCreate, TaskGet, TaskUpdate, TaskList
  kTodos,  ///< TodoWrite
};

/// Models from Opus 4.8, Sonnet 5, Fable 5 and Mythos 5 on do without them, unless
/// CLAUDE_CODE_ENABLE_TODO_TOOLS is on or one of them is among `named`, the tools of --allowedTools.
/// CLAUDE_CODE_ENABLE_TASKS=0 chooses TodoWrite.
TaskTools choose_task_tools(const Environment& environment, std::string_view model_id,
                            const std::vector<std::string>& named);

/// True for models that the mode auto exists with: from Opus 4.6, Sonnet 4.6 and Fable 5 on, on platforms
/// that are not `direct` (Amazon Bedrock, Microsoft Foundry) from Opus 4.7 and Sonnet 5 on. Source:
/// permission-modes page.
bool has_auto_mode(std::string_view model_id, bool direct);

/// TaskCreate, TaskGet, TaskUpdate or TaskList.
bool is_task_list_tool(std::string_view name);

}  // namespace awl::agent
