#include "headless/byte_sink.h"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>

namespace awl::headless {

namespace {

// What a reader that does not read is left when the run shall end.
constexpr int kPatienceMs = 1'000;

class DescriptorSink final : public ByteSink {
 public:
  DescriptorSink(int descriptor, int stop) : descriptor_(descriptor), stop_(stop) {
    struct stat status{};
    is_file_ = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
  }

  void write(std::string_view bytes) override {
    while (!bytes.empty() && error_ == 0) {
      if (!is_file_ && !wait_for_room()) return;
      // A pipe with room has room for that much: the write does not wait, which nothing could end.
      const size_t size = is_file_ ? bytes.size() : std::min<size_t>(bytes.size(), PIPE_BUF);
      const ssize_t written = ::write(descriptor_, bytes.data(), size);
      if (written >= 0) {
        bytes.remove_prefix(static_cast<size_t>(written));
      } else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
        error_ = errno;
      }
    }
  }

  int error() const override { return error_; }

 private:
  // False, with the error set, when the run shall end and the reader takes nothing.
  bool wait_for_room() {
    bool stopping = false;
    for (;;) {
      std::array<pollfd, 2> waiting{{{descriptor_, POLLOUT, 0}, {stopping ? -1 : stop_, POLLIN, 0}}};
      const int ready = ::poll(waiting.data(), waiting.size(), stopping ? kPatienceMs : -1);
      if (ready < 0 && errno == EINTR) continue;
      if (waiting[0].revents != 0 || ready < 0) return true;
      if (ready == 0) {
        error_ = ECANCELED;
        return false;
      }
      stopping = true;
    }
  }

  int descriptor_;
  int stop_;
  bool is_file_ = false;
  int error_ = 0;
};

}  // namespace

std::unique_ptr<ByteSink> make_descriptor_sink(int descriptor, int stop) {
  return std::make_unique<DescriptorSink>(descriptor, stop);
}

}  // namespace awl::headless
