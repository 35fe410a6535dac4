#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "async/event.h"
#include "async/task.h"
#include "os/file.h"
#include "tools/bash_shell.h"

namespace awl::tools {

struct Session;

/// The aliases, functions and options that the person's ~/.bashrc or ~/.zshrc leaves behind, as a script that
/// every command sources. Taken once; the file is removed with the object.
class ShellSnapshot {
 public:
  /// `limit`: what reading the start-up file may take; every session waits that long for one that hangs.
  explicit ShellSnapshot(std::chrono::milliseconds limit) : limit_(limit) {}
  ShellSnapshot(const ShellSnapshot&) = delete;
  ShellSnapshot& operator=(const ShellSnapshot&) = delete;
  ~ShellSnapshot();

  /// Takes it if that was not done yet. A second caller waits for the first. Never fails: see take_note().
  Task<> ensure(const Shell& shell, const Session& session);

  /// Empty when there is nothing to source.
  const os::Path& file() const { return file_; }
  /// Once, after a failure: a line about it.
  std::string take_note();

 private:
  enum class State { kNone, kRunning, kDone };
  Task<> take(const Shell& shell, const Session& session);

  std::chrono::milliseconds limit_;
  State state_ = State::kNone;
  os::Path file_;
  std::string note_;
  std::optional<async::Event> changed_;
};

}  // namespace awl::tools
