#include "aws/event_stream.h"

#include <fmt/format.h>

#include <boost/crc.hpp>
#include <cstdint>
#include <optional>

namespace awl::aws {

namespace {

constexpr size_t kPreludeBytes = 8;
constexpr size_t kCrcBytes = 4;
constexpr size_t kLeastMessageBytes = kPreludeBytes + 2 * kCrcBytes;

std::unexpected<Error> broken_stream(std::string_view why) {
  return fail(ErrorKind::kParse, fmt::format("the event stream is damaged: {}", why),
              "A proxy or gateway on the way may have changed it: it must pass the body through as it is.");
}

uint32_t big_endian(std::string_view bytes, size_t at, size_t count) {
  uint32_t value = 0;
  for (size_t i = 0; i < count; ++i) value = (value << 8U) | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

uint32_t crc32(std::string_view bytes) {
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

// Bytes of a header's value by its type; those of 6 (bytes) and 7 (text) begin with their length.
std::optional<size_t> fixed_size(unsigned char type) {
  switch (type) {
    case 0:
    case 1:
      return 0;
    case 2:
      return 1;
    case 3:
      return 2;
    case 4:
      return 4;
    case 5:
    case 8:
      return 8;
    case 9:
      return 16;
    default:
      return std::nullopt;
  }
}

Result<> read_headers(std::string_view bytes, EventStreamMessage& message) {
  constexpr unsigned char kBytes = 6;
  constexpr unsigned char kText = 7;
  while (!bytes.empty()) {
    const size_t name_size = static_cast<unsigned char>(bytes[0]);
    if (bytes.size() < name_size + 2) return broken_stream("a header is cut off");
    const std::string_view name = bytes.substr(1, name_size);
    const auto type = static_cast<unsigned char>(bytes[1 + name_size]);
    bytes.remove_prefix(name_size + 2);
    size_t size = 0;
    if (type == kBytes || type == kText) {
      if (bytes.size() < 2) return broken_stream("a header is cut off");
      size = big_endian(bytes, 0, 2);
      bytes.remove_prefix(2);
    } else if (const auto known = fixed_size(type)) {
      size = *known;
    } else {
      return broken_stream(fmt::format("a header is of the unknown type {}", type));
    }
    if (bytes.size() < size) return broken_stream("a header is cut off");
    if (type == kText) message.headers[std::string(name)] = bytes.substr(0, size);
    bytes.remove_prefix(size);
  }
  return {};
}

Result<EventStreamMessage> read_message(std::string_view bytes, size_t headers_size) {
  const size_t body_end = bytes.size() - kCrcBytes;
  if (crc32(bytes.substr(0, body_end)) != big_endian(bytes, body_end, kCrcBytes))
    return broken_stream("the checksum of a message does not fit");
  EventStreamMessage message;
  const std::string_view body = bytes.substr(kPreludeBytes + kCrcBytes, body_end - kPreludeBytes - kCrcBytes);
  AWL_CHECK(read_headers(body.substr(0, headers_size), message));
  message.payload = body.substr(headers_size);
  return message;
}

}  // namespace

std::string EventStreamMessage::header(std::string_view name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

Result<std::vector<EventStreamMessage>> EventStreamDecoder::feed(std::string_view bytes) {
  buffer_ += bytes;
  std::vector<EventStreamMessage> messages;
  size_t at = 0;
  while (buffer_.size() - at >= kPreludeBytes + kCrcBytes) {
    const std::string_view rest = std::string_view(buffer_).substr(at);
    if (crc32(rest.substr(0, kPreludeBytes)) != big_endian(rest, kPreludeBytes, kCrcBytes))
      return broken_stream("the checksum of a message's beginning does not fit");
    const size_t total = big_endian(rest, 0, 4);
    const size_t headers_size = big_endian(rest, 4, 4);
    if (total < kLeastMessageBytes || total > kMaxMessageBytes || headers_size > total - kLeastMessageBytes)
      return broken_stream("the length of a message cannot be");
    if (rest.size() < total) break;
    AWL_TRY(EventStreamMessage message, read_message(rest.substr(0, total), headers_size));
    messages.push_back(std::move(message));
    at += total;
  }
  buffer_.erase(0, at);
  return messages;
}

}  // namespace awl::aws
