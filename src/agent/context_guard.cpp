#include "agent/context_guard.h"

#include <fmt/format.h>

namespace awl::agent {

namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Code and JSON have more than two bytes a token in every tokenizer: an estimate that errs on the long side.
constexpr size_t kBytesPerToken = 2;
constexpr int64_t kNearPercent = 90;

anthropic::CallError too_long(int64_t tokens, const anthropic::ModelChoice& model) {
  return {{ErrorKind::kApi,
           fmt::format("Prompt is too long: {} tokens, and the context window of {} holds {}", tokens,
                       model.id, model.context_window),
           "Nothing was sent. Start a new session, or give less text, fewer files or fewer tools", ""},
          std::nullopt,
          "invalid_request",
          {}};
}

}  // namespace

Task<std::optional<anthropic::CallError>> ContextGuard::check(const anthropic::ModelChoice& model,
                                                              const anthropic::RequestBuilder& requests,
                                                              const anthropic::Conversation& conversation) {
  if (counter_ == nullptr || !model.window_is_sure) co_return std::nullopt;
  const size_t bytes = conversation.counted_bytes();
  const size_t new_bytes =
      known_tokens_ > 0 && bytes >= known_bytes_ ? bytes - known_bytes_ : bytes + requests.fixed_bytes();
  const int64_t before = known_tokens_ > 0 && bytes >= known_bytes_ ? known_tokens_ : 0;
  const int64_t estimate = before + static_cast<int64_t>(new_bytes / kBytesPerToken);
  if (estimate < model.context_window / 100 * kNearPercent) co_return std::nullopt;

  const auto asked_at = steady_clock::now();
  const auto count = co_await counter_->count(requests, conversation);
  if (!count) co_return std::nullopt;
  if (count->spent)
    ledger_.add(model, *count->spent, duration_cast<milliseconds>(steady_clock::now() - asked_at));
  known_tokens_ = count->input_tokens;
  known_bytes_ = bytes;
  if (count->input_tokens < model.context_window) co_return std::nullopt;
  co_return too_long(count->input_tokens, model);
}

int64_t ContextGuard::estimate(const anthropic::Conversation& conversation) const {
  // Errs less than above: nobody is refused by it.
  constexpr size_t kUsualBytesPerToken = 3;
  const size_t bytes = conversation.counted_bytes();
  if (known_tokens_ > 0 && bytes >= known_bytes_)
    return known_tokens_ + static_cast<int64_t>((bytes - known_bytes_) / kUsualBytesPerToken);
  return static_cast<int64_t>(bytes / kUsualBytesPerToken);
}

void ContextGuard::note(const anthropic::TokenUsage& usage, size_t counted_bytes) {
  known_tokens_ = usage.input_tokens + usage.cache_read_input_tokens + usage.cache_creation_input_tokens;
  known_bytes_ = counted_bytes;
}

}  // namespace awl::agent
