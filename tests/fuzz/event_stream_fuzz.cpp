// A stream means the same however it is split, and no bytes do more than end it.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "aws/event_stream.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  awl::aws::EventStreamDecoder whole;
  const auto messages = whole.feed(bytes);
  awl::aws::EventStreamDecoder split;
  size_t count = 0;
  bool failed = false;
  for (size_t at = 0; at < size && !failed; at += 7) {
    const auto part = split.feed(bytes.substr(at, 7));
    failed = !part;
    if (part) count += part->size();
  }
  if (messages.has_value() == failed) std::abort();
  if (messages && messages->size() != count) std::abort();
  return 0;
}
