#include "agent/turn.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "agent/outcome_text.h"
#include "base/strings.h"
#include "base/uuid.h"

namespace awl::agent {

namespace {

constexpr int kMaxContinuations = 3;  // in a row, of an answer that max_tokens cut off
constexpr int kMaxHeldUpStops = 8;
constexpr int kMaxPauses = 10;  // of the platform, in the middle of its own tools

constexpr std::string_view kGoOn =
    "Your answer was cut off by the limit on output tokens. Go on exactly where it stopped, without "
    "repeating "
    "anything.";
constexpr std::string_view kLostCall =
    "The limit on output tokens cut off your last tool call, so it was not run. Make it again, in smaller "
    "pieces.";
constexpr std::string_view kNoUsage = R"({"input_tokens":0,"output_tokens":0})";

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

hooks::HookCall make_stop_call(const SessionHooks& hooks, const std::string& event, bool held_up,
                               const std::string& text) {
  json::Value fields{{"stop_hook_active", held_up}, {"last_assistant_message", text}};
  if (event == "SubagentStop") fields["agent_transcript_path"] = hooks.facts().agent_transcript_path;
  return {event, event == "Stop" ? "" : hooks.facts().agent_type, json::dump(fields)};
}

bool ended_by_limit(const anthropic::ModelAnswer& answer) {
  return answer.stop_reason == "max_tokens" || answer.stop_reason == "model_context_window_exceeded";
}

bool uses_server_tools(const anthropic::ModelAnswer& answer) {
  return std::ranges::any_of(
      answer.blocks, [](const anthropic::ContentBlock& block) { return block.type == "server_tool_use"; });
}

}  // namespace

// Passes what happens inside a call on as events, and remembers what is complete.
class Turn::Observer final : public anthropic::CallObserver {
 public:
  explicit Observer(Turn& turn) : turn_(turn), emit_(turn.context_.emit) {}

  void on_stream_event(std::string_view event_json) override {
    emit_(protocol::StreamEvent{std::string(event_json)});
  }

  void on_block(const anthropic::ContentBlock& block, const anthropic::MessageAssembler& assembler) override {
    if (turn_.in_progress_id_ != assembler.message_id()) turn_.in_progress_.clear();
    turn_.in_progress_id_ = assembler.message_id();
    anthropic::ContentBlock copy;
    copy.type = block.type;
    copy.json = block.json;
    copy.text = block.text;
    copy.tool_use_id = block.tool_use_id;
    turn_.in_progress_.push_back(std::move(copy));
    emit_(protocol::AssistantBlock{make_uuid(), assembler.message_id(), assembler.model(), block.json,
                                   json::dump(assembler.usage_json()), ""});
  }

  void on_retry(const anthropic::RetryNotice& notice) override {
    emit_(protocol::RetryScheduled{notice.attempt, notice.max_retries, notice.delay, notice.cause.status,
                                   notice.cause.category, notice.cause.error.message});
  }

