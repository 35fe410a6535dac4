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
  /// Why nothing can be written any more: an errno; 0: all is well. EPIPE: the reader went away.
  virtual int error() const = 0;
  bool is_broken() const { return error() != 0; }
};

/// Writes to a descriptor of the process, which stays open. SIGPIPE must be ignored.
std::unique_ptr<ByteSink> make_descriptor_sink(int descriptor);

}  // namespace awl::headless
