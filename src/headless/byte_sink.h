#pragma once

#include <memory>
#include <string_view>

namespace awl::headless {

/// Where output goes.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  /// Writes everything before it returns. After a failure further bytes are dropped.
  virtual void write(std::string_view bytes) = 0;
  /// Why nothing can be written any more: an errno; 0: all is well. EPIPE: the reader went away; ECANCELED:
  /// it took nothing when the run was to end.
  virtual int error() const = 0;
  bool is_broken() const { return error() != 0; }
};

/// Writes to a descriptor of the process, which stays open. SIGPIPE must be ignored. A write waits for a
/// reader that does not read, however long; once the descriptor `stop` (-1: none) can be read, a second at
/// most.
std::unique_ptr<ByteSink> make_descriptor_sink(int descriptor, int stop = -1);

}  // namespace awl::headless
