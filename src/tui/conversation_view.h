// A conversation as a person sees it: what has been said, and what is going on.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json/json.h"
#include "protocol/event.h"
#include "session/restore.h"
#include "tui/style.h"

namespace awl::tui {

class ConversationView {
 public:
  using Time = std::chrono::steady_clock::time_point;
  explicit ConversationView(const Theme& theme) : theme_(theme) {}

  /// `columns`: of the terminal, now.
  void on_event(const protocol::Event& event, int columns, Time now);
  /// What was said before, in the session that goes on.
  void show_earlier(const std::vector<session::RestoredMessage>& messages, int columns);
  void begin(std::string model, std::string mode) { model_ = std::move(model), mode_ = std::move(mode); }
  /// A line of the product's own.
  void say(std::string_view text, int columns);
  void show_plan(std::string_view markdown, int columns);

  /// Lines that stay, since the last call.
  std::vector<std::string> take_printed() { return std::exchange(printed_, {}); }
  /// What is being said and done now; changes with time while busy().
  std::vector<std::string> live_lines(int columns, Time now) const;
  bool busy() const { return busy_; }

  const std::string& model() const { return model_; }
  const std::string& mode() const { return mode_; }
  double cost_usd() const { return cost_usd_; }
  int64_t context_tokens() const { return context_tokens_; }
  /// The last result of a tool, whole.
  std::vector<std::string> last_result(int columns) const;

 private:
  struct Call {
    std::string name;
    json::Value input;
    Time started;
    int inner_calls = 0;  // of the subagent that it began
  };

  void on_stream(const std::string& event_json);
  void on_block(const protocol::AssistantBlock& block, int columns, Time now);
  void on_result(const protocol::ToolFinished& result, int columns);
  void on_turn_end(const protocol::TurnEnded& ended, int columns);
  void show_prompt(const std::string& content_json, int columns);
  void show_answer(std::string_view markdown, int columns);
  void finish_text(const std::string& text, int columns);
  void print(std::vector<std::string> lines);
  void print_apart(std::vector<std::string> lines);

  const Theme& theme_;
  std::vector<std::string> printed_;
  std::string text_;         // of the text block that streams
  size_t text_printed_ = 0;  // bytes of it that were printed
  bool text_began_ = false;  // its first line was printed
  std::string last_notice_;  // of this turn
  std::string phase_;
  std::string retry_;
  std::map<std::string, Call> calls_;  // that run, by id
  protocol::ToolFinished last_result_;
  std::string last_title_;
  bool busy_ = false;
  bool answered_ = false;  // this turn said something
  Time turn_started_;
  int64_t turn_output_ = 0;  // tokens
  int64_t context_tokens_ = 0;
  std::string model_;
  std::string mode_;
  double cost_usd_ = 0;
};

}  // namespace awl::tui
