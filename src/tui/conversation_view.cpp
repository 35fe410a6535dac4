#include "tui/conversation_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/columns.h"
#include "base/duration_text.h"
#include "base/strings.h"
#include "tui/markdown.h"
#include "tui/tool_view.h"

namespace awl::tui {

namespace {

constexpr size_t kMaxEarlier = 30;      // messages
constexpr size_t kMaxPromptLines = 40;  // of one that is shown
constexpr int kLiveTextLines = 12;
constexpr std::string_view kMark = "● ";

std::string describe_tokens(int64_t tokens) {
  return tokens < 1000 ? fmt::format("{}", tokens)
                       : fmt::format("{:.1f}k", static_cast<double>(tokens) / 1000);
}

// The texts of a message's content, as the person wrote them.
std::string text_of(const json::Value& content) {
  if (content.is_string()) return content.get<std::string>();
  std::string text;
  if (!content.is_array()) return text;
  for (const json::Value& block : content) {
    const std::string type = json::string_or_empty(block, "type");
    if (!text.empty()) text += '\n';
    text += type == "text" ? json::string_or_empty(block, "text") : fmt::format("[{}]", type);
  }
  return text;
}

bool is_reminder(std::string_view text) { return text.starts_with("<system-reminder>"); }

}  // namespace

void ConversationView::print(std::vector<std::string> lines) {
  printed_.insert(printed_.end(), std::make_move_iterator(lines.begin()),
                  std::make_move_iterator(lines.end()));
}

void ConversationView::print_apart(std::vector<std::string> lines) {
  printed_.emplace_back();
  print(std::move(lines));
}

void ConversationView::say(std::string_view text, int columns) {
  print_apart(wrap("  " + theme_.paint(kDim, clean(text)), columns, "  "));
}

void ConversationView::show_plan(std::string_view markdown, int columns) {
  std::vector<std::string> lines{theme_.paint(kAccent, horizontal_rule(columns - 1))};
  for (std::string& line : render_markdown(clean(markdown), columns - 2, theme_))
    lines.push_back("  " + std::move(line));
  print_apart(std::move(lines));
}

void ConversationView::show_prompt(const std::string& content_json, int columns) {
  const auto content = json::parse(content_json);
  std::string text = content ? clean(text_of(*content)) : "";
  while (text.ends_with('\n')) text.pop_back();
  auto lines = wrap(theme_.paint(kBold, text), columns - 2);
  if (lines.size() > kMaxPromptLines) {
    lines.resize(kMaxPromptLines);
    lines.emplace_back("…");
  }
  for (size_t i = 0; i < lines.size(); ++i)
    lines[i] = (i == 0 ? theme_.paint(kAccent, "❯ ") : "  ") + lines[i];
  print_apart(std::move(lines));
}

void ConversationView::show_answer(std::string_view markdown, int columns) {
  auto lines = render_markdown(markdown, columns - 2, theme_);
  if (lines.empty()) return;
  for (std::string& line : lines) {
    const bool first = !std::exchange(text_began_, true);
    line = (first ? std::string(kMark) : "  ") + line;
  }
  print_apart(std::move(lines));
}

void ConversationView::show_earlier(const std::vector<session::RestoredMessage>& messages, int columns) {
  const size_t first = messages.size() > kMaxEarlier ? messages.size() - kMaxEarlier : 0;
  if (first > 0) say(fmt::format("… {} earlier messages", first), columns);
  for (size_t i = first; i < messages.size(); ++i) {
    for (const std::string& written : messages[i].blocks) {
      const auto block = json::parse(written);
      if (!block) continue;
      const std::string type = json::string_or_empty(*block, "type");
      const std::string text = json::string_or_empty(*block, "text");
      if (type == "text" && messages[i].from_user) {
        if (!is_reminder(text)) show_prompt(json::quote(text), columns);
      } else if (type == "text") {
        text_began_ = false;
        show_answer(text, columns);
      } else if (type == "tool_use") {
        const json::Value* input = json::find(*block, "input");
        print_apart({std::string(kMark) + tool_title(json::string_or_empty(*block, "name"),
                                                     input == nullptr ? json::Value() : *input, columns - 2,
                                                     theme_)});
      }
    }
  }
}

void ConversationView::on_event(const protocol::Event& event, int columns, Time now) {
  if (const auto* accepted = std::get_if<protocol::MessageAccepted>(&event)) {
    show_prompt(accepted->content_json, columns);
  } else if (const auto* started = std::get_if<protocol::SessionStarted>(&event)) {
    busy_ = true;
    answered_ = false;
    turn_started_ = now;
    turn_output_ = 0;
    model_ = started->model;
    mode_ = started->permission_mode;
    phase_ = "Waiting for the model";
  } else if (const auto* stream = std::get_if<protocol::StreamEvent>(&event)) {
    retry_.clear();
    on_stream(stream->event_json);
    // Whole blocks stay; what may still change is drawn below.
    const std::string_view rest = std::string_view(text_).substr(text_printed_);
    if (const size_t finished = finished_markdown(rest); finished > 0) {
      show_answer(rest.substr(0, finished), columns);
      text_printed_ += finished;
    }
  } else if (const auto* block = std::get_if<protocol::AssistantBlock>(&event)) {
    on_block(*block, columns, now);
  } else if (const auto* result = std::get_if<protocol::ToolFinished>(&event)) {
    on_result(*result, columns);
  } else if (const auto* retry = std::get_if<protocol::RetryScheduled>(&event)) {
    retry_ = fmt::format("{}: attempt {} of {} in {}", printable(retry->message, 200), retry->attempt,
                         retry->max_retries, describe_duration(retry->delay));
  } else if (std::holds_alternative<protocol::CompactionStarted>(event)) {
    phase_ = "Summarising the conversation";
  } else if (const auto* compacted = std::get_if<protocol::CompactionEnded>(&event)) {
    print_apart({theme_.paint(
        kDim, compacted->error.empty()
                  ? "── the conversation so far was summarised ──"
                  : cut_to_columns("not summarised: " + printable(compacted->error, 400), columns))});
  } else if (const auto* mode = std::get_if<protocol::ModeChanged>(&event)) {
    mode_ = mode->permission_mode;
  } else if (const auto* call = std::get_if<protocol::CallEnded>(&event)) {
    const anthropic::TokenUsage& usage = call->usage;
    turn_output_ += usage.output_tokens;
    context_tokens_ = usage.input_tokens + usage.cache_read_input_tokens + usage.cache_creation_input_tokens +
                      usage.output_tokens;
  } else if (const auto* task = std::get_if<protocol::TaskChanged>(&event)) {
    say(fmt::format("○ {}: {}", task->status, task->summary), columns);
  } else if (const auto* notice = std::get_if<protocol::Notice>(&event)) {
    print_apart(wrap("  " + theme_.paint(kWarning, clean(notice->text)), columns, "  "));
    last_notice_ = notice->text;
  } else if (const auto* ended = std::get_if<protocol::TurnEnded>(&event)) {
    on_turn_end(*ended, columns);
  }
}

void ConversationView::on_stream(const std::string& event_json) {
  const auto event = json::parse(event_json);
  if (!event) return;
  const std::string type = json::string_or_empty(*event, "type");
  if (type == "content_block_start") {
    const json::Value* block = json::find(*event, "content_block");
    const std::string of_block = block == nullptr ? "" : json::string_or_empty(*block, "type");
    text_.clear();
    text_printed_ = 0;
    text_began_ = false;
    phase_ = of_block == "thinking"   ? "Thinking"
             : of_block == "tool_use" ? "Preparing a tool call"
                                      : "Answering";
  } else if (type == "content_block_delta") {
    const json::Value* delta = json::find(*event, "delta");
    if (delta != nullptr && json::string_or_empty(*delta, "type") == "text_delta")
      text_ += json::string_or_empty(*delta, "text");
  } else if (type == "message_start") {
    phase_ = "Waiting for the model";
  }
}

void ConversationView::on_block(const protocol::AssistantBlock& event, int columns, Time now) {
  const auto block = json::parse(event.block_json);
  if (!block) return;
  const std::string type = json::string_or_empty(*block, "type");
  if (!event.parent_tool_use_id.empty()) {
    if (const auto call = calls_.find(event.parent_tool_use_id); call != calls_.end() && type == "tool_use")
      ++call->second.inner_calls;
    return;
  }
  if (type == "text") {
    if (!event.error.empty()) {
      print_apart(wrap(theme_.paint(kBad, clean(json::string_or_empty(*block, "text"))), columns));
    } else {
      finish_text(json::string_or_empty(*block, "text"), columns);
    }
    answered_ = true;
  } else if (type == "tool_use") {
    const json::Value* input = json::find(*block, "input");
    calls_[json::string_or_empty(*block, "id")] = {json::string_or_empty(*block, "name"),
                                                   input == nullptr ? json::Value() : *input, now};
    phase_ = "Working";
    answered_ = true;
  }
}

// What was not shown of a text while it streamed.
void ConversationView::finish_text(const std::string& text, int columns) {
  const bool same = text.starts_with(std::string_view(text_).substr(0, text_printed_));
  if (!same) text_began_ = false;
  show_answer(std::string_view(text).substr(same ? text_printed_ : 0), columns);
  text_.clear();
  text_printed_ = 0;
  text_began_ = false;
}

void ConversationView::on_result(const protocol::ToolFinished& result, int columns) {
  if (!result.parent_tool_use_id.empty()) return;
  const auto found = calls_.find(result.tool_use_id);
  if (found == calls_.end()) return;
  const Call& call = found->second;
  last_title_ = std::string(kMark) + tool_title(call.name, call.input, columns - 2, theme_);
  std::vector<std::string> lines{last_title_};
  for (std::string& line :
       describe_result(result.result_block_json, result.structured_json, columns, theme_, /*whole=*/false))
    lines.push_back(std::move(line));
  print_apart(std::move(lines));
  last_result_ = result;
  calls_.erase(found);
}

std::vector<std::string> ConversationView::last_result(int columns) const {
  if (last_title_.empty()) return {};
  std::vector<std::string> lines{"", last_title_};
  for (std::string& line : describe_result(last_result_.result_block_json, last_result_.structured_json,
                                           columns, theme_, /*whole=*/true))
    lines.push_back(std::move(line));
  return lines;
}

void ConversationView::on_turn_end(const protocol::TurnEnded& ended, int columns) {
  // What streamed and was never finished stays as it is.
  if (text_printed_ < text_.size()) finish_text(text_, columns);
  for (const auto& [id, call] : calls_)
    print_apart({std::string(kMark) + tool_title(call.name, call.input, columns - 2, theme_)});
  calls_.clear();
  busy_ = false;
  retry_.clear();
  const std::string notice = std::exchange(last_notice_, "");
  cost_usd_ = ended.total_cost_usd;
  if (ended.outcome == protocol::TurnOutcome::kInterrupted) {
    print({theme_.paint(kWarning, "  └ interrupted; say what to do instead")});
  } else if (!answered_ && !ended.text.empty() && ended.text != notice) {
    if (ended.is_error()) {
      print_apart(wrap(theme_.paint(kBad, clean(ended.text)), columns));
    } else {
      // What a command of the product's says has its own lines.
      print_apart(wrap(clean(ended.text), columns));
    }
  } else if (ended.is_error() && ended.outcome != protocol::TurnOutcome::kApiError) {
    print_apart(wrap(theme_.paint(kBad, clean(ended.text)), columns));
  }
}

std::vector<std::string> ConversationView::live_lines(int columns, Time now) const {
  std::vector<std::string> lines;
  if (!busy_) return lines;
  if (text_printed_ < text_.size()) {
    auto text = render_markdown(std::string_view(text_).substr(text_printed_), columns - 2, theme_);
    const size_t from = text.size() > kLiveTextLines ? text.size() - kLiveTextLines : 0;
    lines.emplace_back();
    for (size_t i = from; i < text.size(); ++i)
      lines.push_back((i == 0 && !text_began_ ? std::string(kMark) : "  ") + text[i]);
  }
  for (const auto& [id, call] : calls_) {
    std::string tail = " · " + describe_duration(now - call.started);
    if (call.inner_calls > 0) tail += fmt::format(" · {} calls", call.inner_calls);
    lines.push_back(theme_.paint(kDim, "○ ") +
                    tool_title(call.name, call.input, columns - 2 - count_columns(tail), theme_) +
                    theme_.paint(kDim, tail));
  }
  lines.emplace_back();
  std::string status =
      fmt::format("✻ {} · {}", retry_.empty() ? phase_ : retry_, describe_duration(now - turn_started_));
  if (turn_output_ > 0) status += fmt::format(" · {} tokens", describe_tokens(turn_output_));
  lines.push_back(theme_.paint(kAccent, cut_to_columns(status + " · esc interrupts", columns)));
  return lines;
}

}  // namespace awl::tui
