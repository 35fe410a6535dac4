#include "headless/progress.h"

#include <fmt/format.h>

#include "base/columns.h"
#include "base/duration_text.h"
#include "headless/tool_label.h"

namespace awl::headless {

namespace {

constexpr size_t kMaxReasonBytes = 120;

}  // namespace

void Progress::on_event(const protocol::Event& event, Time now) {
  if (const auto* started = std::get_if<protocol::SessionStarted>(&event)) {
    *this = Progress();
    running_ = true;
    started_ = now;
    model_ = printable(started->model, kMaxReasonBytes);
    phase_ = "Waiting for " + model_;
  } else if (const auto* stream = std::get_if<protocol::StreamEvent>(&event)) {
    note_stream_event(stream->event_json);
  } else if (const auto* block = std::get_if<protocol::AssistantBlock>(&event)) {
    if (std::string id = tool_call_id(block->block_json); !id.empty())
      tools_.insert_or_assign(std::move(id), tool_label(block->block_json));
  } else if (const auto* finished = std::get_if<protocol::ToolFinished>(&event)) {
    finished_tools_ += static_cast<int>(tools_.erase(finished->tool_use_id));
    if (tools_.empty()) phase_ = "Waiting for " + model_;
  } else if (const auto* retry = std::get_if<protocol::RetryScheduled>(&event)) {
    retry_ = fmt::format("Retry {} of {}", retry->attempt, retry->max_retries);
    retry_reason_ = printable(retry->message, kMaxReasonBytes);
    retry_at_ = now + retry->delay;
  } else if (std::holds_alternative<protocol::TurnEnded>(event)) {
    running_ = false;
  }
}

// Looks for the few words that tell the phases apart; nothing depends on them but what is shown.
void Progress::note_stream_event(const std::string& event_json) {
  retry_.clear();
  const std::string_view head = std::string_view(event_json).substr(0, 200);
  if (!head.contains("content_block_start")) return;
  if (head.contains("thinking\"")) {
    phase_ = "Thinking";
  } else if (head.contains("\"text\"")) {
    phase_ = "Writing";
  } else if (head.contains("tool_use\"")) {
    phase_ = "Calling a tool";
  }
}

std::string Progress::activity(Time now) const {
  if (!retry_.empty() && retry_at_ > now) {
    return fmt::format("{} in {}: {}", retry_,
                       describe_duration(retry_at_ - now + std::chrono::milliseconds(999)), retry_reason_);
  }
  if (tools_.empty()) return phase_;
  std::string text = tools_.size() > 1 ? fmt::format("{} calls: ", tools_.size()) : "";
  bool first = true;
  for (const auto& [id, label] : tools_) {
    if (!std::exchange(first, false)) text += ", ";
    text += label;
  }
  return text;
}

ProgressText Progress::describe(Time now) const {
  if (!running_) return {};
  std::string tail;
  if (finished_tools_ > 0)
    tail += fmt::format(" · {} call{} done", finished_tools_, finished_tools_ == 1 ? "" : "s");
  return {activity(now), tail + " · " + describe_duration(now - started_)};
}

}  // namespace awl::headless
