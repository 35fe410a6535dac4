// The ways in which a hook runs. Each ends with a HookRun, whatever happens, but for cancellation.
#pragma once

#include "hooks/hook_output.h"
#include "hooks/hook_runner.h"

namespace awl::hooks {

struct HandlerCall {
  const HookHandler& handler;
  const std::string& event;
  const std::string& input_json;
  const std::string& tool_use_id;
  std::chrono::milliseconds limit;
  const HookRunnerOptions& options;
};

Task<HookRun> run_command_hook(HandlerCall call);
Task<HookRun> run_http_hook(HandlerCall call);
/// Prompt hooks; agent hooks, which get no tools yet, are judged the same way.
Task<HookRun> run_model_hook(HandlerCall call);
Task<HookRun> run_mcp_hook(HandlerCall call);
Task<HookRun> run_callback_hook(HandlerCall call);

/// "The hook did not end within 30 s."
HookRun timed_out(std::chrono::milliseconds limit);
HookRun failed(std::string cause);

}  // namespace awl::hooks
