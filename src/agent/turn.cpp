#include "agent/turn.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "base/uuid.h"

namespace awl::agent {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Passes what happens inside a call on as events.
class EmittingObserver final : public anthropic::CallObserver {
 public:
  explicit EmittingObserver(const EmitEvent& emit) : emit_(emit) {}

  void on_stream_event(std::string_view event_json) override {
    emit_(protocol::StreamEvent{std::string(event_json)});
  }

  void on_block(const anthropic::ContentBlock& block, const anthropic::MessageAssembler& assembler) override {
    emit_(protocol::AssistantBlock{make_uuid(), assembler.message_id(), assembler.model(), block.json,
                                   json::dump(assembler.usage_json())});
  }

  void on_retry(const anthropic::RetryNotice& notice) override {
    emit_(protocol::RetryScheduled{notice.attempt, notice.max_retries, notice.delay, notice.cause.status,
                                   notice.cause.category, notice.cause.error.message});
  }

 private:
  const EmitEvent& emit_;
};

std::vector<const anthropic::ContentBlock*> tool_calls(const anthropic::ModelAnswer& answer) {
  std::vector<const anthropic::ContentBlock*> calls;
  for (const anthropic::ContentBlock& block : answer.blocks) {
    if (block.is_tool_use()) calls.push_back(&block);
  }
  return calls;
}

std::string text_of(const anthropic::ModelAnswer& answer) {
  std::string text;
  for (const anthropic::ContentBlock& block : answer.blocks) {
    if (block.type != "text" || block.text.empty()) continue;
    if (!text.empty()) text += "\n";
    text += block.text;
  }
  return text;
}

}  // namespace

Task<> Turn::run(std::vector<std::string> message_blocks) {
  context_.conversation.add_user(message_blocks);
  EmittingObserver observer(context_.emit);
  for (;;) {
    const auto asked_at = steady_clock::now();
    const net::HttpRequest request = context_.requests.build(context_.conversation);
    auto answer = co_await context_.client.call(request, observer);
    const auto took = duration_cast<milliseconds>(steady_clock::now() - asked_at);
    ended_.api_duration += took;
    if (!answer) {
      ended_.outcome = protocol::TurnOutcome::kApiError;
      ended_.text = describe(answer.error().error);
      ended_.api_error_status = answer.error().status;
      co_return;
    }
    ended_.usage += answer->usage;
    context_.ledger.add(context_.model, answer->usage, took);

    std::vector<std::string> blocks;
    for (const anthropic::ContentBlock& block : answer->blocks) {
      if (block.can_be_sent_back()) blocks.push_back(block.json);
    }
    if (!blocks.empty()) context_.conversation.add_assistant(blocks);
    if (tool_calls(*answer).empty()) {
      finish(*answer);
      co_return;
    }
    ended_.stop_reason = answer->stop_reason;
    co_await run_tools(*answer);
    ++tool_rounds_;
    if (context_.max_turns > 0 && tool_rounds_ >= context_.max_turns) {
      ended_.outcome = protocol::TurnOutcome::kMaxTurns;
      ended_.text = fmt::format("The limit of {} turns (--max-turns) was reached.", context_.max_turns);
      co_return;
    }
  }
}

Task<> Turn::run_tools(const anthropic::ModelAnswer& answer) {
  const std::vector<const anthropic::ContentBlock*> calls = tool_calls(answer);
  for (const anthropic::ContentBlock* call : calls) open_calls_.push_back(call->tool_use_id);
  auto on_finished = [this](const protocol::ToolFinished& finished) {
    ++tool_results_;
    context_.emit(finished);
  };
  std::vector<std::string> results = co_await context_.tools.run(calls, on_finished);
  for (const std::string& notice : context_.take_notices()) results.push_back(anthropic::text_block(notice));
  context_.conversation.add_user(results);
  open_calls_.clear();
}

void Turn::finish(const anthropic::ModelAnswer& answer) {
  ended_.text = text_of(answer);
  ended_.stop_reason = answer.stop_reason;
  if (answer.stop_reason == "refusal") {
    ended_.outcome = protocol::TurnOutcome::kApiError;
    if (ended_.text.empty()) ended_.text = "The model refused to answer this (stop reason: refusal).";
  }
  if (answer.cut) {
    context_.emit(protocol::Notice{
        fmt::format("The connection broke in the middle of the answer: {}. What is above may be incomplete.",
                    answer.cut_reason)});
  }
}

void Turn::close() {
  if (open_calls_.empty()) return;
  std::vector<std::string> results;
  for (const std::string& id : open_calls_) results.push_back(ToolRunner::interrupted_result(id));
  context_.conversation.add_user(results);
  open_calls_.clear();
}

void Turn::set_interrupted() {
  ended_.outcome = protocol::TurnOutcome::kInterrupted;
  ended_.text = "Interrupted.";
}

protocol::TurnEnded Turn::summary() const {
  protocol::TurnEnded ended = ended_;
  ended.num_turns = tool_results_ + 1;
  ended.duration = duration_cast<milliseconds>(steady_clock::now() - started_);
  ended.total_cost_usd = context_.ledger.total_cost_usd();
  ended.model_usage = context_.ledger.by_model();
  ended.permission_denials = context_.tools.take_denials();
  return ended;
}

}  // namespace awl::agent
