#include "anthropic/stream_events.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace awl::anthropic {

namespace {

std::unexpected<Error> malformed(std::string_view type, std::string_view what) {
  return fail(ErrorKind::kParse, fmt::format("the stream's {} event has no {}", type, what));
}

Result<size_t> index_of(const json::Value& event, std::string_view type) {
  const auto index = json::get_integer(event, "index");
  if (!index || *index < 0) return malformed(type, "index");
  return static_cast<size_t>(*index);
}

json::Value take(json::Value& object, std::string_view key) {
  const auto found = object.find(key);
  return found == object.end() ? json::Value() : std::move(*found);
}

Result<ParsedEvent> parse_block_event(std::string_view type, json::Value& event) {
  AWL_TRY(const size_t index, index_of(event, type));
  if (type == "content_block_stop") return BlockStop{index};
  if (type == "content_block_start") {
    json::Value block = take(event, "content_block");
    if (!block.is_object() || !json::get_string(block, "type")) return malformed(type, "content_block");
    return BlockStart{index, std::move(block)};
  }
  json::Value delta = take(event, "delta");
  const auto delta_type = json::get_string(delta, "type");
  if (!delta_type) return malformed(type, "delta");
  return BlockDelta{index, *delta_type, std::move(delta)};
}

}  // namespace

Result<ParsedEvent> parse_stream_event(std::string_view data) {
  AWL_TRY(json::Value event, json::parse(data));
  const auto type = json::get_string(event, "type");
  if (!type) return fail(ErrorKind::kParse, "an event of the stream has no type");
  if (*type == "content_block_delta" || *type == "content_block_start" || *type == "content_block_stop") {
    return parse_block_event(*type, event);
  }
  if (*type == "message_start") {
    json::Value message = take(event, "message");
    const auto id = json::get_string(message, "id");
    if (!id) return malformed(*type, "message");
    return MessageStart{*id, json::string_or_empty(message, "model"), take(message, "usage")};
  }
  if (*type == "message_delta") {
    const json::Value delta = take(event, "delta");
    StopDetails details;
    if (const json::Value* given = json::find(delta, "stop_details")) {
      details = {json::string_or_empty(*given, "category"), json::string_or_empty(*given, "explanation")};
    }
    return MessageDelta{json::string_or_empty(delta, "stop_reason"), std::move(details),
                        take(event, "usage")};
  }
  if (*type == "message_stop") return MessageStop{};
  if (*type == "error") {
    const json::Value error = take(event, "error");
    return StreamError{json::string_or_empty(error, "type"), json::string_or_empty(error, "message")};
  }
  return OtherEvent{*type};
}

}  // namespace awl::anthropic
