// What the tools of one session share.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "async/task.h"
#include "base/environment.h"
#include "os/file.h"

namespace awl::net {
class HttpClient;  // net/http.h
}

namespace awl::tools {

class BackgroundTasks;  // tools/background_tasks.h
class SideModel;        // tools/side_model.h

/// A file as the model last saw it: the read-before-edit rule and the stale-file rule compare against it.
struct SeenFile {
  int64_t modified_ns = 0;
  uint64_t size_bytes = 0;
  std::string digest;    ///< SHA-256 of the bytes
                         ///< empty when it is a large file: time and size decide alone
  bool partial = false;  ///< the last Read was cut short at the token limit
  /// The range that the last Read showed, empty when none did since the last change; the agent empties it
  /// when it takes that Read out of the conversation (compaction), so that the text is given again.
  std::string shown_range;
  uint64_t order = 0;  ///< among the files of the session: the latest is the largest
};

struct ToolLimits {
  std::chrono::milliseconds bash_default_timeout{120'000};  ///< BASH_DEFAULT_TIMEOUT_MS
  std::chrono::milliseconds bash_max_timeout{600'000};      ///< BASH_MAX_TIMEOUT_MS
  size_t bash_max_output_chars = 30'000;                    ///< BASH_MAX_OUTPUT_LENGTH
  size_t read_max_output_tokens = 25'000;                   ///< CLAUDE_CODE_FILE_READ_MAX_OUTPUT_TOKENS
  std::chrono::seconds glob_timeout{20};                    ///< CLAUDE_CODE_GLOB_TIMEOUT_SECONDS
  std::chrono::milliseconds web_fetch_cache_ttl{900'000};   ///< CLAUDE_CODE_WEBFETCH_CACHE_TTL_MS
  int64_t max_web_searches = 200;                           ///< CLAUDE_CODE_MAX_WEB_SEARCHES_PER_SESSION
};

/// One per session; owned by the agent, changed only on the loop's thread.
struct Session {
  Executor executor;
  std::string id;
  os::Path project_dir;                   ///< the folder that the person started in; absolute, links resolved
  std::vector<os::Path> additional_dirs;  ///< --add-dir and its like; absolute, links resolved
  os::Path home;
  os::Path cwd;            ///< the shell's current folder: starts as project_dir, moved by `cd` in Bash
  os::Path output_dir;     ///< this session's tool-results folder; created on first use, private
  os::Path notes_dir;      ///< of notes that the model keeps for later sessions; empty: it keeps none
  os::Path plan_file;      ///< where the plan of the mode plan is written, Markdown; empty: nowhere
  os::Path task_list_dir;  ///< the task list's folder; created on first use, private
  os::Path hook_env_file;  ///< what hooks set for later commands, a shell script; read when it exists
  Environment child_environment;  ///< what children see, but for what add_credentials adds
  /// Puts the credentials of the tools' own AWS identity into a child's environment; not set: they have those
  /// that the person started with. Errors: those of fetching them; the child is not started then.
  std::function<Task<Result<>>(Environment&)> add_credentials;
  ToolLimits limits;
  bool strict_read_before_edit =
      false;  ///< the model belongs to those that must read a file before changing it
  /// True when a Read of this resolved path would run without a question; not set: inside the work folders.
  std::function<bool(const os::Path&)> may_read;
  std::map<os::Path, SeenFile> seen_files;
  uint64_t times_seen = 0;                ///< how often a file was remembered
  BackgroundTasks* background = nullptr;  ///< never null once the session runs
  os::Path media_program;                 ///< awl-media; empty: not installed, no image can be made smaller
  SideModel* side_model = nullptr;        ///< null where no model can be asked, in tests for instance
  net::HttpClient* http = nullptr;        ///< for what tools request themselves; null: nothing
  std::string web_user_agent;             ///< what they call themselves to the servers they ask
  /// True when an allow rule names this URL's host, so that it may be one of a private network; not set:
  /// never.
  std::function<bool(const std::string& url)> names_host;
  /// Asks whether a task may be made or be completed (TaskCreated, TaskCompleted); what the model is told
  /// when it may not. Not set: everything may.
  std::function<Task<std::optional<std::string>>(std::string event, std::string fields_json)> review_task;
  int64_t web_searches = 0;  ///< that were made
};

}  // namespace awl::tools
