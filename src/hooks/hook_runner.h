// Runs the hooks of an event, side by side, and adds up what they say.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "async/task_group.h"
#include "base/environment.h"
#include "hooks/hook_output.h"
#include "hooks/hook_table.h"
#include "net/http.h"
#include "os/file.h"

namespace awl::hooks {

/// One occurrence of an event.
struct HookCall {
  std::string event;
  std::string matched;      ///< what matchers are compared with: a tool's name, a reason, …; may be empty
  std::string fields_json;  ///< the event's own fields, a JSON object
  std::string tool_use_id = {};
  /// True when the tool call fits a permission rule; not set: a handler with such a condition does not run.
  std::function<bool(const std::string& condition)> fits = {};
};

/// A hook began, or ended.
struct HookEvent {
  std::string id;
  std::string name;  ///< "PreToolUse:Bash"
  std::string event;
  const HookRun* run = nullptr;  ///< null: it began
};

struct HookRunnerOptions {
  Executor executor;
  os::Path project_dir;
  /// session_id, transcript_path, cwd, …: the fields that every event has, a JSON object; as it is now.
  std::function<std::string()> common_fields;
  /// Of children; errors: why there are no credentials for it.
  std::function<Task<Result<Environment>>()> environment;
  std::function<os::Path()> folder;  ///< where children run
  os::Path env_file;                 ///< CLAUDE_ENV_FILE of the events that have one; made on first use
  net::HttpClient* http = nullptr;   ///< null: HTTP hooks fail
  std::optional<std::vector<std::string>> allowed_urls;       ///< allowedHttpHookUrls; nullopt: all
  std::optional<std::vector<std::string>> allowed_variables;  ///< httpHookAllowedEnvVars; nullopt: all
  std::chrono::milliseconds session_end_budget{0};  ///< 0: 1.5 s, or the longest timeout of its hooks
  /// Asks a model, "" being the small one; gives its text.
  std::function<Task<Result<std::string>>(std::string system, std::string prompt, std::string model)>
      ask_model;
  /// Asks the program that drives awl; gives its answer, a JSON object.
  std::function<Task<Result<std::string>>(std::string callback_id, std::string input_json,
                                          std::string tool_use_id)>
      call_back;
  /// Calls a tool of a connected MCP server; gives its text.
  std::function<Task<Result<std::string>>(std::string server, std::string tool, std::string input_json)>
      call_mcp_tool;
  /// Keeps what is longer than the conversation can bear in a file, and gives what stands for it.
  std::function<std::string(std::string text)> shorten;
  std::function<void(const HookEvent&)> on_event;
  std::function<void()> on_wake;  ///< a hook in the background has something for the model, at once
};

class HookRunner {
 public:
  HookRunner(HookTable table, HookRunnerOptions options);

  HookTable& table() { return table_; }
  bool has(std::string_view event) const { return table_.has(event); }

  /// Returns when all hooks of the event have ended, but for those in the background. Cancellable.
  Task<HookOutcome> run(HookCall call);

  /// What hooks in the background had to say since the last take, for the model.
  std::vector<std::string> take_background() { return std::exchange(said_in_background_, {}); }
  /// The same, but only what is to wake it; empty: nothing is.
  bool wants_to_wake() const { return wakes_; }
  void woke() { wakes_ = false; }
  /// Ends what runs in the background.
  Task<> stop();

 private:
  struct Job;
  Task<> run_job(Job& job);
  Task<> run_in_background(std::shared_ptr<Job> job);
  Task<HookRun> run_handler(const HookHandler& handler, const HookCall& call, const std::string& input_json);
  std::string make_input(const HookCall& call) const;
  std::chrono::milliseconds limit_of(const HookHandler& handler, const std::string& event) const;
  void shorten(HookOutcome& outcome) const;

  HookTable table_;
  HookRunnerOptions options_;
  async::TaskGroup background_;
  std::vector<std::string> said_in_background_;
  bool wakes_ = false;
};

}  // namespace awl::hooks
