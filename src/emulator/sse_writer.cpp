#include "emulator/sse_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/utf8.h"

namespace awl::emulator {

namespace {

std::string event(std::string_view type, json::Value fields) {
  json::Value data = {{"type", std::string(type)}};
  data.update(fields);
  return fmt::format("event: {}\ndata: {}\n\n", type, json::dump(data));
}

/// Cuts text into deltas; at least one, so that every block has a delta.
std::vector<std::string> chunks(std::string_view text, size_t chunk_bytes) {
  std::vector<std::string> pieces;
  const size_t size = std::max<size_t>(chunk_bytes, 4);
  while (!text.empty()) {
    std::string_view piece = utf8_prefix(text, size);
    if (piece.empty()) piece = text.substr(0, size);  // not UTF-8: send it all the same
    pieces.emplace_back(piece);
    text.remove_prefix(piece.size());
  }
  if (pieces.empty()) pieces.emplace_back();
  return pieces;
}

std::string delta(size_t index, json::Value fields) {
  return event("content_block_delta", {{"index", index}, {"delta", std::move(fields)}});
}

std::string block_start(size_t index, const Block& block) {
  json::Value content;
  switch (block.kind) {
    case Block::Kind::kText:
      content = {{"type", "text"}, {"text", ""}};
      break;
    case Block::Kind::kThinking:
      content = {{"type", "thinking"}, {"thinking", ""}, {"signature", ""}};
      break;
    case Block::Kind::kToolUse:
      content = {
          {"type", "tool_use"}, {"id", block.id}, {"name", block.name}, {"input", json::Value::object()}};
      break;
    case Block::Kind::kOther:
      content = json::parse(block.json).value_or(json::Value::object());
      break;
  }
  return event("content_block_start", {{"index", index}, {"content_block", std::move(content)}});
}

void append_deltas(std::vector<std::string>& events, size_t index, const Block& block, size_t chunk_bytes) {
  switch (block.kind) {
    case Block::Kind::kText:
      for (std::string& piece : chunks(block.text, chunk_bytes)) {
        events.push_back(delta(index, {{"type", "text_delta"}, {"text", std::move(piece)}}));
      }
      break;
    case Block::Kind::kThinking:
      for (std::string& piece : chunks(block.text, chunk_bytes)) {
        events.push_back(delta(index, {{"type", "thinking_delta"}, {"thinking", std::move(piece)}}));
      }
      events.push_back(delta(index, {{"type", "signature_delta"}, {"signature", block.signature}}));
      break;
    case Block::Kind::kToolUse:
      events.push_back(delta(index, {{"type", "input_json_delta"}, {"partial_json", ""}}));
      for (std::string& piece : chunks(block.json, chunk_bytes)) {
        events.push_back(delta(index, {{"type", "input_json_delta"}, {"partial_json", std::move(piece)}}));
      }
      break;
    case Block::Kind::kOther:
      break;
  }
}

json::Value start_fields(const Message& message) {
  Usage usage = message.usage;
  usage.output_tokens = 1;
  return {{"message",
           {{"id", message.id},
            {"type", "message"},
            {"role", "assistant"},
            {"model", message.model},
            {"content", json::Value::array()},
            {"stop_reason", nullptr},
            {"stop_sequence", nullptr},
            {"usage", usage_json(usage)}}}};
}

}  // namespace

std::vector<std::string> message_events(const Message& message, size_t chunk_bytes) {
  std::vector<std::string> events;
  events.push_back(event("message_start", start_fields(message)));
  for (size_t index = 0; index < message.content.size(); ++index) {
    const Block& block = message.content[index];
    events.push_back(block_start(index, block));
    if (index == 0) events.push_back(event("ping", json::Value::object()));
    append_deltas(events, index, block, chunk_bytes);
    events.push_back(event("content_block_stop", {{"index", index}}));
  }
  events.push_back(
      event("message_delta", {{"delta", {{"stop_reason", message.stop_reason}, {"stop_sequence", nullptr}}},
                              {"usage",
                               {{"input_tokens", message.usage.input_tokens},
                                {"cache_creation_input_tokens", message.usage.cache_creation_input_tokens},
                                {"cache_read_input_tokens", message.usage.cache_read_input_tokens},
                                {"output_tokens", message.usage.output_tokens}}}}));
  events.push_back(event("message_stop", json::Value::object()));
  return events;
}

}  // namespace awl::emulator
