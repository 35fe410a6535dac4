#include "headless/debug_output.h"

#include <fmt/format.h>

#include "base/columns.h"
#include "base/secret.h"
#include "base/strings.h"
#include "headless/tool_label.h"

namespace awl::headless {

namespace {

constexpr size_t kMaxLineBytes = 2'000;

class DebugOutput final : public Output {
 public:
  DebugOutput(Output& inner, DebugLog& log) : inner_(inner), log_(log) {}

  void on_event(const protocol::Event& event) override {
    std::visit([this](const auto& e) { note(e); }, event);
    inner_.on_event(event);
  }
  void finish() override {
    inner_.finish();
    log_.write("turn", "the run has ended");
  }

 private:
  void note(const protocol::MessageAccepted& e) {
    log_.write("turn", fmt::format("message {} of {} bytes", e.uuid, e.content_json.size()));
  }
  void note(const protocol::SessionStarted& e) {
    log_.write("turn",
               fmt::format("begins: model {}, mode {}, folder {}", e.model, e.permission_mode, e.cwd));
  }
  void note(const protocol::StreamEvent& /*e*/) {}
  void note(const protocol::AssistantBlock& e) {
    const std::string label = tool_label(e.block_json);
    log_.write("api", fmt::format("block of message {}: {}", e.message_id, label.empty() ? "text" : label));
  }
  void note(const protocol::ToolFinished& e) {
    log_.write("tools", fmt::format("result of {}: {} bytes", e.tool_use_id, e.result_block_json.size()));
  }
  void note(const protocol::RetryScheduled& e) {
    log_.write("api", fmt::format("attempt {} of {} in {} ms, status {}, {}: {}", e.attempt, e.max_retries,
                                  e.delay.count(), e.status ? std::to_string(*e.status) : "none", e.category,
                                  e.message));
  }
  void note(const protocol::TaskStarted& e) { log_.write("tools", "task " + e.task_id + " begins"); }
  void note(const protocol::TaskChanged& e) { log_.write("tools", "task " + e.task_id + " " + e.status); }
  void note(const protocol::TurnEnded& e) {
    log_.write("turn",
               fmt::format("ends: {}, {} turns, {} ms, of which {} ms in calls, ${:.4f}{}",
                           terminal_reason(e), e.num_turns, e.duration.count(), e.api_duration.count(),
                           e.total_cost_usd, e.is_error() ? ": " + e.text : ""));
  }
  void note(const protocol::HookStarted& e) {
    log_.write("hooks", fmt::format("{} {} begins", e.name, e.hook_id));
  }
  void note(const protocol::HookEnded& e) {
    log_.write("hooks", fmt::format("{} {} ends: {}, exit code {}\nstdout: {}\nstderr: {}", e.name, e.hook_id,
                                    e.outcome, e.exit_code, e.out, e.err));
  }
  void note(const protocol::CallEnded& e) {
    const anthropic::TokenUsage& usage = e.usage;
    log_.write(
        "api",
        fmt::format("answer of {} after {} ms: {} tokens from the cache, {} into it, {} beside it, {} out{}",
                    e.model, e.took.count(), usage.cache_read_input_tokens, usage.cache_creation_input_tokens,
                    usage.input_tokens, usage.output_tokens, describe(e.ids)));
    if (!e.cache_problem.empty()) log_.write("cache", e.cache_problem);
  }
  void note(const protocol::Notice& e) { log_.write("turn", "notice: " + e.text); }
  // What a newer core tells is not in the log until somebody adds it.
  template <typename Other>
  void note(const Other& /*other*/) {}

  Output& inner_;
  DebugLog& log_;
};

}  // namespace

DebugLog::DebugLog(std::unique_ptr<ByteSink> file, std::string_view filter, Clock clock)
    : file_(std::move(file)), filter_(filter), clock_(std::move(clock)) {}

bool DebugLog::wants(std::string_view category) const {
  bool any_wanted = false;
  for (std::string_view part : split(filter_, ',')) {
    part = trim(part);
    if (part.empty()) continue;
    if (part.starts_with('!')) {
      if (part.substr(1) == category) return false;
      continue;
    }
    if (part == category) return true;
    any_wanted = true;
  }
  return !any_wanted;
}

void DebugLog::write(std::string_view category, std::string_view text) {
  if (!wants(category)) return;
  file_->write(fmt::format("{} [{}] {}\n", format_iso8601(clock_()), category,
                           redact(printable(text, kMaxLineBytes))));
}

std::unique_ptr<Output> make_debug_output(Output& inner, DebugLog& log) {
  return std::make_unique<DebugOutput>(inner, log);
}

}  // namespace awl::headless
