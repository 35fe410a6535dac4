// Images and documents in a conversation: where they are, and how to take one out.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "anthropic/conversation.h"
#include "json/json.h"

namespace awl::anthropic {

namespace {

constexpr std::string_view kImage = R"("type":"image")";
constexpr std::string_view kDocument = R"("type":"document")";
constexpr std::string_view kBase64 = R"("type":"base64")";
constexpr std::string_view kData = R"("data":")";

// An image of the largest size that the API does not shrink is some 1,600 tokens; a page of a PDF, text and
// picture, is some 3,000 tokens for about 70 KB of base64.
constexpr size_t kImageCounts = 4'800;
constexpr size_t kDocumentDivisor = 8;

bool is_media(const json::Value& block) {
  const std::string type = json::string_or_empty(block, "type");
  return type == "image" || type == "document";
}

// Bytes of the images and documents in a block: itself, or what its tool result holds.
size_t media_bytes(const json::Value& block) {
  if (is_media(block)) return json::dump(block).size();
  size_t bytes = 0;
  const json::Value* content = json::find(block, "content");
  if (content == nullptr || !content->is_array()) return 0;
  for (const json::Value& inner : *content) {
    if (is_media(inner)) bytes += json::dump(inner).size();
  }
  return bytes;
}

void put_note(json::Value& block, std::string_view note) {
  if (is_media(block)) {
    block = {{"type", "text"}, {"text", note}};
    return;
  }
  if (!block.contains("content") || !block["content"].is_array()) return;
  for (json::Value& inner : block["content"]) {
    if (is_media(inner)) inner = {{"type", "text"}, {"text", note}};
  }
}

}  // namespace

size_t count_images(std::string_view block_json) {
  size_t count = 0;
  // Inside of a JSON string the quotes would be escaped: this is a block's type.
  for (size_t at = block_json.find(kImage); at != std::string_view::npos;
       at = block_json.find(kImage, at + 1))
    ++count;
  return count;
}

size_t count_block_bytes(std::string_view block_json) {
  size_t counted = block_json.size();
  if (block_json.find(kBase64) == std::string_view::npos) return counted;
  const bool has_document = block_json.find(kDocument) != std::string_view::npos;
  for (size_t at = block_json.find(kData); at != std::string_view::npos; at = block_json.find(kData, at)) {
    at += kData.size();
    const size_t length = std::min(block_json.find('"', at), block_json.size()) - at;
    counted -= length - std::min(length, has_document ? length / kDocumentDivisor : kImageCounts);
    at += length;
  }
  return counted;
}

std::vector<MediaPlace> Conversation::media() const {
  std::vector<MediaPlace> places;
  for (size_t i = 0; i < messages_.size(); ++i) {
    const std::string_view bytes = messages_[i].bytes;
    if (!messages_[i].from_user) continue;
    if (bytes.find(kImage) == std::string_view::npos && bytes.find(kDocument) == std::string_view::npos)
      continue;
    const auto message = json::parse(bytes);
    if (!message) continue;
    const json::Value& content = (*message)["content"];
    for (size_t k = 0; k < content.size(); ++k) {
      if (const size_t size = media_bytes(content[k]); size > 0) places.push_back({i, k, size});
    }
  }
  return places;
}

void Conversation::replace_media(const MediaPlace& place, std::string_view note) {
  if (place.message >= messages_.size()) return;
  const auto message = json::parse(messages_[place.message].bytes);
  if (!message) return;
  std::vector<std::string> blocks;
  const json::Value& content = (*message)["content"];
  for (size_t k = 0; k < content.size(); ++k) {
    json::Value block = content[k];
    if (k == place.block) put_note(block, note);
    blocks.push_back(json::dump(block));
  }
  Message replaced = serialise("user", blocks, true);
  size_bytes_ += replaced.bytes.size();
  size_bytes_ -= messages_[place.message].bytes.size();
  counted_bytes_ += replaced.counted;
  counted_bytes_ -= messages_[place.message].counted;
  images_ += replaced.images;
  images_ -= messages_[place.message].images;
  messages_[place.message] = std::move(replaced);
}

}  // namespace awl::anthropic
