// Which processes there are, by /proc (proc(5), "stat"). Used by Process alone, but for what process.h
// declares.
#pragma once

#include <sys/types.h>

#include <optional>
#include <vector>

namespace awl::os {

struct ProcessEntry {
  pid_t pid = 0;
  pid_t parent = 0;
  pid_t group = 0;
  pid_t session = 0;
  bool ended = false;  ///< a zombie: nobody has reaped it yet, or init never does, as in many containers
};

/// All processes that can be seen; nullopt when /proc cannot be read.
std::optional<std::vector<ProcessEntry>> list_processes();

/// True when a member of `session` lives, which a child of ours that has been reaped led. At most one pass
/// over /proc.
bool session_alive(pid_t session);

/// Sends `signal` to every process group of `session`. One pass over /proc when all members are in the group
/// of the leader, else one more for every generation of groups, and a bounded number of them.
void signal_session(pid_t session, int signal);

/// The children that have an owner, who reaps them; every other child was adopted and is reaped on the way.
void note_owned_child(pid_t pid);
void forget_owned_child(pid_t pid);

}  // namespace awl::os
