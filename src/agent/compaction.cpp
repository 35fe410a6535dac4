#include "agent/compaction.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "base/uuid.h"

namespace awl::agent {

namespace {

// What the answer to the next request, and the request for a summary, need.
constexpr int64_t kAnswerReserve = 20'000;
constexpr int64_t kSummaryReserve = 13'000;
constexpr size_t kKeptBytesPerToken = 3;

constexpr std::string_view kAskForSummary =
    "The conversation is about to be cut: whoever goes on will see nothing of it but what you write now. "
    "Write, as plain text and "
    "without calling a tool, all that is needed to go on without a loss: what the person wants, in their "
    "words where it matters; "
    "what was decided and why; which files were read, changed or made, with the parts of code that still "
    "matter; which commands "
    "were run and what they gave; what failed and how it was solved; what is still to be done, and the very "
    "next step.";

class UnseenObserver final : public anthropic::CallObserver {
 public:
  void on_stream_event(std::string_view /*event_json*/) override {}
  void on_block(const anthropic::ContentBlock& /*block*/,
                const anthropic::MessageAssembler& /*assembler*/) override {}
  void on_retry(const anthropic::RetryNotice& /*notice*/) override {}
};

std::string summary_message(std::string_view summary) {
  return fmt::format(
      "The conversation so far grew too long and was replaced by this summary. Go on from it without asking "
      "the person about what "
      "it already says.\n\n{}",
      trim(summary));
}

}  // namespace

int64_t Compaction::threshold(size_t route) const {
  if (!policy_.enabled || !policy_.automatic || route >= context_.routes.size()) return 0;
  const anthropic::ModelChoice& model = context_.routes[route].model;
  if (!model.window_is_sure && !policy_.guess_window) return 0;
  const int64_t window =
      policy_.window > 0 ? std::min(policy_.window, model.context_window) : model.context_window;
  int64_t threshold = window - kAnswerReserve - kSummaryReserve;
  if (policy_.percent > 0) threshold = std::min(threshold, window * policy_.percent / 100);
  return std::max<int64_t>(threshold, 1);
}

bool Compaction::is_due(size_t route) const {
  if (context_.conversation.size() < 2) return false;  // nothing to make a summary of
  const int64_t limit = threshold(route);
  return limit > 0 && context_.guard.estimate(context_.conversation) >= limit;
}

// The last exchange: a round of tools with its calls, the person's last message, or that and its answer.
size_t Compaction::count_kept() const {
  const anthropic::Conversation& conversation = context_.conversation;
  const size_t size = conversation.size();
  if (size < 3) return size == 1 ? 1 : 0;
  const bool results_last = conversation.is_from_user(size - 1) &&
                            conversation.bytes_of(size - 1).contains(R"("type":"tool_result")");
  const bool answer_last = !conversation.is_from_user(size - 1);
  const size_t kept = results_last || answer_last ? 2 : 1;
  // An answer whose question is a round of tools cannot stand without that round's calls.
  const bool splits_a_round =
      answer_last && conversation.bytes_of(size - 2).contains(R"("type":"tool_result")");
  size_t bytes = 0;
  for (size_t i = size - kept; i < size; ++i) bytes += conversation.bytes_of(i).size();
  const auto quarter = static_cast<size_t>(context_.routes.front().model.context_window / 4);
  return splits_a_round || (kept == 2 && bytes / kKeptBytesPerToken > quarter) ? 0 : kept;
}

Task<Result<>> Compaction::run(size_t route, std::string trigger, std::string wishes,
                               std::optional<size_t> kept) {
  if (!policy_.enabled)
    co_return fail(ErrorKind::kInvalidInput, "Compaction is switched off by DISABLE_COMPACT");
  if (context_.conversation.size() < 2)
    co_return fail(ErrorKind::kInvalidInput, "There are not enough messages to compact");
  context_.emit(protocol::CompactionStarted{});
  if (context_.hooks != nullptr) {
    const json::Value fields{{"trigger", trigger}, {"custom_instructions", wishes}};
    const auto said = co_await context_.hooks->run({"PreCompact", trigger, json::dump(fields)});
    if (said.blocked) {
      const Error refused{ErrorKind::kPermissionDenied,
                          "a PreCompact hook stopped the compaction: " + said.reason, "", ""};
      context_.emit(protocol::CompactionEnded{.error = describe(refused)});
      co_return std::unexpected(refused);
    }
  }
  const int64_t tokens_before = context_.guard.estimate(context_.conversation);
  anthropic::Conversation question = context_.conversation;
  if (kept) question.keep_first(question.size() - std::min(*kept, question.size()));
  auto summary = co_await ask_for_summary(context_.routes[route], std::move(question),
                                          std::string(kAskForSummary), wishes);
  if (!summary) {
    context_.emit(protocol::CompactionEnded{.error = describe(summary.error())});
    co_return std::unexpected(std::move(summary).error());
  }
  replace(trigger, tokens_before, *summary, kept.value_or(count_kept()));
  if (context_.hooks != nullptr) {
    const json::Value fields{{"trigger", trigger}, {"compact_summary", *summary}};
    co_await context_.hooks->run({"PostCompact", trigger, json::dump(fields)});
    co_await context_.hooks->start_session("compact", context_.routes[route].model.id);
  }
  co_return Result<>{};
}

Task<Result<std::string>> Compaction::sum_up_from(size_t message, std::string wishes) {
  const std::string text = fmt::format(
      "{}\n\nOnly the end of the conversation will be cut, from the person's message on that follows here: "
      "what "
      "came before it stays. Write about nothing else.\n\n{}",
      kAskForSummary, context_.conversation.bytes_of(message));
  auto summary = co_await ask_for_summary(context_.routes.front(), context_.conversation, text, wishes);
  co_return summary;
}

Task<Result<std::string>> Compaction::ask_for_summary(const ModelRoute& route,
                                                      anthropic::Conversation question, std::string text,
                                                      const std::string& wishes) {
  if (!trim(wishes).empty()) text += fmt::format("\n\nThe person wishes for this summary: {}", trim(wishes));
  question.add_user({anthropic::text_block(text)});
  const net::HttpRequest request = route.requests.build(question);
  UnseenObserver observer;
  const auto asked_at = std::chrono::steady_clock::now();
  auto answer = co_await context_.client.call(request, observer);
  if (!answer) co_return std::unexpected(std::move(answer).error().error);
  const auto took =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - asked_at);
  context_.ledger.add(route.model, answer->usage, took);
  if (answer->cut) co_return fail(ErrorKind::kNetwork, "the summary broke off: " + answer->cut_reason);
  if (trim(answer->text()).empty())
    co_return fail(ErrorKind::kApi,
                   fmt::format("the model gave no summary (stop reason: {})", answer->stop_reason));
  co_return answer->text();
}

void Compaction::replace(const std::string& trigger, int64_t tokens_before, const std::string& summary,
                         size_t kept_count) {
  anthropic::Conversation& conversation = context_.conversation;
  std::vector<std::string> blocks = context_.reminders();
  for (std::string& block : blocks) block = anthropic::text_block(block);
  const std::string text = summary_message(summary);
  blocks.push_back(anthropic::text_block(text));
  conversation.replace_start(blocks, kept_count);
  context_.guard.forget();
  const protocol::CompactionEnded ended{
      .uuid = make_uuid(), .trigger = trigger, .pre_tokens = tokens_before, .summary = text, .error = ""};
  if (context_.recorder != nullptr) {
    std::vector<session::KeptMessage> kept;
    for (size_t i = 1; i < conversation.size(); ++i)
      kept.push_back({conversation.is_from_user(i), std::string(conversation.bytes_of(i))});
    context_.recorder->on_compacted(ended, blocks, kept);
  }
  context_.emit(ended);
}

}  // namespace awl::agent
