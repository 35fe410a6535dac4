#include "emulator/message.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "base/uuid.h"
#include "crypto/sha256.h"
#include "emulator/token_estimate.h"

namespace awl::emulator {

namespace {

constexpr std::string_view kSignaturePrefix = "awl-emulator:";
constexpr std::string_view kSignatureKey = "awl-emulator thinking blocks";

json::Value block_json(const Block& block) {
  switch (block.kind) {
    case Block::Kind::kText:
      return {{"type", "text"}, {"text", block.text}};
    case Block::Kind::kThinking:
      return {{"type", "thinking"}, {"thinking", block.text}, {"signature", block.signature}};
    case Block::Kind::kToolUse: {
      auto input = json::parse(block.json);
      json::Value object =
          input.has_value() && input->is_object() ? std::move(*input) : json::Value::object();
      return {{"type", "tool_use"}, {"id", block.id}, {"name", block.name}, {"input", std::move(object)}};
    }
    case Block::Kind::kOther:
      break;
  }
  auto other = json::parse(block.json);
  return other.has_value() ? std::move(*other) : json::Value::object();
}

size_t content_bytes(const std::vector<Block>& content) {
  size_t bytes = 0;
  for (const Block& block : content) bytes += block.text.size() + block.name.size() + block.json.size();
  return bytes;
}

void override_usage(const std::map<std::string, long long>& given, Usage& usage) {
  const auto take = [&](const char* name, long long& field) {
    if (const auto found = given.find(name); found != given.end()) field = found->second;
  };
  take("input_tokens", usage.input_tokens);
  take("output_tokens", usage.output_tokens);
  take("cache_creation_input_tokens", usage.cache_creation_input_tokens);
  usage.cache_creation_1h_tokens =
      std::min(usage.cache_creation_1h_tokens, usage.cache_creation_input_tokens);
  take("cache_read_input_tokens", usage.cache_read_input_tokens);
}

}  // namespace

Block text_block(std::string text) {
  Block block;
  block.text = std::move(text);
  return block;
}

Block tool_use_block(std::string name, const json::Value& input) {
  Block block;
  block.kind = Block::Kind::kToolUse;
  block.name = std::move(name);
  block.json = json::dump(input);
  return block;
}

Message make_message(const Step& step, const std::string& model, const Usage& input) {
  Message message;
  message.id = "msg_" + random_hex(12);
  message.model = model;
  message.content = step.content;
  bool uses_tools = false;
  for (Block& block : message.content) {
    if (block.kind == Block::Kind::kThinking && block.signature.empty())
      block.signature = sign_thinking(block.text);
    if (block.kind != Block::Kind::kToolUse) continue;
    uses_tools = true;
    if (block.id.empty()) block.id = "toolu_" + random_hex(12);
  }
  message.stop_reason = step.stop_reason.empty() ? (uses_tools ? "tool_use" : "end_turn") : step.stop_reason;
  message.usage = input;
  message.usage.output_tokens = message.content.empty() ? 0 : estimate_tokens(content_bytes(message.content));
  override_usage(step.usage, message.usage);
  return message;
}

json::Value usage_json(const Usage& usage) {
  const long long short_lived = usage.cache_creation_input_tokens - usage.cache_creation_1h_tokens;
  return {{"input_tokens", usage.input_tokens},
          {"cache_creation_input_tokens", usage.cache_creation_input_tokens},
          {"cache_read_input_tokens", usage.cache_read_input_tokens},
          {"cache_creation",
           {{"ephemeral_5m_input_tokens", short_lived},
            {"ephemeral_1h_input_tokens", usage.cache_creation_1h_tokens}}},
          {"output_tokens", usage.output_tokens},
          {"service_tier", "standard"}};
}

std::string message_json(const Message& message) {
  json::Value content = json::Value::array();
  for (const Block& block : message.content) content.push_back(block_json(block));
  return json::dump({{"id", message.id},
                     {"type", "message"},
                     {"role", "assistant"},
                     {"model", message.model},
                     {"content", std::move(content)},
                     {"stop_reason", message.stop_reason},
                     {"stop_sequence", nullptr},
                     {"usage", usage_json(message.usage)}});
}

std::string sign_thinking(std::string_view thinking) {
  return to_base64(std::string(kSignaturePrefix) + crypto::hmac_sha256(kSignatureKey, thinking));
}

bool is_own_signature(std::string_view signature) {
  const auto bytes = from_base64(signature);
  return bytes.has_value() && bytes->starts_with(kSignaturePrefix);
}

}  // namespace awl::emulator
