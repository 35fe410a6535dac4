// The interactive terminal: one client of the engine like any other face.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agent/engine.h"
#include "async/task.h"
#include "protocol/host.h"
#include "session/prompts.h"
#include "session/session_list.h"
#include "tui/completion.h"
#include "tui/history.h"
#include "tui/session_menu.h"
#include "tui/style.h"
#include "tui/terminal.h"

namespace awl::tui {

/// How an interactive session ended, and what the person wants next.
struct Leave {
  enum class Kind {
    kExit,
    kNewSession,     ///< /clear
    kBranch,         ///< /branch: a copy of this session, called `name`; empty: as it was
    kOtherSession,   ///< /resume: `session`
    kEarlierMessage  ///< /rewind: the same session as it was after the record `at`; empty: before its first
  };
  Kind kind = Kind::kExit;
  os::Path session;
  std::string at;
  std::string name;
  std::string draft;         ///< what stands in the prompt then
  std::string summary = {};  ///< of what the conversation loses by it; empty: the model is told nothing
  int terminated_by = 0;     ///< a signal; 0: none
};

struct InteractiveOptions {
  std::vector<std::string> banner;                ///< painted lines that it begins with
  std::string details;                            ///< what /status says
  std::string draft;                              ///< what stands in the prompt at first
  os::Path folder;                                ///< that files are completed in
  std::vector<session::RestoredMessage> earlier;  ///< of a session that goes on
  std::string model;                              ///< that it begins with
  std::string mode;
  /// Settings files, by the name that their rules have as source: what permission updates call them.
  std::vector<std::pair<std::string, std::string>> rule_files;
  std::vector<std::string> modes;                 ///< that Shift+Tab goes through
  bool saves_rules = true;                        ///< the person's own permission rules count
  std::chrono::milliseconds question_timeout{0};  ///< that the model's questions stay open; 0: for ever
  bool explains_calls = true;                     ///< Ctrl+E at a question asks a model what the call does
  std::function<std::vector<session::Prompt>()> list_prompts;
  /// The sessions of this folder, or of all; never the one that runs.
  ListSessions list_sessions;
  /// What to do instead of going on with a session here; empty: it can be gone on with.
  std::function<std::string(const session::SessionInfo&)> advise;
};

/// Lives as long as the engine that asks it.
class Interactive : public protocol::Host {
 public:
  /// `signals` can be read when one came: see os::SignalWatch.
  static std::unique_ptr<Interactive> make(const Executor& executor, Terminal& terminal, const Theme& theme,
                                           History& history, InteractiveOptions options, int signals);
  /// Runs the engine until the person leaves; the terminal is as it was then.
  virtual Task<Leave> run(agent::Engine& engine) = 0;
};

/// Asks which session to go on with; nullopt: none.
Task<std::optional<session::SessionInfo>> pick_session(Terminal& terminal, const Theme& theme,
                                                       ListSessions list_sessions);

/// Asks one question with a menu; nullopt: it was cancelled.
Task<std::optional<size_t>> ask(Terminal& terminal, const Theme& theme, std::vector<std::string> head,
                                std::vector<std::string> answers);

}  // namespace awl::tui
