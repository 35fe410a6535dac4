// The task list that the model keeps of its own work: a folder with one JSON file per task, which several
// processes may share (CLAUDE_CODE_TASK_LIST_ID). Source: interactive-mode page, "Task list".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "async/task.h"
#include "base/error.h"
#include "json/value.h"
#include "os/file.h"
#include "os/file_lock.h"

namespace awl::tools {

/// {id, subject, description, activeForm?, status, owner?, blocks, blockedBy, metadata?}; further members of
/// others stay. `status` is pending, in_progress or completed.
using ListedTask = json::Value;

/// Holds the folder's lock as long as it lives: what is read stays true until something is written.
/// Short-lived, and never across a suspension, since other processes wait.
class TaskList {
 public:
  /// Makes the folder when it is not there. Waits for other processes up to some seconds: kTimeout; kIo,
  /// kPermissionDenied.
  static Task<Result<TaskList>> open(os::Path folder);

  /// In the order of their numbers. A file that holds no task is passed over.
  const std::vector<ListedTask>& tasks() const { return tasks_; }
  const ListedTask* find(std::string_view id) const;

  /// Gives the new task the next number, which no task had before, and stores it. kInvalidInput: the list is
  /// full.
  Result<std::string> add(ListedTask task);
  /// Stores changed tasks.
  Result<> store(const ListedTask& task);
  /// Removes a task, also from what blocks others and is blocked by them.
  Result<> remove(const std::string& id);

 private:
  TaskList(os::Path folder, os::FileLock lock);
  void read();
  long long highest_number() const;
  os::Path folder_;
  os::FileLock lock_;  // closing it gives the lock back
  std::vector<ListedTask> tasks_;
};

/// The folder's name for a list: letters, digits, - and _ of `id`, others as -; never empty.
std::string task_list_folder_name(std::string_view id);

/// The number in what a model writes for a task: "3" of "#3" and of " 3 ".
std::string plain_task_id(std::string_view text);

/// Blockers of `task` that are not completed.
std::vector<std::string> open_blockers(const std::vector<ListedTask>& tasks, const ListedTask& task);

/// One line per task, bounded: `#2 [pending] Write tests (blocked by #1)`. "" when there is none.
std::string describe_tasks(const std::vector<ListedTask>& tasks);

}  // namespace awl::tools
