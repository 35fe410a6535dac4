#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "async/event.h"
#include "async/task_group.h"
#include "tui/conversation_view.h"
#include "tui/editor.h"
#include "tui/interactive.h"
#include "tui/menu.h"

namespace awl::tui {

/// A menu that stands in the place of the prompt until it is answered.
struct Dialog {
  virtual ~Dialog() = default;
  virtual Menu::Outcome press(const Key& key) = 0;
  virtual Frame render(Size size, const Theme& theme) const = 0;
  /// It was answered, or given up: kCancelled.
  virtual void answered(Menu::Outcome outcome) = 0;
};

class InteractiveImpl final : public Interactive {
 public:
  InteractiveImpl(const Executor& executor, Terminal& terminal, const Theme& theme, History& history,
                  InteractiveOptions options, int signals);

  Task<Leave> run(agent::Engine& engine) override;
  Task<protocol::PermissionAnswer> ask_permission(protocol::PermissionQuestion question) override;

 private:
  using Time = std::chrono::steady_clock::time_point;

  // interactive.cpp
  Task<> read_keys();
  Task<> obey_signals();
  Task<> keep_time();
  Task<> paint_on_change();
  void paint();
  Frame make_frame() const;
  void add_prompt(Frame& frame) const;
  void add_completion(Frame& frame) const;
  std::string footer(int columns) const;
  void leave(Leave how);
  void changed() { changed_.notify_all(), dirty_ = true; }

  // interactive_keys.cpp
  void press(const Key& key);
  void press_in_dialog(const Key& key);
  bool press_in_completion(const Key& key);
  bool press_control(char letter);
  void press_escape();
  void submit();
  void send(const std::string& text);
  bool run_own_command(const std::string& text);
  void walk_history(bool older);
  void next_mode();
  void complete_now(bool first_only);
  void interrupt();
  std::vector<Candidate> commands() const;
  void say(const std::string& text) { view_.say(text, screen_.size().columns - 2); }

  // permission_dialog.cpp
  std::unique_ptr<void, std::function<void(void*)>> show(std::shared_ptr<Dialog> dialog);
  Task<protocol::PermissionAnswer> ask_questions(protocol::PermissionQuestion question);
  Task<protocol::PermissionAnswer> ask_about_plan(protocol::PermissionQuestion question);

  // interactive_dialogs.cpp
  void open(std::shared_ptr<Dialog> dialog);
  void open_sessions();
  void open_prompts();
  void open_rewind(session::Prompt prompt);
  void open_permissions();
  void change_rule(bool add, const std::string& behavior, const std::string& rule,
                   const std::string& destination);
  void sum_up_from(const session::Prompt& prompt, std::string wishes);
  void open_history();
  void open_models();
  void rewind(const session::Prompt& prompt, bool files, bool conversation);

  Executor executor_;
  Terminal& terminal_;
  const Theme& theme_;
  History& history_;
  InteractiveOptions options_;
  int signals_;
  agent::Engine* engine_ = nullptr;
  async::TaskGroup* session_ = nullptr;
  Screen screen_;
  ConversationView view_;
  Editor editor_;
  Completion completion_;
  size_t candidate_ = 0;
  bool completion_closed_ = false;  // by Escape, until the text changes
  std::deque<std::shared_ptr<Dialog>> dialogs_;
  std::deque<std::pair<std::string, std::string>> queued_;  // uuid and text of messages that wait
  std::string hint_;                                        // in the place of the footer, until the next key
  Key last_key_;                                            // that was pressed before
  bool is_leaving_ = false;
  bool dirty_ = true;
  Leave leave_;
  async::Event changed_;
  async::Event answered_;  // a question
  async::TaskGroup listeners_;
};

}  // namespace awl::tui
