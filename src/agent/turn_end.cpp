// How a turn ends other than with an answer: broken off, or put off until later.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "agent/turn.h"

namespace awl::agent {

// False: the turn is over.
Task<bool> Turn::make_deferred_call(const std::string& block_json) {
  anthropic::ModelAnswer answer;
  const auto parsed = json::parse(block_json);
  if (!parsed) co_return true;
  anthropic::ContentBlock block{.type = "tool_use", .json = block_json, .text = {}};
  block.tool_use_id = json::string_or_empty(*parsed, "id");
  block.tool_name = json::string_or_empty(*parsed, "name");
  const json::Value* input = json::find(*parsed, "input");
  block.tool_input = input == nullptr ? json::Value::object() : *input;
  if (!context_.tools.has_tool(block.tool_name)) {
    context_.conversation.add_user({ToolRunner::interrupted_result(block.tool_use_id)});
    end_with_error(
        fmt::format("The tool {}, whose call was put off, is not there any more.", block.tool_name),
        "invalid_request");
    ended_.stop_reason = "tool_deferred_unavailable";
    ended_.deferred_call_json =
        json::dump({{"id", block.tool_use_id}, {"name", block.tool_name}, {"input", block.tool_input}});
    co_return false;
  }
  answer.blocks.push_back(std::move(block));
  co_await run_tools(answer, false);
  co_return !was_deferred() && !was_stopped();
}

bool Turn::was_deferred() {
  ended_.deferred_call_json = context_.tools.take_deferred();
  if (ended_.deferred_call_json.empty()) return false;
  ended_.stop_reason = "tool_deferred";
  return true;
}

void Turn::close() {
  ended_.in_tools = !open_calls_.empty();
  if (!in_progress_.empty()) {
    anthropic::drop_loose_ends(in_progress_);
    keep(in_progress_);
    for (const anthropic::ContentBlock& block : in_progress_) {
      if (block.is_tool_use()) open_calls_.push_back(block.tool_use_id);
    }
    in_progress_.clear();
  }
  if (open_calls_.empty()) return;
  std::vector<std::string> results;
  for (const std::string& id : open_calls_) {
    const auto found = finished_.find(id);
    results.push_back(found == finished_.end() ? ToolRunner::interrupted_result(id)
                                               : std::move(found->second));
  }
  context_.conversation.add_user(results);
  open_calls_.clear();
}

void Turn::set_failed(std::string_view cause) {
  end(protocol::TurnOutcome::kApiError,
      fmt::format("An internal error ended the turn: {}. This is a bug in Awl.", cause));
}

void Turn::set_interrupted() {
  ended_.outcome = protocol::TurnOutcome::kInterrupted;
  ended_.text = "Interrupted.";
}

protocol::TurnEnded Turn::summary() const {
  protocol::TurnEnded ended = ended_;
  ended.num_turns = tool_results_ + 1;
  ended.duration =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started_);
  ended.total_cost_usd = context_.ledger.total_cost_usd();
  ended.model_usage = context_.ledger.by_model();
  ended.permission_denials = context_.tools.take_denials();
  return ended;
}

}  // namespace awl::agent
