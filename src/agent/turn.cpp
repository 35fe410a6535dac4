#include "agent/turn.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "base/uuid.h"

namespace awl::agent {

namespace {

constexpr int kMaxContinuations = 3;  // of an answer that max_tokens cut off

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

Task<std::expected<anthropic::ModelAnswer, anthropic::CallError>> Turn::ask() {
  EmittingObserver observer(context_.emit);
  const ModelRoute& route = context_.routes[route_];
  const auto asked_at = steady_clock::now();
  const net::HttpRequest request = route.requests.build(context_.conversation);
  const anthropic::CallOptions options{.has_fallback = route_ + 1 < context_.routes.size()};
  auto answer = co_await context_.client.call(request, observer, options);
  const auto took = duration_cast<milliseconds>(steady_clock::now() - asked_at);
  ended_.api_duration += took;
  if (answer) {
    ended_.usage += answer->usage;
    context_.ledger.add(route.model, answer->usage, took);
  }
  co_return answer;
}

// True when the next model takes over: this one is overloaded or broken, which another may not be.
bool Turn::falls_back(const anthropic::CallError& error) {
  const bool unavailable = error.category == "overloaded" || error.category == "server_error" ||
                           error.category == "model_not_found";
  if (!unavailable || route_ + 1 >= context_.routes.size()) return false;
  const std::string& from = context_.routes[route_].model.id;
  const std::string& to = context_.routes[++route_].model.id;
  context_.emit(protocol::Notice{
      fmt::format("{} is not available; {} answers in this turn. ({})", from, to, error.error.message)});
  return true;
}

Task<> Turn::run(std::vector<std::string> message_blocks) {
  context_.conversation.add_user(message_blocks);
  for (;;) {
    auto answer = co_await ask();
    if (!answer) {
      if (falls_back(answer.error())) continue;
      end(protocol::TurnOutcome::kApiError, describe(answer.error().error));
      ended_.api_error_status = answer.error().status;
      co_return;
    }

    std::vector<std::string> blocks;
    for (const anthropic::ContentBlock& block : answer->blocks) {
      if (block.can_be_sent_back()) blocks.push_back(block.json);
    }
    if (!blocks.empty()) context_.conversation.add_assistant(blocks);
    ended_.stop_reason = answer->stop_reason;
    if (tool_calls(*answer).empty()) {
      if (goes_on(*answer)) continue;
      finish(*answer);
      co_return;
    }
    co_await run_tools(*answer);
    ++tool_rounds_;
    if (!context_.structured_output.value_json.empty()) {
      ended_.structured_output_json = std::exchange(context_.structured_output.value_json, "");
      ended_.text = ended_.structured_output_json;
      co_return;
    }
    if (reached_limit()) co_return;
  }
}

void Turn::end(protocol::TurnOutcome outcome, std::string text) {
  ended_.outcome = outcome;
  ended_.text = std::move(text);
}

bool Turn::reached_limit() {
  if (context_.max_turns > 0 && tool_rounds_ >= context_.max_turns) {
    end(protocol::TurnOutcome::kMaxTurns,
        fmt::format("The limit of {} turns (--max-turns) was reached.", context_.max_turns));
    return true;
  }
  if (context_.max_budget_usd > 0 && context_.ledger.total_cost_usd() >= context_.max_budget_usd) {
    end(protocol::TurnOutcome::kMaxBudget,
        fmt::format("The budget of ${:.2f} (--max-budget-usd) is used up: ${:.4f}.", context_.max_budget_usd,
                    context_.ledger.total_cost_usd()));
    return true;
  }
  return false;
}

// True when an answer without tool calls is not the last one: it was cut by max_tokens, or the wanted output
// is missing.
bool Turn::goes_on(const anthropic::ModelAnswer& answer) {
  if (answer.stop_reason == "max_tokens" && continuations_ < kMaxContinuations) {
    ++continuations_;
    text_so_far_ += text_of(answer);
    context_.conversation.add_user(
        {anthropic::text_block("Your answer was cut off by the limit on output tokens. Go on exactly where "
                               "it stopped, without repeating anything.")});
    return true;
  }
  StructuredOutput& output = context_.structured_output;
  if (output.wanted && output.retries_left > 0 && answer.stop_reason == "end_turn") {
    --output.retries_left;
    context_.conversation.add_user(
        {anthropic::text_block("Call the StructuredOutput tool now, with your answer as its input.")});
    return true;
  }
  return false;
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
  ended_.text = text_so_far_ + text_of(answer);
  if (answer.cut) {
    end(protocol::TurnOutcome::kApiError,
        fmt::format("{}\n\nThe connection broke in mid-response: {}. The response above may be incomplete.",
                    ended_.text, answer.cut_reason));
  } else if (answer.stop_reason == "refusal") {
    end(protocol::TurnOutcome::kApiError,
        ended_.text.empty() ? "The model refused to answer this (stop reason: refusal)." : ended_.text);
  } else if (answer.stop_reason == "max_tokens") {
    end(protocol::TurnOutcome::kApiError, fmt::format("{}\n\nThe answer is longer than the limit on output "
                                                      "tokens; it ends here. CLAUDE_CODE_MAX_OUTPUT_TOKENS "
                                                      "sets the limit.",
                                                      ended_.text));
  } else if (context_.structured_output.wanted) {
    end(protocol::TurnOutcome::kNoStructuredOutput,
        "The model did not give the structured output that --json-schema asks for.");
  }
}

void Turn::close() {
  if (open_calls_.empty()) return;
  std::vector<std::string> results;
  for (const std::string& id : open_calls_) results.push_back(ToolRunner::interrupted_result(id));
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
  ended.duration = duration_cast<milliseconds>(steady_clock::now() - started_);
  ended.total_cost_usd = context_.ledger.total_cost_usd();
  ended.model_usage = context_.ledger.by_model();
  ended.permission_denials = context_.tools.take_denials();
  return ended;
}

}  // namespace awl::agent
