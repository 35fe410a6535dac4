// Child processes that never outlive their owner.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "async/task.h"
#include "base/error.h"
#include "os/file.h"

namespace awl::os {

struct ExitStatus {
  int code = 0;    ///< exit code; 128 + signal when a signal ended it, as shells report it
  int signal = 0;  ///< the signal that ended it, or 0
  bool ok() const { return code == 0 && signal == 0; }
};

struct ProcessOptions {
  std::vector<std::string>
      argv;  ///< argv[0] with a slash is a path; else it is looked up in the child's PATH
  std::vector<std::string> environment;  ///< NAME=value; the child sees nothing else
  Path working_directory;
  int stdin_fd = -1;   ///< -1: /dev/null. Descriptors stay the caller's; the child gets copies
  int stdout_fd = -1;  ///< -1: /dev/null
  int stderr_fd = -1;  ///< -1: /dev/null
  std::vector<std::pair<int, int>> more_fds =
      {};  ///< further descriptors: the caller's, and its number (> 2) in the child
  uint64_t max_memory_bytes =
      0;  ///< of addresses, for the child and each process that it starts; 0: no limit of ours
  uint64_t max_cpu_seconds = 0;  ///< the kernel kills what uses more; 0: no limit of ours
};

/// A running child in a session of its own, which dies (SIGKILL, by the kernel) when this process, or the
/// thread that started it, does. "The group" below is all of the session, also the process groups that job
/// control or timeout(1) make in it. Destroying the object kills the whole group and reaps the child.
/// What calls setsid(2) leaves the group: see kill_descendants().
class Process {
 public:
  /// Errors: kNotFound (no such program or folder), kPermissionDenied, kIo; kInvalidInput for a text with a
  /// NUL in it.
  static Result<std::unique_ptr<Process>> start(Executor executor, const ProcessOptions& options);
  virtual ~Process() = default;

  virtual pid_t pid() const = 0;
  /// Waits for the child itself, not for what it left running. Cancellable: the child then goes on.
  virtual Task<ExitStatus> wait() = 0;
  /// Sends `signal` to the whole group; harmless when it is gone.
  virtual void signal_group(int signal) = 0;
  /// True while the group has a member: the child itself, or, after its end, something it left running.
  virtual bool group_alive() const = 0;
  /// SIGTERM to the group, then SIGKILL after `grace`; returns when the child is reaped and the group is
  /// empty of it.
  virtual Task<ExitStatus> stop(std::chrono::milliseconds grace) = 0;
};

struct CommandResult {
  ExitStatus status;
  std::string out;  ///< at most max_output_bytes of each; the rest is read and dropped
  std::string err;
  bool truncated = false;
};

/// Runs a short command to its end and collects its output; `stdin_text` is its standard input. What the
/// command leaves running is killed. Errors: those of start(), kTimeout.
Task<Result<CommandResult>> run_command(ProcessOptions options, std::string stdin_text,
                                        std::chrono::milliseconds limit, size_t max_output_bytes = 16 << 20);

/// From now on what a descendant leaves behind becomes a child of this process, not of init, and is reaped
/// when it ends. Once, before the first child is started.
void adopt_orphans();

/// While one lives, what descendants leave behind goes to init after all: for programs of the person's that
/// start what is to stay, such as the browser of a sign-in.
class OrphansGoFree {
 public:
  OrphansGoFree();
  ~OrphansGoFree();
  OrphansGoFree(const OrphansGoFree&) = delete;
  OrphansGoFree& operator=(const OrphansGoFree&) = delete;
};

/// Kills (SIGKILL) everything that descends from this process but is not in its session, and reaps what
/// ended. A daemon stays: what made a session of its own and has all three standard descriptors on /dev/null.
/// For the very end of a run: it finds what left its session only after adopt_orphans(). Returns when
/// nothing is left, at latest after about half a second.
void kill_descendants();

}  // namespace awl::os
