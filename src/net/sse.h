// Server-sent events, as far as the Messages API uses them.
// Source: WHATWG HTML, section 9.2 "Server-sent events", "Interpreting an event stream".
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace awl::net {

struct SseEvent {
  std::string_view name;  ///< the `event` field, or "message"
  std::string_view data;  ///< `data` lines joined with newlines; valid until the callback returns
};

/// Incremental parser: bytes may be split anywhere; lines end in LF, CR or CRLF; a BOM at the start,
/// comments are skipped; an event without data is not dispatched.
class SseParser {
 public:
  using Callback = std::function<void(const SseEvent&)>;
  /// `max_event_bytes` bounds one line and one event's data.
  explicit SseParser(size_t max_event_bytes = 64 << 20);
  /// Calls `on_event` for each event that `bytes` completes. Errors: kParse, when an event exceeds
  /// the bound; every later call then fails too.
  Result<> feed(std::string_view bytes, const Callback& on_event);

  /// The last `id` of a complete event; empty: none had one.
  const std::string& last_id() const { return last_id_; }
  /// After which pause a stream that ended should be opened again; nullopt: the server did not say.
  std::optional<std::chrono::milliseconds> retry() const { return retry_; }

 private:
  // What is left of `bytes` after the byte order mark of the stream.
  std::string_view skip_bom(std::string_view bytes);
  Result<> end_line(std::string_view line, const Callback& on_event);
  Result<> append_data(std::string_view value);
  std::unexpected<Error> too_large();

  size_t max_event_bytes_;
  std::string line_;  // the beginning of a line whose end has not been seen
  std::string name_;
  std::string data_;
  std::string id_;
  std::string last_id_;
  std::optional<std::chrono::milliseconds> retry_;
  size_t bom_bytes_ = 0;  // how many bytes of the byte order mark have been seen
  bool at_start_ = true;  // the byte order mark can still come
  bool has_data_ = false;
  bool last_was_cr_ = false;
  bool failed_ = false;
};

}  // namespace awl::net
