// Shell commands that go on while the conversation does.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "async/task.h"
#include "os/process.h"
#include "tools/process_watch.h"

namespace awl::tools {

enum class TaskStatus { kRunning, kCompleted, kFailed, kStopped };
std::string_view to_string(TaskStatus status);  ///< running, completed, failed, stopped

struct BackgroundTask {
  std::string id;           ///< short, unique in the session
  std::string tool_use_id;  ///< of the Bash call that started it
  std::string command;
  std::string description;
  os::Path output_file;  ///< holds stdout and stderr, merged, as they come
  TaskStatus status = TaskStatus::kRunning;
  int exit_code = 0;
};

/// Owns the running processes. Everything still running is killed when it is destroyed.
class BackgroundTasks {
 public:
  using OnChange = std::function<void(const BackgroundTask&)>;
  virtual ~BackgroundTasks() = default;
  /// Takes over a running process. `task.id` is chosen here and returned.
  virtual std::string add(BackgroundTask task, std::unique_ptr<os::Process> process) = 0;
  virtual std::vector<BackgroundTask> list() const = 0;
  virtual std::optional<BackgroundTask> find(const std::string& id) const = 0;
  virtual bool any_running() const = 0;
  /// Waits until a task that was not reported yet has ended, and gives it; each is given once. Cancellable.
  virtual Task<BackgroundTask> next_ended() = 0;
  /// The same without waiting.
  virtual std::optional<BackgroundTask> take_ended() = 0;
  /// Returns when this task has ended, at once when there is none such. Cancellable.
  virtual Task<> wait_until_ended(const std::string& id) = 0;
  /// The end of this task, if it came, is known already: next_ended() and take_ended() pass it over.
  virtual void mark_reported(const std::string& id) = 0;
  /// Ends one task's process group, or all: SIGTERM, then SIGKILL. False when there is no such task running.
  virtual Task<bool> stop(const std::string& id) = 0;
  virtual Task<> stop_all() = 0;
};

/// `on_change` is called when a task is added and when it ends. A task whose output passes the guard is
/// killed, with a line about it in its output file.
std::unique_ptr<BackgroundTasks> make_background_tasks(Executor executor, BackgroundTasks::OnChange on_change,
                                                       OutputGuard guard = {});

}  // namespace awl::tools
