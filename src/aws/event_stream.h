// The binary event stream of AWS services. Source: AWS, "application/vnd.amazon.eventstream" (Amazon
// Transcribe Developer Guide, "Event stream encoding").
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace awl::aws {

struct EventStreamMessage {
  std::map<std::string, std::string, std::less<>>
      headers;  ///< those that are text; ":event-type", ":message-type", …
  std::string payload;

  std::string header(std::string_view name) const;
};

/// Cuts a stream into its messages, however the bytes arrive. Both checksums of each message are checked.
class EventStreamDecoder {
 public:
  static constexpr size_t kMaxMessageBytes = 24
                                             << 20;  // of the format: 16 MB of payload and 128 KB of headers

  /// The messages that these bytes complete. Errors: kParse (a checksum that does not fit, a length that
  /// cannot be, a header that is cut off); nothing can be read after one.
  Result<std::vector<EventStreamMessage>> feed(std::string_view bytes);
  /// Whether the bytes so far end between two messages.
  bool at_boundary() const { return buffer_.empty(); }

 private:
  std::string buffer_;
};

}  // namespace awl::aws
