#include "net/sse.h"

#include <fmt/format.h>

#include <cstring>

#include "base/strings.h"

namespace awl::net {

namespace {

constexpr std::string_view kBom = "\xEF\xBB\xBF";

// Finds one byte value over and over in the same text. A line ends at the nearer one of CR and LF;
// remembering the position of the farther one keeps the whole scan linear.
class ByteFinder {
 public:
  ByteFinder(std::string_view text, char byte) : text_(text), byte_(byte), next_(find(0)) {}
  // The first position at or after `from`, or the size of the text.
  size_t at_or_after(size_t from) {
    if (next_ < from) next_ = find(from);
    return next_;
  }

 private:
  size_t find(size_t from) const {
    if (from >= text_.size()) return text_.size();
    const void* found = std::memchr(text_.data() + from, byte_, text_.size() - from);
    return found ? static_cast<size_t>(static_cast<const char*>(found) - text_.data()) : text_.size();
  }
  std::string_view text_;
  char byte_;
  size_t next_;
};

}  // namespace

SseParser::SseParser(size_t max_event_bytes) : max_event_bytes_(max_event_bytes) {}

Result<> SseParser::feed(std::string_view bytes, const Callback& on_event) {
  if (failed_) return too_large();
  if (at_start_) bytes = skip_bom(bytes);
  ByteFinder lf(bytes, '\n');
  ByteFinder cr(bytes, '\r');
  size_t position = 0;
  while (position < bytes.size()) {
    if (last_was_cr_) {
      last_was_cr_ = false;
      if (bytes[position] == '\n') {
        ++position;
        continue;
      }
    }
    const size_t end = std::min(lf.at_or_after(position), cr.at_or_after(position));
    const std::string_view piece = bytes.substr(position, end - position);
    if (line_.size() + piece.size() > max_event_bytes_) return too_large();
    if (end == bytes.size()) {
      line_ += piece;
      break;
    }
    if (line_.empty()) {
      AWL_CHECK(end_line(piece, on_event));
    } else {
      line_ += piece;
      AWL_CHECK(end_line(line_, on_event));
      line_.clear();
    }
    last_was_cr_ = bytes[end] == '\r';
    position = end + 1;
  }
  return {};
}

std::string_view SseParser::skip_bom(std::string_view bytes) {
  while (!bytes.empty()) {
    if (bytes.front() != kBom[bom_bytes_]) {
      line_ = kBom.substr(0, bom_bytes_);  // it was no byte order mark: these bytes begin the first line
      at_start_ = false;
      break;
    }
    bytes.remove_prefix(1);
    if (++bom_bytes_ == kBom.size()) {
      at_start_ = false;
      break;
    }
  }
  return bytes;
}

Result<> SseParser::end_line(std::string_view line, const Callback& on_event) {
  if (line.empty()) {
    if (has_data_) on_event({name_.empty() ? std::string_view("message") : std::string_view(name_), data_});
    last_id_ = id_;
    name_.clear();
    data_.clear();
    has_data_ = false;
    return {};
  }
  const size_t colon = line.find(':');
  const std::string_view field = line.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "data") return append_data(value);
  if (field == "event") name_ = value;
  if (field == "id" && !value.contains('\0')) id_ = value;
  if (field == "retry") {
    if (const auto pause = parse_integer(value)) retry_ = std::chrono::milliseconds(*pause);
  }
  return {};
}

Result<> SseParser::append_data(std::string_view value) {
  if (data_.size() + (has_data_ ? 1 : 0) + value.size() > max_event_bytes_) return too_large();
  if (has_data_) data_ += '\n';
  data_ += value;
  has_data_ = true;
  return {};
}

std::unexpected<Error> SseParser::too_large() {
  failed_ = true;
  return fail(ErrorKind::kParse,
              fmt::format("the event stream contains an event of more than {} bytes", max_event_bytes_));
}

}  // namespace awl::net
