#include "os/file_watch.h"

#include <fmt/format.h>
#include <sys/inotify.h>

#include <array>
#include <boost/asio/use_awaitable.hpp>
#include <cstring>
#include <system_error>

namespace awl::os {

namespace {

constexpr size_t kBufferBytes = 16 << 10;
constexpr uint32_t kEvents = IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO;

// A file that is made is told when it has been written.
std::optional<FileChange::Kind> kind_of(const inotify_event& event) {
  if ((event.mask & (IN_DELETE | IN_MOVED_FROM)) != 0) return FileChange::Kind::kRemoved;
  if ((event.mask & IN_MOVED_TO) != 0) return FileChange::Kind::kAdded;
  if ((event.mask & IN_CLOSE_WRITE) != 0) return FileChange::Kind::kChanged;
  return std::nullopt;
}

}  // namespace

FileWatch::FileWatch(const Executor& executor) : events_(executor) {}

Result<> FileWatch::add(const Path& file) {
  const auto failed = [&file] {
    return fail(ErrorKind::kIo, fmt::format("{} cannot be watched: {}", file.parent_path().string(),
                                            std::generic_category().message(errno)));
  };
  if (!events_.is_open()) {
    const int descriptor = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (descriptor < 0) return failed();
    events_.assign(descriptor);
  }
  const int watch = ::inotify_add_watch(events_.native_handle(), file.parent_path().c_str(), kEvents);
  if (watch < 0) return failed();
  folders_[watch] = file.parent_path();
  files_.insert(file);
  return {};
}

Task<> FileWatch::run(std::function<void(const FileChange&)> tell) {
  alignas(inotify_event) std::array<char, kBufferBytes> buffer{};
  std::set<Path> made;
  for (;;) {
    const size_t size =
        co_await events_.async_read_some(boost::asio::buffer(buffer), boost::asio::use_awaitable);
    for (size_t at = 0; at + sizeof(inotify_event) <= size;) {
      inotify_event event{};
      std::memcpy(&event, buffer.data() + at, sizeof event);
      const std::string name(event.len == 0 ? "" : buffer.data() + at + sizeof event);
      at += sizeof event + event.len;
      const auto folder = folders_.find(event.wd);
      if (folder == folders_.end() || name.empty()) continue;
      const Path path = folder->second / name;
      if (!files_.contains(path)) continue;
      if ((event.mask & IN_CREATE) != 0) made.insert(path);
      const auto kind = kind_of(event);
      if (!kind) continue;
      const bool is_new = *kind == FileChange::Kind::kChanged && made.erase(path) > 0;
      tell({path, is_new ? FileChange::Kind::kAdded : *kind});
    }
  }
}

}  // namespace awl::os
