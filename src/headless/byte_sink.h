#pragma once

#include <memory>
#include <string_view>

namespace awl::headless {

/// Where output goes.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  /// Writes everything before it returns. A reader that went away is no error here: further bytes are
  /// dropped.
  virtual void write(std::string_view bytes) = 0;
  /// True once the reader went away.
  virtual bool is_broken() const = 0;
};

/// Writes to a descriptor of the process, which stays open. SIGPIPE must be ignored.
std::unique_ptr<ByteSink> make_descriptor_sink(int descriptor);

}  // namespace awl::headless
