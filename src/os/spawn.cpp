#include "os/spawn.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/strings.h"

namespace awl::os {

namespace {

constexpr std::string_view kDefaultPath = "/usr/local/bin:/usr/bin:/bin";
constexpr size_t kChildStackBytes = 64 << 10;

enum class Step { kOwner, kFolder, kDescriptors, kProgram };

struct Move {
  int source;
  int target;
  int parked = -1;
};

// What the child needs, prepared by the parent: between clone and exec both share one memory, so the child
// may only make system calls.
struct Plan {
  pid_t parent = 0;
  const char* folder = nullptr;
  std::vector<const char*> programs;  // tried in turn; closed by nullptr
  std::vector<char*> argv;
  std::vector<char*> environment;
  std::vector<Move> moves;  // sorted by target
  uint64_t max_memory_bytes = 0;
  uint64_t max_cpu_seconds = 0;
  // The answer, when the child could not run a program.
  Step failed_step = Step::kOwner;
  int error_number = 0;
};

// The kernel's structure, not glibc's: zeros mean the default action.
struct KernelSignalAction {
  void* handler = nullptr;
  unsigned long flags = 0;
  void* restorer = nullptr;
  uint64_t mask = 0;
};

// The sanitizers' run-time must not be entered from the child: it would see two processes in one memory.
#define AWL_IN_CHILD __attribute__((no_sanitize("address", "thread", "undefined"), noinline))

AWL_IN_CHILD void reset_signal_actions() {
  const KernelSignalAction default_action;
  for (int signal = 1; signal <= 64; ++signal) {
    ::syscall(SYS_rt_sigaction, signal, &default_action, nullptr, sizeof(uint64_t));
  }
}

// A limit that is tighter already may not be raised, and stays.
AWL_IN_CHILD void set_limit(int resource, uint64_t most) {
  if (most == 0) return;
  const uint64_t soft_and_hard[2] = {most, most};
  ::syscall(SYS_prlimit64, 0, resource, soft_and_hard, nullptr);
}

// Two passes, so that no descriptor is overwritten before it was copied.
AWL_IN_CHILD bool place_descriptors(Move* moves, size_t count) {
  const int first_free = moves[count - 1].target + 1;
  for (size_t i = 0; i < count; ++i) {
    int source = moves[i].source;
    if (source < 0) {
      source = static_cast<int>(::syscall(SYS_openat, AT_FDCWD, "/dev/null", O_RDWR | O_CLOEXEC, 0));
    }
    moves[i].parked = static_cast<int>(::syscall(SYS_fcntl, source, F_DUPFD_CLOEXEC, first_free));
    if (moves[i].parked < 0) return false;
  }
  int next = 0;
  for (size_t i = 0; i < count; ++i) {
    const int target = moves[i].target;
    if (::syscall(SYS_dup3, moves[i].parked, target, 0) < 0) return false;
    if (target > next) ::syscall(SYS_close_range, next, target - 1, 0);
    next = target + 1;
  }
  return ::syscall(SYS_close_range, next, ~0U, 0) == 0;
}

AWL_IN_CHILD int run_child(void* argument) {
  Plan& plan = *static_cast<Plan*>(argument);
  auto give_up = [&plan](Step step) {
    plan.failed_step = step;
    plan.error_number = errno;
    return 127;
  };
  // The kernel sends no death signal for a parent that is gone already.
  ::syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (::syscall(SYS_getppid) != plan.parent) return 127;
  ::syscall(SYS_setsid);
  reset_signal_actions();
  if (plan.folder != nullptr && ::syscall(SYS_chdir, plan.folder) != 0) return give_up(Step::kFolder);
  if (!place_descriptors(plan.moves.data(), plan.moves.size())) return give_up(Step::kDescriptors);
  set_limit(RLIMIT_AS, plan.max_memory_bytes);
  set_limit(RLIMIT_CPU, plan.max_cpu_seconds);
  const uint64_t no_signals = 0;
  ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &no_signals, nullptr, sizeof no_signals);

