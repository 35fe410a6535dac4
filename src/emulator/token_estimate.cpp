#include "emulator/token_estimate.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "emulator/prompt_blocks.h"

namespace awl::emulator {

namespace {

constexpr size_t kImageBytes = 6'400;  // as many as 1,600 tokens have
// A page of a PDF has about 20 KB, as base64 27 KB, and counts about 2,000 tokens, which are 8 KB of text.
constexpr size_t kDocumentTenths = 3;
constexpr size_t kSyntaxBytes = 4;  // of a field: quotes, colon, comma

bool is_base64(const json::Value& source) { return json::string_or_empty(source, "type") == "base64"; }

size_t weight(const json::Value& value);

size_t object_weight(const json::Value& object) {
  if (is_base64(object)) {
    const bool is_image = json::string_or_empty(object, "media_type").starts_with("image/");
    const json::Value* data = json::find(object, "data");
    const size_t bytes =
        data != nullptr && data->is_string() ? data->get_ref<const std::string&>().size() : 0;
    return is_image ? kImageBytes : std::max(kImageBytes, bytes * kDocumentTenths / 10);
  }
  size_t bytes = 2;
  for (const auto& item : object.items()) {
    if (item.key() == "cache_control") continue;
    bytes += item.key().size() + kSyntaxBytes + weight(item.value());
  }
  return bytes;
}

size_t weight(const json::Value& value) {
  if (value.is_string()) return value.get_ref<const std::string&>().size() + 2;
  if (value.is_object()) return object_weight(value);
  if (!value.is_array()) return json::dump(value).size();
  size_t bytes = 2;
  for (const json::Value& element : value) bytes += weight(element) + 1;
  return bytes;
}

}  // namespace

long long estimate_tokens(size_t bytes) {
  return std::max<long long>(1, static_cast<long long>((bytes + 3) / 4));
}

long long estimate_block_tokens(const json::Value& block) { return estimate_tokens(weight(block)); }

long long estimate_input_tokens(const json::Value& request) {
  long long tokens = kTurnTokens;
  for_each_prompt_block(request,
                        [&](const PromptBlock& block) { tokens += estimate_block_tokens(*block.value); });
  return tokens;
}

}  // namespace awl::emulator