 private:
  Turn& turn_;
  const EmitEvent& emit_;
};

Task<std::expected<anthropic::ModelAnswer, anthropic::CallError>> Turn::ask() {
  Observer observer(*this);
  const ModelRoute& route = context_.routes[route_];
  auto too_long = co_await context_.guard.check(route.model, route.requests, context_.conversation);
  if (too_long) co_return std::unexpected(std::move(*too_long));
  const auto asked_at = steady_clock::now();
  const size_t counted_bytes = context_.conversation.counted_bytes();
  const net::HttpRequest request = route.requests.build(context_.conversation);
  std::optional<std::string> cache_problem;
  if (context_.prefix_watch != nullptr)
    cache_problem = context_.prefix_watch->check(route.requests.head(), context_.conversation);
  const anthropic::CallOptions options{.has_fallback = route_ + 1 < context_.routes.size()};
  auto answer = co_await context_.client.call(request, observer, options);
  in_progress_.clear();
  const auto took = duration_cast<milliseconds>(steady_clock::now() - asked_at);
  ended_.api_duration += took;
  if (answer) {
    ended_.usage += answer->usage;
    const double cost = context_.ledger.add(route.model, answer->usage, took);
    context_.guard.note(answer->usage, counted_bytes);
    context_.emit(protocol::CallEnded{answer->model, answer->usage, answer->ids, took, cost,
                                      cache_problem.value_or("")});
  }
  co_return answer;
}

Task<> Turn::run(std::vector<std::string> message_blocks, std::string message_uuid, std::string deferred) {
  if (!deferred.empty()) {
    const bool goes_on = co_await make_deferred_call(deferred);
    if (!goes_on) co_return;
  }
  // The API refuses a message without content, and would refuse it in every later request.
  if (message_blocks.empty() && deferred.empty()) {
    end_with_error("The message has no content.", "invalid_request");
    co_return;
  }
  if (!message_blocks.empty()) {
    context_.conversation.add_user(message_blocks, std::move(message_uuid));
    if (context_.recorder != nullptr) context_.recorder->on_sent(message_blocks);
  }
  first_size_ = context_.conversation.size();
  for (;;) {
    if (!makes_room()) co_return;
    if (context_.compaction.is_due(route_)) {
      const bool smaller = co_await compacts();
      if (!smaller) co_return;
    }
    auto answer = co_await ask();
    if (!answer && is_too_long(answer.error()) && compactions_ == 0 && context_.compaction.is_enabled() &&
        context_.conversation.size() > 1) {
      const bool smaller = co_await compacts();
      if (smaller) continue;
      co_return;
    }
    if (!answer) {
      if (falls_back(answer.error()) || is_relieved(answer.error()) || is_simplified(answer.error()) ||
          asks_for_less(answer.error()))
        continue;
      if (answer.error().category == "model_not_found" && answer.error().error.hint.empty())
        answer.error().error.hint = context_.routes[route_].not_found_hint;
      anthropic::advise(answer.error(), context_.advice);
      if (answer.error().category == "invalid_request") forget_message();
      ended_.api_error_status = answer.error().status;
      end_with_error(describe(answer.error().error), answer.error().category);
      co_return;
    }
    if (!context_.compaction.is_due(route_)) compactions_ = 0;
    const bool goes_on = co_await take(*answer);
    if (!goes_on) co_return;
  }
}

// A message of the product's own.
void Turn::add_message(std::string_view text) {
  const std::vector<std::string> blocks{anthropic::text_block(text)};
  context_.conversation.add_user(blocks);
  if (context_.recorder != nullptr) context_.recorder->on_added(blocks);
}

// True when the model is to be asked again.
Task<bool> Turn::take(anthropic::ModelAnswer& answer) {
  ended_.stop_reason = answer.stop_reason;
  if (answer.stop_reason == "refusal") co_return take_refusal(answer);
  if (answer.stop_reason != "max_tokens") continuations_ = 0;
  const bool lost_call = ended_by_limit(answer) && anthropic::drop_cut_call(answer.blocks);
  // No request with the results of the other calls would fit.
  if (answer.stop_reason == "model_context_window_exceeded") {
    std::erase_if(answer.blocks, [](const anthropic::ContentBlock& block) { return block.is_tool_use(); });
    anthropic::drop_loose_ends(answer.blocks);
  }
  keep(answer.blocks);
  if (answer.tool_calls().empty()) {
    if (goes_on(answer, lost_call)) co_return true;
    const bool held_up = co_await must_go_on(answer);
    if (held_up) co_return true;
    finish(answer);
    co_return false;
  }
  if (answer.cut) context_.emit(protocol::Notice{incomplete_notice(answer)});
  text_so_far_.clear();
  co_await run_tools(answer, lost_call);
  ++tool_rounds_;
  if (was_deferred()) co_return false;
  if (!context_.structured_output.value_json.empty()) {
    ended_.structured_output_json = std::exchange(context_.structured_output.value_json, "");
    ended_.text = ended_.structured_output_json;
    co_return false;
  }
  co_return !was_stopped() && !gave_up_on_output(answer) && !reached_limit();
}

// True when a hook, or the person by an answer, ended the turn after these tools.
bool Turn::was_stopped() {
  if (context_.tools.take_interrupt()) {
    set_interrupted();
    ended_.in_tools = true;
    return true;
  }
  const auto reason = context_.tools.take_stop();
  if (!reason) return false;
  if (!reason->empty()) context_.emit(protocol::Notice{"The turn was ended: " + *reason});
  end(protocol::TurnOutcome::kSuccess, "");
  return true;
}

// Stop hooks may want more of the model before the turn ends; `stop_hook_active` tells them of each other.
Task<bool> Turn::must_go_on(const anthropic::ModelAnswer& answer) {
  if (context_.hooks == nullptr || answer.cut || ended_by_limit(answer)) co_return false;
  const std::string event = context_.hooks->facts().agent_id.empty() ? "Stop" : "SubagentStop";
  if (!context_.hooks->has(event)) co_return false;
  const auto outcome =
      co_await context_.hooks->run(make_stop_call(*context_.hooks, event, stops_held_up_ > 0, answer.text()));
  if (outcome.stop) {
    if (!outcome.stop_reason.empty()) context_.emit(protocol::Notice{outcome.stop_reason});
    co_return false;
  }
  if (!outcome.blocked && outcome.contexts.empty()) co_return false;
  if (++stops_held_up_ > kMaxHeldUpStops) {
    context_.emit(protocol::Notice{
        fmt::format("{} hooks have held up the end of this turn {} times in a row: it ends now.", event,
                    kMaxHeldUpStops)});
    co_return false;
  }
  text_so_far_.clear();
  if (outcome.blocked)
    add_message(fmt::format("A {} hook does not let the turn end yet: {}", event, outcome.reason));
  for (const std::string& context : outcome.contexts)
    add_message(fmt::format("A {} hook says: {}", event, context));
  co_return true;
}

// What a model said before it refused is no answer: it is not kept.
bool Turn::take_refusal(const anthropic::ModelAnswer& answer) {
  if (context_.recorder != nullptr) context_.recorder->on_answer_forgotten(answer.message_id);
  const std::string model = context_.routes[route_].model.id;
  if (route_ == 0 && context_.switch_model(answer.stop_details)) {
    context_.emit(
        protocol::Notice{fmt::format("{} refused to answer this (category {}); the session goes on with {}.",
                                     model, answer.stop_details.category, context_.routes.front().model.id)});
    return true;
  }
  end_with_error(refusal_sentence(answer, model), "invalid_request");
  return false;
}

void Turn::keep(const std::vector<anthropic::ContentBlock>& blocks) {
  // Without it two messages of the user follow each other, which the API joins.
  const std::vector<std::string> sendable = anthropic::sendable_blocks(blocks);
  if (!sendable.empty()) context_.conversation.add_assistant(sendable);
}

void Turn::refuse(const Error& error) {
  if (context_.recorder != nullptr) context_.recorder->on_message_forgotten();
  end_with_error("This message was not sent: " + describe(error), "invalid_request");
}

void Turn::reject(const Error& error) {
  refuse(error);
  ended_.outcome = protocol::TurnOutcome::kImageError;
}

void Turn::end(protocol::TurnOutcome outcome, std::string text) {
  ended_.outcome = outcome;
  ended_.text = std::move(text);
}

// The sentence also stands where the answer would: in a message that no model wrote.
void Turn::end_with_error(const std::string& sentence, const std::string& category) {
  context_.emit(protocol::AssistantBlock{make_uuid(), "msg_" + make_uuid(), "<synthetic>",
                                         anthropic::text_block(sentence), std::string(kNoUsage), category});
  end(protocol::TurnOutcome::kApiError, sentence);
  error_category_ = category;
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

// A call of StructuredOutput that gave no value was not valid. True when that was the last try.
bool Turn::gave_up_on_output(const anthropic::ModelAnswer& answer) {
  const auto calls = answer.tool_calls();
  StructuredOutput& output = context_.structured_output;
  const bool tried = std::ranges::any_of(
      calls, [](const anthropic::ContentBlock* call) { return call->tool_name == kStructuredOutputTool; });
  if (!output.wanted || !tried || output.retries_left-- > 0) return false;
  end_without_output();
  return true;
}

void Turn::end_without_output() {
  end(protocol::TurnOutcome::kNoStructuredOutput,
      "The model did not give the structured output that --json-schema asks for.");
}

// True when an answer without tool calls is not the last one: it was cut by max_tokens, the platform paused,
// or the wanted output is missing.
bool Turn::goes_on(const anthropic::ModelAnswer& answer, bool lost_call) {
  if (answer.cut) return false;
  if (answer.stop_reason == "max_tokens" && continuations_ < kMaxContinuations) {
    ++continuations_;
    text_so_far_ += answer.text();
    add_message(lost_call ? kLostCall : kGoOn);
    return true;
  }
  // The answer goes back as it is, and the platform goes on with it.
  if (answer.stop_reason == "pause_turn" && uses_server_tools(answer) && pauses_ < kMaxPauses) {
    ++pauses_;
    text_so_far_ += answer.text();
    return true;
  }
  StructuredOutput& output = context_.structured_output;
  if (output.wanted && output.retries_left > 0 && answer.stop_reason == "end_turn") {
    --output.retries_left;
    add_message("Call the StructuredOutput tool now, with your answer as its input.");
    return true;
  }
  return false;
}

Task<> Turn::run_tools(const anthropic::ModelAnswer& answer, bool lost_call) {
  const std::vector<const anthropic::ContentBlock*> calls = answer.tool_calls();
  for (const anthropic::ContentBlock* call : calls) open_calls_.push_back(call->tool_use_id);
  auto on_finished = [this](const protocol::ToolFinished& finished) {
    ++tool_results_;
    finished_[finished.tool_use_id] = finished.result_block_json;
    context_.emit(finished);
  };
  std::vector<std::string> results = co_await context_.tools.run(calls, on_finished);
  if (context_.tools.has_deferred()) {
    // The transcript keeps the call open; this process, if it goes on, does not.
    context_.conversation.add_user({ToolRunner::interrupted_result(calls.front()->tool_use_id)});
    open_calls_.clear();
    co_return;
  }
  std::vector<std::string> behind;
  for (const std::string& notice : context_.take_notices()) behind.push_back(anthropic::text_block(notice));
  if (lost_call) behind.push_back(anthropic::text_block(kLostCall));
  if (context_.recorder != nullptr) context_.recorder->on_added_to_results(behind);
  results.insert(results.end(), behind.begin(), behind.end());
  context_.conversation.add_user(results);
  open_calls_.clear();
  finished_.clear();
}

void Turn::finish(const anthropic::ModelAnswer& answer) {
  const std::string text = text_so_far_ + answer.text();
  ended_.text = text;
  if (!answer.cut && !ended_by_limit(answer)) {
    if (context_.structured_output.wanted) end_without_output();
    return;
  }
  const std::string sentence = answer.cut ? incomplete_notice(answer) : limit_sentence(answer);
  const std::string category = answer.cut ? cut_category(answer) : "max_output_tokens";
  end_with_error(sentence, category);
  if (!text.empty()) ended_.text = text + "\n\n" + sentence;
}

}  // namespace awl::agent