  int error_number = ENOENT;
  for (const char* const* program = plan.programs.data(); *program != nullptr; ++program) {
    ::syscall(SYS_execve, *program, plan.argv.data(), plan.environment.data());
    if (errno == EACCES || error_number != EACCES) error_number = errno;
    if (errno != ENOENT && errno != ENOTDIR && errno != EACCES) break;
  }
  errno = error_number;
  return give_up(Step::kProgram);
}

std::vector<char*> to_pointers(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  // execve takes char* for history's sake and changes nothing.
  for (const auto& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

bool has_nul(const std::vector<std::string>& texts) {
  return std::any_of(texts.begin(), texts.end(),
                     [](const std::string& text) { return text.find('\0') != std::string::npos; });
}

// As execvp(3) does, but with the PATH that the child will have.
std::vector<std::string> find_candidates(const ProcessOptions& options) {
  const std::string& program = options.argv.front();
  if (program.find('/') != std::string::npos) return {program};
  std::string_view path = kDefaultPath;
  for (std::string_view entry : options.environment) {
    if (entry.starts_with("PATH=")) path = entry.substr(5);
  }
  std::vector<std::string> candidates;
  for (const std::string_view folder : split(path, ':')) {
    candidates.push_back(folder.empty() ? "./" + program : fmt::format("{}/{}", folder, program));
  }
  return candidates;
}

Error explain(const ProcessOptions& options, Step step, int error_number) {
  const std::string& program = options.argv.front();
  switch (step) {
    case Step::kFolder:
      return system_error("start a command in", options.working_directory, error_number);
    case Step::kProgram:
      break;
    case Step::kOwner:
    case Step::kDescriptors:
      return {
          ErrorKind::kIo, fmt::format("cannot start {}: {}", program, std::strerror(error_number)), {}, {}};
  }
  if (error_number == ENOENT && program.find('/') == std::string::npos) {
    return {ErrorKind::kNotFound, fmt::format("cannot run {}: no such program in PATH", program), {}, {}};
  }
  Error error = system_error("run", program, error_number);
  if (error.kind != ErrorKind::kNotFound && error.kind != ErrorKind::kPermissionDenied)
    error.kind = ErrorKind::kIo;
  return error;
}

std::vector<Move> plan_moves(const ProcessOptions& options) {
  std::vector<Move> moves{{options.stdin_fd, 0}, {options.stdout_fd, 1}, {options.stderr_fd, 2}};
  for (const auto& [source, target] : options.more_fds) moves.push_back({source, target});
  std::sort(moves.begin(), moves.end(), [](const Move& a, const Move& b) { return a.target < b.target; });
  return moves;
}

// vfork's speed without its sharing of the stack: the parent is held until the child has called execve.
pid_t clone_child(Plan& plan, int& pidfd) {
  alignas(64) std::array<char, kChildStackBytes> stack;  // NOLINT: not initialised on purpose
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  // No handler of ours may run in the child.
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = ::clone(run_child, stack.data() + stack.size(),
                            CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, &plan, &pidfd);
  const int error_number = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (pid < 0) plan.error_number = error_number;
  return pid;
}

}  // namespace

Result<Spawned> spawn(const ProcessOptions& options) {
  if (options.argv.empty() || options.argv.front().empty()) {
    return fail(ErrorKind::kInvalidInput, "cannot run a command without a name");
  }
  if (has_nul(options.argv) || has_nul(options.environment)) {
    return fail(ErrorKind::kInvalidInput,
                fmt::format("cannot run {}: an argument or a variable has a NUL character in it",
                            options.argv.front()));
  }
  const std::vector<std::string> candidates = find_candidates(options);
  Plan plan;
  plan.parent = ::getpid();
  if (!options.working_directory.empty()) plan.folder = options.working_directory.c_str();
  for (const auto& candidate : candidates) plan.programs.push_back(candidate.c_str());
  plan.programs.push_back(nullptr);
  plan.argv = to_pointers(options.argv);
  plan.environment = to_pointers(options.environment);
  plan.moves = plan_moves(options);
  plan.max_memory_bytes = options.max_memory_bytes;
  plan.max_cpu_seconds = options.max_cpu_seconds;

  int pidfd = -1;
  const pid_t pid = clone_child(plan, pidfd);
  FileDescriptor owned_pidfd(pidfd);
  if (pid < 0) return std::unexpected(explain(options, Step::kOwner, plan.error_number));
  if (plan.error_number != 0) {
    ::waitpid(pid, nullptr, 0);
    return std::unexpected(explain(options, plan.failed_step, plan.error_number));
  }
  return Spawned{pid, std::move(owned_pidfd)};
}

}  // namespace awl::os
