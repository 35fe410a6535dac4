#include "tools/bash_output.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "base/utf8.h"

namespace awl::tools {

namespace {

constexpr size_t kPreviewBytes = 2000;
constexpr size_t kMaxBytesPerChar = 4;

std::string read_range(int fd, uint64_t offset, size_t count) {
  std::string bytes(count, '\0');
  size_t filled = 0;
  while (filled < count) {
    const ssize_t got =
        ::pread(fd, bytes.data() + filled, count - filled, static_cast<off_t>(offset + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    filled += static_cast<size_t>(got);
  }
  bytes.resize(filled);
  return bytes;
}

void trim_blank_start(std::string& text) {
  const size_t first = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  const size_t line = text.rfind('\n', first);
  if (first == text.size()) {
    text.clear();
  } else if (line != std::string::npos && line < first) {
    text.erase(0, line + 1);
  }
}

void trim_line_ends(std::string& text) { text.erase(text.find_last_not_of("\r\n") + 1); }

size_t count_chars(std::string_view text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

uint64_t file_size(int fd) {
  struct stat info{};
  return ::fstat(fd, &info) == 0 ? static_cast<uint64_t>(info.st_size) : 0;
}

// The file's text when it is short enough to be shown.
bool read_whole(int fd, size_t max_chars, ShownOutput& output) {
  output.size_bytes = file_size(fd);
  // A character has at most four bytes, so a file beyond that needs no counting.
  if (output.size_bytes > max_chars * kMaxBytesPerChar) return false;
  output.text = to_utf8(read_range(fd, 0, output.size_bytes));
  trim_blank_start(output.text);
  trim_line_ends(output.text);
  return output.text.size() <= max_chars || count_chars(output.text) <= max_chars;
}

// The part of `text` up to its last line end, if that is not much shorter.
std::string_view whole_lines(std::string_view text) {
  const size_t end = text.rfind('\n');
  return end == std::string_view::npos || end < text.size() / 2 ? text : text.substr(0, end);
}

}  // namespace

ShownOutput read_whole_or_start(int fd, size_t max_chars) {
  ShownOutput output;
  if (read_whole(fd, max_chars, output)) return output;
  output.whole = false;
  output.text = to_utf8(read_range(fd, 0, std::min<uint64_t>(output.size_bytes, kPreviewBytes * 2)));
  trim_blank_start(output.text);
  output.text = std::string(whole_lines(utf8_prefix(output.text, std::min(kPreviewBytes, max_chars))));
  trim_line_ends(output.text);
  return output;
}

ShownOutput read_whole_or_ends(int fd, size_t max_chars) {
  ShownOutput output;
  if (read_whole(fd, max_chars, output)) return output;
  output.whole = false;
  const size_t part = max_chars / 2;
  const size_t read_bytes = std::min<uint64_t>(output.size_bytes, part + kMaxBytesPerChar);
  std::string head = to_utf8(read_range(fd, 0, read_bytes));
  trim_blank_start(head);
  head = std::string(utf8_prefix(head, part));
  std::string tail = to_utf8(read_range(fd, output.size_bytes - read_bytes, read_bytes));
  trim_line_ends(tail);
  tail = std::string(utf8_suffix(tail, part));
  const uint64_t shown = std::min<uint64_t>(head.size() + tail.size(), output.size_bytes);
  output.text = fmt::format("{}\n\n[… {} bytes left out …]\n\n{}", head, output.size_bytes - shown, tail);
  return output;
}

}  // namespace awl::tools
