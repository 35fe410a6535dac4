// The terminal that a person sits at.
#pragma once

#include <termios.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "async/task.h"
#include "base/error.h"
#include "os/descriptor.h"
#include "tui/key.h"
#include "tui/screen.h"

namespace awl::tui {

/// Gives each key as it is pressed while it lives; gives the terminal back as it was, also when the process
/// crashes. One at a time in the process.
class Terminal {
 public:
  /// The terminal that is standard input. Errors: kUnsupported: it is none, or cannot be used.
  static Result<std::unique_ptr<Terminal>> open(const Executor& executor);
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  void write(std::string_view bytes);
  Size size() const;
  /// The next keys, at least one; empty: the terminal is gone.
  Task<std::vector<Key>> read_keys();
  /// Gives the terminal back, and takes it again: for other programs between the two.
  void release();
  void take();
  /// Stops the process, as Ctrl+Z does, until somebody lets it go on.
  void suspend();

 private:
  Terminal(const Executor& executor, os::FileDescriptor output, int input);

  boost::asio::posix::stream_descriptor input_;
  os::FileDescriptor output_;
  KeyDecoder decoder_;
  bool taken_ = false;
};

}  // namespace awl::tui
