#include "agent/subagents.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "agent/subagent_run.h"
#include "base/strings.h"
#include "base/uuid.h"

namespace awl::agent {

namespace {

tools::ToolResult started_result(const SubagentCall& call, const std::string& id, const std::string& model) {
  tools::ToolResult result;
  result.text = fmt::format(
      "The subagent {} works on this in the background. You will be told when it has ended; go on with "
      "something else, or end your turn.",
      id);
  result.structured_json = json::dump({{"status", "async_launched"},
                                       {"isAsync", true},
                                       {"agentId", id},
                                       {"description", call.description},
                                       {"prompt", call.prompt},
                                       {"resolvedModel", model}});
  return result;
}

std::string ended_notice(const std::string& id, const SubagentCall& call, const tools::ToolResult& result) {
  return fmt::format(
      "<task-notification>\n<task-id>{}</task-id>\n<tool-use-id>{}</tool-use-id>\n<status>{}</status>\n"
      "<summary>The subagent \"{}\" has {}.</summary>\n<result>{}</result>\n</task-notification>",
      id, call.tool_use_id, result.is_error ? "failed" : "completed", call.description,
      result.is_error ? "failed" : "ended", result.text);
}

}  // namespace

Subagents::Subagents(SubagentContext context, SubagentLimits limits)
    : context_(std::move(context)),
      limits_(std::move(limits)),
      changed_(context_.executor),
      background_(context_.executor) {}

Subagents::~Subagents() = default;

Task<tools::ToolResult> Subagents::run(SubagentCall call) {
  const extensions::AgentDefinition* type = context_.types.find(call.type);
  if (type == nullptr) {
    std::vector<std::string> names;
    for (const auto& other : context_.types.all()) names.push_back(other.name);
    co_return tools::ToolResult::error(
        fmt::format("There is no kind of subagent named {}. There are: {}.", call.type, join(names, ", ")));
  }
  if (running_ >= limits_.max_concurrent) {
    co_return tools::ToolResult::error(fmt::format(
        "{} subagents run already, as many as may. Do not try again before one has ended.", running_));
  }
  call.background = (call.background || type->background) && limits_.background && call.depth == 1;
  auto run = std::make_shared<SubagentRun>(context_, limits_, call, *type);
  ++running_;
  const auto leave = [this](void*) { --running_; };
  std::unique_ptr<void, decltype(leave)> at_end(this, leave);
  const auto ready = co_await run->prepare();
  if (!ready) co_return tools::ToolResult::error(describe(ready.error()));
  if (call.background) {
    at_end.release();
    background_.spawn(run_in_background(run));
    co_return started_result(call, run->id(), run->model());
  }
  auto result = co_await run->run();
  co_return result;
}

Task<> Subagents::run_in_background(std::shared_ptr<SubagentRun> run) {
  const auto leave = [this](void*) { --running_; };
  const std::unique_ptr<void, decltype(leave)> at_end(this, leave);
  const auto result = co_await run->run();
  ended_.push_back(ended_notice(run->id(), run->call(), result));
  changed_.notify_all();
  if (context_.on_ended) context_.on_ended();
}

std::optional<std::string> Subagents::take_ended() {
  if (ended_.empty()) return std::nullopt;
  std::string text = std::move(ended_.front());
  ended_.pop_front();
  return text;
}

Task<> Subagents::wait() {
  while (ended_.empty() && background_.size() > 0) co_await changed_.wait();
}

Task<> Subagents::stop_all() {
  background_.cancel();
  co_await background_.join();
}

}  // namespace awl::agent
