#include "anthropic/conversation.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "json/json.h"

namespace awl::anthropic {

void Conversation::add_user(const std::vector<std::string>& blocks, std::string id) {
  push(serialise("user", blocks, true));
  messages_.back().id = std::move(id);
}
void Conversation::add_assistant(const std::vector<std::string>& blocks) {
  push(serialise("assistant", blocks, false));
}

void Conversation::drop_last() {
  if (messages_.empty()) return;
  size_bytes_ -= messages_.back().bytes.size() + 1;
  counted_bytes_ -= messages_.back().counted;
  images_ -= messages_.back().images;
  messages_.pop_back();
}

void Conversation::keep_first(size_t count) {
  while (messages_.size() > count) drop_last();
}

std::optional<size_t> Conversation::find(std::string_view id) const {
  for (size_t i = 0; i < messages_.size(); ++i) {
    if (!id.empty() && messages_[i].id == id) return i;
  }
  return std::nullopt;
}

void Conversation::replace_start(const std::vector<std::string>& blocks, size_t kept) {
  std::vector<Message> rest;
  for (size_t i = messages_.size() - std::min(kept, messages_.size()); i < messages_.size(); ++i)
    rest.push_back(std::move(messages_[i]));
  messages_.clear();
  size_bytes_ = counted_bytes_ = images_ = 0;
  add_user(blocks);
  for (Message& message : rest) push(std::move(message));
}

void Conversation::push(Message message) {
  size_bytes_ += message.bytes.size() + 1;
  counted_bytes_ += message.counted;
  images_ += message.images;
  messages_.push_back(std::move(message));
}

Conversation::Message Conversation::serialise(std::string_view role, const std::vector<std::string>& blocks,
                                              bool from_user) {
  Message message;
  message.from_user = from_user;
  size_t size = 32;
  for (const std::string& block : blocks) size += block.size() + 1;
  message.bytes.reserve(size);
  message.bytes += R"({"role":")";
  message.bytes += role;
  message.bytes += R"(","content":[)";
  for (size_t i = 0; i < blocks.size(); ++i) {
    if (i > 0) message.bytes += ',';
    message.bytes += blocks[i];
    if (from_user) message.images += count_images(blocks[i]);
    message.counted += from_user ? count_block_bytes(blocks[i]) : blocks[i].size();
  }
  message.marker_at = message.bytes.size() - 1;
  message.bytes += "]}";
  return message;
}

void Conversation::append_to(std::string& body, std::string_view cache_marker) const {
  const size_t last = messages_.size() - 1;
  size_t previous_user = messages_.size();  // none
  for (size_t i = messages_.size(); i-- > 0;) {
    if (i != last && messages_[i].from_user) {
      previous_user = i;
      break;
    }
  }
  body += '[';
  for (size_t i = 0; i < messages_.size(); ++i) {
    if (i > 0) body += ',';
    const std::string_view bytes = messages_[i].bytes;
    if (cache_marker.empty() || (i != last && i != previous_user)) {
      body += bytes;
      continue;
    }
    body += bytes.substr(0, messages_[i].marker_at);
    body += ',';
    body += cache_marker;
    body += bytes.substr(messages_[i].marker_at);
  }
  body += ']';
}

std::string text_block(std::string_view text) {
  return R"({"type":"text","text":)" + json::quote(text) + "}";
}

std::vector<std::string> content_blocks(std::string_view content_json) {
  std::vector<std::string> blocks;
  const auto content = json::parse(content_json);
  if (content && content->is_string()) blocks.push_back(text_block(content->get<std::string>()));
  if (content && content->is_array()) {
    for (const json::Value& block : *content) blocks.push_back(json::dump(block));
  }
  return blocks;
}

}  // namespace awl::anthropic
