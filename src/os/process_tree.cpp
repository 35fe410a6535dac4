#include "os/process_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "os/descriptor.h"
#include "os/process.h"

namespace awl::os {

namespace {

constexpr int kMostRounds = 50;  // against processes that multiply while they are killed
constexpr int kRoundMs = 10;     // what the killed get to end

struct Owned {
  std::mutex mutex;
  std::set<pid_t> pids;
  bool adopting = false;
};

Owned& owned() {
  static Owned instance;
  return instance;
}

std::optional<ProcessEntry> read_entry(int proc, const char* number) {
  char path[64];
  std::snprintf(path, sizeof path, "%s/stat", number);
  const FileDescriptor file(::openat(proc, path, O_RDONLY | O_CLOEXEC));
  char text[512];
  const ssize_t size = ::read(file.get(), text, sizeof text - 1);
  if (size <= 0) return std::nullopt;
  text[size] = '\0';
  // The name in parentheses may itself have spaces and parentheses.
  const char* fields = std::strrchr(text, ')');
  char state = 0;
  ProcessEntry entry;
  if (fields == nullptr || std::sscanf(text, "%d", &entry.pid) != 1 ||
      std::sscanf(fields + 1, " %c %d %d %d", &state, &entry.parent, &entry.group, &entry.session) != 4) {
    return std::nullopt;
  }
  entry.ended = state == 'Z' || state == 'X';
  return entry;
}

void reap_adopted(const std::vector<ProcessEntry>& processes) {
  Owned& known = owned();
  const std::lock_guard lock(known.mutex);
  if (!known.adopting) return;
  const pid_t self = ::getpid();
  for (const ProcessEntry& process : processes) {
    if (!process.ended || process.parent != self || known.pids.contains(process.pid)) continue;
    ::waitpid(process.pid, nullptr, WNOHANG);
  }
}

// False when nothing descends from this process. Once orphans are adopted, whoever has descendants has a
// child, and the kernel says that for less than a pass over /proc costs (a tenth of a millisecond for every
// ten processes).
bool may_have_descendants() {
  {
    const std::lock_guard lock(owned().mutex);
    if (!owned().adopting) return true;
  }
  siginfo_t info{};
  // WNOWAIT: what has ended stays with its owner.
  return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD;
}

std::optional<std::vector<ProcessEntry>> list_and_reap() {
  auto processes = list_processes();
  if (processes) reap_adopted(*processes);
  return processes;
}

// What descends from this process and is in another session. In its own session are only those that it did
// not start: every child gets a session, but a shell that became this process (exec) may have left it some.
std::vector<ProcessEntry> find_descendants(const std::vector<ProcessEntry>& processes) {
  const pid_t own_session = ::getsid(0);
  std::set<pid_t> family{::getpid()};
  std::vector<ProcessEntry> found;
  for (bool grown = true; grown;) {
    grown = false;
    for (const ProcessEntry& process : processes) {
      if (process.session == own_session || !family.contains(process.parent)) continue;
      if (!family.insert(process.pid).second) continue;
      found.push_back(process);
      grown = true;
    }
  }
  return found;
}

// Leads a session of its own, apart from all that this process reads and writes: somebody wants it to stay.
bool is_daemon(pid_t pid) {
  for (const int fd : {0, 1, 2}) {
    std::error_code error;
    const auto target =
        std::filesystem::read_symlink("/proc/" + std::to_string(pid) + "/fd/" + std::to_string(fd), error);
    if (error || target != "/dev/null") return false;
  }
  return true;
}

// What belongs to a daemon that the descendants started, itself included.
std::set<pid_t> find_daemon_sessions(const std::vector<ProcessEntry>& descendants) {
  const std::set<pid_t> own_children = [] {
    const std::lock_guard lock(owned().mutex);
    return owned().pids;
  }();
  std::set<pid_t> sessions;
  for (const ProcessEntry& process : descendants) {
    if (process.pid == process.session && !process.ended && !own_children.contains(process.pid) &&
        is_daemon(process.pid))
      sessions.insert(process.session);
  }
  return sessions;
}

// The number may belong to another process by now, so it is looked at again when it can no longer change.
void kill_exactly(const ProcessEntry& process) {
  const FileDescriptor pidfd(static_cast<int>(::syscall(SYS_pidfd_open, process.pid, 0)));
  if (!pidfd.is_open()) return;
  const FileDescriptor proc(::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const auto now = read_entry(proc.get(), std::to_string(process.pid).c_str());
  if (!now || now->session != process.session) return;
  ::syscall(SYS_pidfd_send_signal, pidfd.get(), SIGKILL, nullptr, 0);
}

}  // namespace

std::optional<std::vector<ProcessEntry>> list_processes() {
  struct Close {
    void operator()(DIR* folder) const { ::closedir(folder); }
  };
  const std::unique_ptr<DIR, Close> proc(::opendir("/proc"));
  if (!proc) return std::nullopt;
  std::vector<ProcessEntry> processes;
  while (const dirent* entry = ::readdir(proc.get())) {
    const char first = entry->d_name[0];
    if (first < '1' || first > '9') continue;
    if (auto process = read_entry(::dirfd(proc.get()), entry->d_name)) processes.push_back(*process);
  }
  return processes;
}

bool session_alive(pid_t session) {
  if (!may_have_descendants()) return false;
  const auto processes = list_and_reap();
  if (!processes) return ::kill(-session, 0) == 0;
  return std::ranges::any_of(*processes, [session](const ProcessEntry& process) {
    return process.session == session && !process.ended;
  });
}

void signal_session(pid_t session, int signal) {
  ::kill(-session, signal);
  // A group is never in two sessions, and the kernel signals all of it at one stroke, also what forks.
  std::set<pid_t> signalled{session};
  for (int round = 0; round < kMostRounds; ++round) {
    bool more = false;
    const auto processes = list_and_reap();
    if (!processes) return;
    for (const ProcessEntry& process : *processes) {
      if (process.session != session || process.ended || !signalled.insert(process.group).second) continue;
      ::kill(-process.group, signal);
      more = true;
    }
    if (!more) return;
  }
}

void note_owned_child(pid_t pid) {
  const std::lock_guard lock(owned().mutex);
  owned().pids.insert(pid);
}

void forget_owned_child(pid_t pid) {
  const std::lock_guard lock(owned().mutex);
  owned().pids.erase(pid);
}

void adopt_orphans() {
  const std::lock_guard lock(owned().mutex);
  owned().adopting = ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0;
}

namespace {

int free_holders = 0;  // of OrphansGoFree; all on the loop's thread

void set_adopting(bool on) {
  const std::lock_guard lock(owned().mutex);
  if (owned().adopting) ::prctl(PR_SET_CHILD_SUBREAPER, on ? 1 : 0, 0, 0, 0);
}

}  // namespace

OrphansGoFree::OrphansGoFree() {
  if (free_holders++ == 0) set_adopting(false);
}

OrphansGoFree::~OrphansGoFree() {
  if (--free_holders == 0) set_adopting(true);
}

void kill_descendants() {
  if (!may_have_descendants()) return;
  for (int round = 0; round < kMostRounds; ++round) {
    bool any = false;
    const auto processes = list_and_reap();
    if (!processes) return;
    const std::vector<ProcessEntry> descendants = find_descendants(*processes);
    const std::set<pid_t> daemons = find_daemon_sessions(descendants);
    for (const ProcessEntry& process : descendants) {
      if (process.ended || daemons.contains(process.session)) continue;
      any = true;
      kill_exactly(process);
    }
    if (!any) return;
    ::poll(nullptr, 0, kRoundMs);
  }
}

}  // namespace awl::os
