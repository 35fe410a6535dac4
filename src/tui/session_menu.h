// Sessions and earlier messages to choose from.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "session/prompts.h"
#include "session/session_list.h"
#include "tui/menu.h"

namespace awl::tui {

/// The sessions of this folder, or of all.
enum class SessionsOf {
  kFolder,
  kRepository,  ///< all worktrees of the folder's repository
  kAnywhere
};
using ListSessions = std::function<std::vector<session::SessionInfo>(SessionsOf of)>;

/// A list of sessions, which keys of its own make longer (all folders), shorter (one branch), show a session
/// or give it another name.
class SessionPicker {
 public:
  SessionPicker(ListSessions list, const Theme& theme);

  Menu::Outcome press(const Key& key);
  Frame render(Size size) const;
  /// After kChosen.
  const session::SessionInfo& chosen() const { return shown_[menu_->chosen()]; }
  bool empty() const { return sessions_.empty(); }

 private:
  void load();
  void show();
  void show_those_of(SessionsOf of);
  bool press_own(const Key& key);
  Menu::Outcome press_in_name(const Key& key);
  const session::SessionInfo* selected() const;

  ListSessions list_;
  const Theme& theme_;
  SessionsOf of_ = SessionsOf::kFolder;
  std::string branch_;  // only sessions of it; empty: of all
  std::vector<session::SessionInfo> sessions_;
  std::vector<session::SessionInfo> shown_;
  std::unique_ptr<Menu> menu_;
  std::optional<Editor> name_;        // that is being written
  std::vector<std::string> preview_;  // of the selected one
  std::string problem_;
};

/// The last one is selected.
Menu make_prompt_menu(const std::vector<session::Prompt>& prompts, const Theme& theme);

}  // namespace awl::tui
