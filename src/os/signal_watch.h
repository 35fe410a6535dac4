// Signals that ask the process to end, for a loop that reads them and for code that the loop cannot
// interrupt.
#pragma once

#include <memory>
#include <vector>

#include "base/error.h"
#include "os/descriptor.h"

namespace awl::os {

/// Catches signals between start() and its destruction, which gives them back to whoever had them, unless
/// leave_to_exit() was called. One at a time in the process; for the main thread.
class SignalWatch {
 public:
  static Result<std::unique_ptr<SignalWatch>> make();
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  /// From now on these signals come here.
  void start(const std::vector<int>& signals);
  /// Can be read when a signal came: each is one byte, its number. Non-blocking.
  int arrivals() const { return arrivals_.get(); }
  /// Is readable from the first signal on, for ever: for a wait that a signal shall end. Not to be read.
  int stop() const { return stop_.get(); }
  /// The process is about to exit: `signal` is ignored from now on, so that it does not spoil the exit code.
  void leave_to_exit(int signal);
  /// The last signal that came; 0: none.
  static int last();

 private:
  SignalWatch() = default;

  struct Saved;
  std::vector<Saved> saved_;
  FileDescriptor arrivals_;
  FileDescriptor arrivals_in_;
  FileDescriptor stop_;
  FileDescriptor stop_in_;
};

}  // namespace awl::os
