#include "agent/side_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "anthropic/conversation.h"

namespace awl::agent {

namespace {

constexpr int kMaxSideContinuations = 8;  // of an answer that the platform paused
constexpr int kMaxAttempts = 2;           // at an answer that broke off in the middle

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// What happens inside a side call is nobody's business but the tool's.
class SilentObserver final : public anthropic::CallObserver {
 public:
  void on_stream_event(std::string_view /*event_json*/) override {}
  void on_block(const anthropic::ContentBlock& /*block*/,
                const anthropic::MessageAssembler& /*assembler*/) override {}
  void on_retry(const anthropic::RetryNotice& /*notice*/) override {}
};

int64_t limit_output(int64_t wanted, const anthropic::ModelInfo& model) {
  if (wanted <= 0) return model.default_max_output;
  return model.max_output_limit == anthropic::kNoLimit ? wanted : std::min(wanted, model.max_output_limit);
}

class SideModelImpl final : public tools::SideModel {
 public:
  explicit SideModelImpl(SideModelContext context) : context_(std::move(context)) {}

  Task<Result<tools::SideAnswer>> ask(tools::SideQuestion question) override {
    const std::vector<std::string> blocks = anthropic::content_blocks(question.content_json);
    if (blocks.empty())
      co_return fail(ErrorKind::kInvalidInput, "A question to the side model has no content");
    const anthropic::RequestSettings settings = settings_for(question);
    const anthropic::RequestBuilder requests(context_.provider, settings);
    anthropic::Conversation conversation;
    conversation.add_user(blocks);

    tools::SideAnswer whole;
    for (int part = 0;; ++part) {
      const net::HttpRequest request = requests.build(conversation);
      auto called = co_await call(request, settings.model);
      AWL_CO_TRY(const anthropic::ModelAnswer answer, std::move(called));
      const std::vector<std::string> sent_back = take(answer, whole);
      if (answer.stop_reason != "pause_turn" || part == kMaxSideContinuations || sent_back.empty()) break;
      conversation.add_assistant(sent_back);
    }
    co_return whole;
  }

 private:
  anthropic::RequestSettings settings_for(const tools::SideQuestion& question) const {
    anthropic::RequestSettings settings = question.small ? context_.small : context_.main;
    if (!question.model.empty())
      settings = context_.for_model ? context_.for_model(question.model) : context_.small;
    settings.max_output_tokens = limit_output(question.max_output_tokens, settings.model.info);
    settings.cache.enabled = false;
    settings.reasoning = anthropic::least_reasoning(settings.model.info);
    settings.system_texts.clear();
    if (!question.system.empty()) settings.system_texts.push_back(question.system);
    settings.tool_definitions = question.server_tools;
    return settings;
  }

  Result<> check_budget() const {
    if (context_.max_budget_usd <= 0 || context_.ledger.total_cost_usd() < context_.max_budget_usd) return {};
    return fail(ErrorKind::kPermissionDenied,
                fmt::format("The budget of ${:.2f} (--max-budget-usd) is used up", context_.max_budget_usd));
  }

  Task<Result<anthropic::ModelAnswer>> call(const net::HttpRequest& request,
                                            const anthropic::ModelChoice& model) {
    SilentObserver observer;
    std::string cut;
    for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
      const auto affordable = check_budget();
      if (!affordable) co_return std::unexpected(affordable.error());
      const auto asked_at = steady_clock::now();
      auto answer = co_await context_.client.call(request, observer);
      if (!answer) co_return std::unexpected(std::move(answer).error().error);
      context_.ledger.add(model, answer->usage, duration_cast<milliseconds>(steady_clock::now() - asked_at));
      if (!answer->cut) co_return std::move(*answer);
      cut = answer->cut_reason;
    }
    co_return fail(ErrorKind::kNetwork, fmt::format("The answer of {} broke off: {}", model.id, cut));
  }

  // Adds a part to the whole answer; gives the blocks that a continuation sends back.
  static std::vector<std::string> take(const anthropic::ModelAnswer& answer, tools::SideAnswer& whole) {
    for (const anthropic::ContentBlock& block : answer.blocks) {
      whole.blocks_json.push_back(block.json);
      if (block.type == "text") whole.text += block.text;
    }
    whole.stop_reason = answer.stop_reason;
    return anthropic::sendable_blocks(answer.blocks);
  }

  SideModelContext context_;
};

}  // namespace

std::unique_ptr<tools::SideModel> make_side_model(SideModelContext context) {
  return std::make_unique<SideModelImpl>(std::move(context));
}

}  // namespace awl::agent
