#include "acp/prompt_blocks.h"

#include <fmt/format.h>

#include "anthropic/conversation.h"
#include "base/encoding.h"

namespace awl::acp {

namespace {

constexpr std::string_view kFileScheme = "file://";

// "@/src/main.cpp" for a file of this machine, else the address itself.
std::string mention_of(const std::string& uri) {
  if (!uri.starts_with(kFileScheme)) return uri;
  return "@" + percent_decode(uri.substr(kFileScheme.size()));
}

Result<json::Value> to_block(const json::Value& part) {
  const std::string type = json::string_or_empty(part, "type");
  const auto text_block = [](const std::string& text) {
    return json::Value{{"type", "text"}, {"text", text}};
  };
  if (type == "text") return text_block(json::string_or_empty(part, "text"));
  if (type == "resource_link") return text_block(mention_of(json::string_or_empty(part, "uri")));
  if (type == "image") {
    return json::Value{{"type", "image"},
                       {"source",
                        {{"type", "base64"},
                         {"media_type", json::string_or_empty(part, "mimeType")},
                         {"data", json::string_or_empty(part, "data")}}}};
  }
  if (type == "resource") {
    const json::Value* resource = json::find(part, "resource");
    const auto text = resource == nullptr ? std::nullopt : json::get_string(*resource, "text");
    if (text) return text_block(fmt::format("{}:\n\n{}", json::string_or_empty(*resource, "uri"), *text));
  }
  return fail(ErrorKind::kInvalidInput, fmt::format("content of the type \"{}\" cannot be sent", type));
}

}  // namespace

Result<std::string> to_message_content(const json::Value& prompt) {
  json::Value blocks = json::Value::array();
  std::string text;
  if (!prompt.is_array()) return fail(ErrorKind::kInvalidInput, "`prompt` must be a list of content blocks");
  for (const json::Value& part : prompt) {
    AWL_TRY(json::Value block, to_block(part));
    if (json::string_or_empty(block, "type") == "text") {
      // One text, so that a command or a mention in it is one.
      if (!text.empty() && !text.ends_with('\n') && !text.ends_with(' ')) text += ' ';
      text += json::string_or_empty(block, "text");
    } else {
      blocks.push_back(std::move(block));
    }
  }
  if (!text.empty()) blocks.push_back({{"type", "text"}, {"text", text}});
  if (blocks.empty()) return fail(ErrorKind::kInvalidInput, "the prompt is empty");
  return json::dump(blocks);
}

}  // namespace awl::acp
