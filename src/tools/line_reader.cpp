#include "tools/line_reader.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstring>

#include "base/utf8.h"
#include "os/resolved_file.h"
#include "tools/file_rules.h"
#include "tools/text_file.h"

namespace awl::tools {

namespace {

constexpr size_t kChunk = 64 << 10;
constexpr size_t kSlice = 4 << 20;  // bytes between two turns of the loop

size_t digits(size_t number) {
  size_t count = 1;
  for (; number >= 10; number /= 10) ++count;
  return count;
}

// Fills `buffer` as far as the file goes. Errors: an errno value.
std::expected<size_t, int> read_fully(int fd, char* buffer, size_t size) {
  size_t filled = 0;
  while (filled < size) {
    const ssize_t got = ::read(fd, buffer + filled, size - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::unexpected(errno);
    if (got == 0) break;
    filled += static_cast<size_t>(got);
  }
  return filled;
}

}  // namespace

void LineCollector::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto* newline = static_cast<const char*>(std::memchr(bytes.data(), '\n', bytes.size()));
    const size_t length = newline == nullptr ? bytes.size() : static_cast<size_t>(newline - bytes.data());
    if (wanted()) add(bytes.substr(0, length));
    if (newline == nullptr) return;
    if (wanted()) end_line();
    ++line_;
    bytes.remove_prefix(length + 1);
  }
}

void LineCollector::add(std::string_view piece) {
  if (!open_) {
    line_begin_ = page_.text.size();
    if (page_.lines > 0) page_.text += '\n';
    open_ = true;
  }
  page_.text += piece;
  if (cost_ + (page_.text.size() - line_begin_) + digits(line_) + 1 > budget_) cut();
}

void LineCollector::end_line() {
  if (page_.text.size() > line_begin_ && page_.text.back() == '\r') page_.text.pop_back();
  cost_ += page_.text.size() - line_begin_ + digits(line_) + 1;
  ++page_.lines;
  open_ = false;
}

void LineCollector::cut() {
  page_.over_budget = true;
  open_ = false;
  if (page_.lines > 0) {
    page_.text.resize(line_begin_);
    return;
  }
  page_.line_cut = true;
  page_.lines = 1;
  page_.text = utf8_prefix(to_utf8(std::string_view(page_.text).substr(0, budget_)), budget_);
}

Page LineCollector::finish() {
  if (wanted()) add("");
  if (wanted()) {
    ++page_.lines;
    open_ = false;
  }
  page_.total_lines = line_;
  if (!is_utf8(page_.text)) page_.text = to_utf8(page_.text);
  return std::move(page_);
}

OpenFile::OpenFile(OpenFile&& other) noexcept
    : fd(std::exchange(other.fd, -1)), info(other.info), head(std::move(other.head)) {}

OpenFile::~OpenFile() {
  if (fd >= 0) ::close(fd);
}

Result<OpenFile> OpenFile::open(const os::Path& path) {
  OpenFile file;
  AWL_TRY(os::FileDescriptor opened, os::open_resolved(path, O_RDONLY | O_NONBLOCK | O_NOCTTY));
  file.fd = opened.release();
  struct stat s{};
  if (::fstat(file.fd, &s) != 0) return std::unexpected(os::system_error("read", path, errno));
  if (!S_ISREG(s.st_mode)) {
    return fail(ErrorKind::kInvalidInput, fmt::format("{} is not a regular file", to_utf8(path.string())));
  }
  file.info.type = os::FileInfo::Type::kRegular;
  file.info.size_bytes = static_cast<uint64_t>(s.st_size);
  file.info.modified_ns = static_cast<int64_t>(s.st_mtim.tv_sec) * 1'000'000'000 + s.st_mtim.tv_nsec;
  file.head.resize(kChunk);
  const auto got = read_fully(file.fd, file.head.data(), kChunk);
  if (!got) return std::unexpected(os::system_error("read", path, got.error()));
  file.head.resize(*got);
  return file;
}

Task<Result<Page>> read_page(OpenFile& file, LineRange range, size_t budget, bool stop_over_budget,
                             std::string& raw) {
  const Encoding encoding = detect_encoding(file.head);
  const bool keep_raw = file.info.size_bytes <= kLargeFile;
  LineCollector collector(range, budget);
  std::string chunk = std::move(file.head);
  std::string pending;  // UTF-16: the beginning of a unit
  size_t slice = 0;
  bool first = true;
  for (;;) {
    if (keep_raw && raw.size() <= kLargeFile) raw += chunk;
    std::string_view bytes = chunk;
    if (first) bytes.remove_prefix(bom_size(encoding));
    first = false;
    if (is_utf16(encoding)) {
      pending += bytes;
      std::string_view rest = pending;
      collector.feed(decode_utf16(rest, encoding, chunk.empty()));
      pending = std::string(rest);
    } else {
      collector.feed(bytes);
    }
    if (chunk.empty() || (stop_over_budget && collector.over_budget())) break;
    slice += chunk.size();
    if (slice >= kSlice) {
      slice = 0;
      co_await boost::asio::post(boost::asio::use_awaitable);
    }
    chunk.resize(kChunk);
    const auto got = read_fully(file.fd, chunk.data(), kChunk);
    if (!got) {
      co_return fail(ErrorKind::kIo, fmt::format("reading stopped: {}", std::strerror(got.error())));
    }
    chunk.resize(*got);
  }
  co_return collector.finish();
}

}  // namespace awl::tools
