// Images and documents in a conversation: where they are, and how to take one out.
#include <algorithm>

#include "anthropic/conversation.h"
#include "base/strings.h"
#include "json/raw.h"

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

// Messages are megabytes of base64: they are looked through as they stand, and never built as trees.
bool is_media(std::string_view block) {
  const std::string type = json::raw_text(block, "type");
  return type == "image" || type == "document";
}

// Bytes of the images and documents in a block: itself, or what its tool result holds.
size_t media_bytes(std::string_view block) {
  if (is_media(block)) return block.size();
  size_t bytes = 0;
  for (const std::string_view inner : json::raw_elements(json::raw_member(block, "content"))) {
    if (is_media(inner)) bytes += inner.size();
  }
  return bytes;
}

// The block with the note where an image or document was.
std::string with_note(std::string_view block, std::string_view note) {
  if (is_media(block)) return text_block(note);
  const std::string_view content = json::raw_member(block, "content");
  if (!content.starts_with('[')) return std::string(block);
  std::vector<std::string> parts;
  for (const std::string_view inner : json::raw_elements(content))
    parts.push_back(is_media(inner) ? text_block(note) : std::string(inner));
  const auto before = static_cast<size_t>(content.data() - block.data());
  return std::string(block.substr(0, before)) + "[" + join(parts, ",") + "]" +
         std::string(block.substr(before + content.size()));
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
    const auto blocks = json::raw_elements(json::raw_member(bytes, "content"));
    for (size_t k = 0; k < blocks.size(); ++k) {
      if (const size_t size = media_bytes(blocks[k]); size > 0) places.push_back({i, k, size});
    }
  }
  return places;
}

void Conversation::replace_media(const MediaPlace& place, std::string_view note) {
  if (place.message >= messages_.size()) return;
  const auto content = json::raw_elements(json::raw_member(messages_[place.message].bytes, "content"));
  std::vector<std::string> blocks;
  for (size_t k = 0; k < content.size(); ++k)
    blocks.push_back(k == place.block ? with_note(content[k], note) : std::string(content[k]));
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
