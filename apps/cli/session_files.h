// Which session a run begins or goes on with, and where it is written down.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "agent/worktree.h"
#include "cli/arguments.h"
#include "cli/session_setup.h"
#include "session/recorder.h"
#include "session/restore.h"

namespace awl::cli {

struct ChosenSession {
  std::string id;
  os::Path file;
  std::optional<session::RestoredSession> restored;
  std::string opening_note;  ///< what the model is told before the first message; empty: nothing
};

agent::WorktreeOptions worktree_options(const config::Settings& settings);

/// Where the session works: with --worktree in a checkout of its own. Errors: those of making one.
Result<os::Path> choose_folder(const Arguments& arguments, const Environment& shell, const os::Path& cwd);

/// A new session, or that of --resume and --continue, copied with --fork-session. Errors: kNotFound,
/// kInvalidInput (an id that is taken), kIo and the like.
Result<ChosenSession> choose_session(const Arguments& arguments, const config::Locations& locations);

/// The model, the mode and the agent that a session had go on, unless others are asked for now. Modes that
/// let everything through, or nothing, have to be chosen anew. Source: product documentation, "sessions",
/// "What a resumed session restores".
void keep_state(const ChosenSession& chosen, const Environment& shell, Arguments& arguments);

/// How the session was started: cli, sdk-cli (`-p`), or what the program that drives it says of itself.
std::string entry_point_of(const Setup& setup, const Arguments& arguments);

/// Where the states of files before each message are kept.
os::Path checkpoint_dir(const config::Locations& locations, const std::string& session_id);

/// Where the plan of the mode plan is written: in `plansDirectory`, when that is inside of the project.
os::Path plan_file(const Setup& setup, const std::string& session_id);

/// What writes the session down; nullptr with --no-session-persistence.
std::unique_ptr<session::Recorder> make_recorder(const ChosenSession& chosen, const Setup& setup,
                                                 const Arguments& arguments);

/// The same for a subagent of the session.
std::unique_ptr<session::Recorder> make_subagent_recorder(const ChosenSession& chosen, const Setup& setup,
                                                          const Arguments& arguments,
                                                          const std::string& agent_id);

}  // namespace awl::cli
