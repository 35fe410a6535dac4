#include "session/transcript_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

namespace awl::session {

namespace {

bool ends_torn(int file) {
  const off_t size = ::lseek(file, 0, SEEK_END);
  char last = '\n';
  return size > 0 && ::pread(file, &last, 1, size - 1) == 1 && last != '\n';
}

}  // namespace

Result<std::unique_ptr<TranscriptFile>> TranscriptFile::open(const os::Path& path) {
  AWL_CHECK(os::make_directories(path.parent_path(), 0700));
  os::FileDescriptor file(::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
  if (!file.is_open()) return std::unexpected(os::system_error("open", path, errno));
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return std::unexpected(os::system_error("lock", path, errno));
    return fail(ErrorKind::kPermissionDenied,
                fmt::format("another process is writing to this session ({})", path.filename().string()),
                "End it, or go on in a copy with --fork-session.");
  }
  std::unique_ptr<TranscriptFile> transcript(new TranscriptFile(std::move(file)));
  transcript->torn_ = ends_torn(transcript->file_.get());
  return transcript;
}

Result<> TranscriptFile::append(std::string_view record) {
  std::string line = torn_ ? "\n" : "";
  line += record;
  line += '\n';
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t written = ::write(file_.get(), rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int error = errno;
      torn_ = torn_ || rest.size() < line.size();
      return std::unexpected(os::system_error("write to", "the transcript", error));
    }
    rest.remove_prefix(static_cast<size_t>(written));
  }
  torn_ = false;
  return {};
}

}  // namespace awl::session
