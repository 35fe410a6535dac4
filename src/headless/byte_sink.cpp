#include "headless/byte_sink.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace awl::headless {

namespace {

class DescriptorSink final : public ByteSink {
 public:
  explicit DescriptorSink(int descriptor) : descriptor_(descriptor) {}

  void write(std::string_view bytes) override {
    while (!bytes.empty() && error_ == 0) {
      const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written >= 0) {
        bytes.remove_prefix(static_cast<size_t>(written));
      } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
        // Somebody else made the shared description non-blocking.
        pollfd waiting{descriptor_, POLLOUT, 0};
        ::poll(&waiting, 1, -1);
      } else if (errno != EINTR) {
        error_ = errno;
      }
    }
  }

  int error() const override { return error_; }

 private:
  int descriptor_;
  int error_ = 0;
};

}  // namespace

std::unique_ptr<ByteSink> make_descriptor_sink(int descriptor) {
  return std::make_unique<DescriptorSink>(descriptor);
}

}  // namespace awl::headless
