#include "emulator/messages_validator.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "emulator/message.h"

namespace awl::emulator {
namespace {

json::Value parse(std::string_view text) {
  auto value = json::parse(text);
  EXPECT_TRUE(value) << text;
  return value.value_or(json::Value());
}

json::Value request_with(std::string_view messages) {
  json::Value request = {{"model", "claude-sonnet-4-6"}, {"max_tokens", 1024}};
  request["messages"] = parse(messages);
  return request;
}

/// A request with one more field.
json::Value request_plus(std::string_view key, std::string_view value) {
  json::Value request = request_with(R"([{"role":"user","content":"hi"}])");
  request[std::string(key)] = parse(value);
  return request;
}

std::string refusal(const json::Value& request, const std::vector<std::string>& betas = {},
                    Endpoint endpoint = Endpoint::kMessages) {
  const auto valid = validate_request(request, betas, endpoint);
  return valid ? "" : valid.error().message;
}

std::string messages_refusal(std::string_view messages) { return refusal(request_with(messages)); }

#define EXPECT_REFUSED(message, part) EXPECT_TRUE((message).contains(part)) << (message)

constexpr const char* kUser = R"({"role":"user","content":"go"})";

std::string call_and(std::string_view rest) {
  return std::string("[") + kUser +
         R"(,{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"A","input":{}},
         {"type":"tool_use","id":"t2","name":"A","input":{}}]})" +
         std::string(rest) + "]";
}

TEST(ValidateRequest, AcceptsAWholeConversation) {
  json::Value request = request_with(call_and(
      R"(,{"role":"user","content":[{"type":"tool_result","tool_use_id":"t2","content":"x"},
      {"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"y","cache_control":{"type":"ephemeral"}}],"is_error":true},
      {"type":"text","text":"and now?"}]})"));
  request["system"] = parse(
      R"([{"type":"text","text":"be","cache_control":{"type":"ephemeral","ttl":"1h","scope":"global"}}])");
  request["tools"] = parse(
      R"([{"name":"A","description":"d","input_schema":{"type":"object"}},{"type":"web_search_20250305","name":"web_search"}])");
  request["thinking"] = parse(R"({"type":"adaptive"})");
  request["metadata"] = parse(R"({"user_id":"u"})");
  request["stream"] = true;
  EXPECT_EQ(refusal(request), "");
}

TEST(ValidateRequest, RequiresTheBasics) {
  EXPECT_REFUSED(refusal(parse("[]")), "body: Input should be an object");
  EXPECT_REFUSED(refusal(parse(R"({"max_tokens":1,"messages":[]})")), "model: Field required");
  EXPECT_REFUSED(refusal(parse(R"({"model":7,"max_tokens":1})")), "model: Input should be a valid string");
  EXPECT_REFUSED(refusal(parse(R"({"model":"claude-opus-5"})")), "max_tokens: Field required");
  EXPECT_REFUSED(refusal(parse(R"({"model":"claude-opus-5","max_tokens":1})")), "messages: Field required");
  EXPECT_REFUSED(refusal(request_plus("max_tokens", "-1")),
                 "max_tokens: Input should be greater than or equal to 0");
  EXPECT_REFUSED(refusal(request_plus("max_tokens", "1.5")), "max_tokens: Input should be a valid integer");
  EXPECT_REFUSED(refusal(request_plus("max_tokens", "999999")), "maximum allowed number of output tokens");
  EXPECT_REFUSED(refusal(request_plus("surprise", "1")), "surprise: Extra inputs are not permitted");
  EXPECT_REFUSED(refusal(request_plus("stream", "\"yes\"")), "stream: Input should be a valid boolean");
  EXPECT_REFUSED(messages_refusal("[]"), "messages: at least one message is required");
}

TEST(ValidateRequest, UnknownModelsAreNotFound) {
  const auto valid = validate_request(request_plus("model", "\"gpt-4\""), {}, Endpoint::kMessages);
  ASSERT_FALSE(valid);
  EXPECT_EQ(valid.error().status, 404);
  EXPECT_EQ(valid.error().message, "model: gpt-4");
  EXPECT_EQ(refusal(request_plus("model", "\"claude-next-7\"")), "");
  EXPECT_REFUSED(refusal(request_plus("model", "\"claude-opus-5[1m]\"")), "model: claude-opus-5[1m]");
}

TEST(ValidateRequest, CountTokensNeedsNoMaxTokens) {
  json::Value request = request_with(R"([{"role":"user","content":"hi"}])");
  request.erase("max_tokens");
  EXPECT_EQ(refusal(request, {}, Endpoint::kCountTokens), "");
}

TEST(ValidateRequest, NoOutputAtAllOnlyFillsTheCache) {
  json::Value request = request_plus("max_tokens", "0");
  EXPECT_EQ(refusal(request), "");
  request["stream"] = true;
  EXPECT_REFUSED(refusal(request), "max_tokens: 0 cannot be combined with stream");
}

TEST(ValidateRequest, TheRequestsMarkerAgreesWithItsBlocks) {
  json::Value request = request_with(
      R"([{"role":"user","content":[{"type":"text","text":"x","cache_control":{"type":"ephemeral"}}]}])");
  request["cache_control"] = parse(R"({"type":"ephemeral"})");
  EXPECT_EQ(refusal(request), "");
  request["cache_control"] = parse(R"({"type":"ephemeral","ttl":"1h"})");
  EXPECT_REFUSED(refusal(request), "cache_control: the last block is marked with ttl='5m'");
}

TEST(ValidateRequest, SomeFieldsNeedABeta) {
  const json::Value request = request_plus("context_management", R"({"edits":[]})");
  EXPECT_REFUSED(refusal(request), "context_management: Extra inputs are not permitted");
  EXPECT_EQ(refusal(request, {"context-management-2025-06-27"}), "");
}

TEST(ValidateThinking, FollowsTheModel) {
  const auto with = [](const char* model, const char* thinking) {
    json::Value request = request_plus("thinking", thinking);
    request["model"] = model;
    request["max_tokens"] = 4096;
    return request;
  };
  EXPECT_REFUSED(refusal(with("claude-opus-4-7", R"({"type":"enabled","budget_tokens":2000})")),
                 "\"thinking.type.enabled\" is not supported");
  EXPECT_REFUSED(refusal(with("claude-haiku-4-5", R"({"type":"adaptive"})")),
                 "adaptive thinking is not supported");
  EXPECT_REFUSED(refusal(with("claude-fable-5", R"({"type":"disabled"})")),
                 "\"thinking.type.disabled\" is not supported");
  EXPECT_REFUSED(refusal(with("claude-haiku-4-5", R"({"type":"enabled","budget_tokens":100})")),
                 "greater than or equal to 1024");
  EXPECT_REFUSED(refusal(with("claude-haiku-4-5", R"({"type":"enabled","budget_tokens":4096})")),
                 "must be greater than `thinking.budget_tokens`");
  EXPECT_EQ(refusal(with("claude-haiku-4-5", R"({"type":"enabled","budget_tokens":4096})"),
                    {"interleaved-thinking-2025-05-14"}),
            "");
  json::Value effort = with("claude-opus-5", R"({"type":"disabled"})");
  EXPECT_EQ(refusal(effort), "");
  effort["output_config"] = {{"effort", "max"}};
  EXPECT_REFUSED(refusal(effort), "with effort max");
  json::Value warm = with("claude-sonnet-4-6", R"({"type":"adaptive"})");
  warm["temperature"] = 0.5;
  EXPECT_REFUSED(refusal(warm), "`temperature` may only be set to 1");
}

TEST(ValidateTools, NamesSchemasAndChoice) {
  EXPECT_REFUSED(
      refusal(request_plus(
          "tools",
          R"([{"name":"A","input_schema":{"type":"object"}},{"name":"A","input_schema":{"type":"object"}}])")),
      "tools: Tool names must be unique");
  EXPECT_REFUSED(refusal(request_plus("tools", R"([{"name":"a b","input_schema":{"type":"object"}}])")),
                 "tools.0.name: String should match");
  EXPECT_REFUSED(refusal(request_plus("tools", R"([{"name":"A"}])")), "tools.0.input_schema: Field required");
  EXPECT_REFUSED(refusal(request_plus("tools", R"([{"name":"A","input_schema":{"type":"array"}}])")),
                 "tools.0.input_schema.type");
  EXPECT_REFUSED(
      refusal(request_plus("tools", R"([{"name":"A","input_schema":{"type":"object"},"extra":1}])")),
      "tools.0.extra");
  EXPECT_REFUSED(refusal(request_plus("tool_choice", R"({"type":"auto"})")), "while providing tools");
  json::Value request = request_plus("tools", R"([{"name":"A","input_schema":{"type":"object"}}])");
  request["tool_choice"] = {{"type", "tool"}, {"name", "B"}};
  EXPECT_REFUSED(refusal(request), "Tool 'B' not found");
}

TEST(ValidateContent, BlocksByRole) {
  EXPECT_REFUSED(messages_refusal(R"([{"role":"assistant","content":"a"}])"),
                 "messages.0: the first message");
  EXPECT_REFUSED(messages_refusal(R"([{"role":"tool","content":"a"}])"), "messages.0.role");
  EXPECT_REFUSED(messages_refusal(R"([{"role":"user","content":""}])"),
                 "messages.0: all messages must have non-empty content");
  EXPECT_REFUSED(messages_refusal(R"([{"role":"user","content":[]}])"), "non-empty content");
  EXPECT_REFUSED(messages_refusal(R"([{"role":"user","content":" \n"}])"), "non-whitespace");
  EXPECT_REFUSED(messages_refusal(R"([{"role":"user"}])"), "messages.0.content: Field required");
  EXPECT_REFUSED(messages_refusal(R"([{"role":"user","content":"a","uuid":"x"}])"),
                 "messages.0.uuid: Extra inputs");
  EXPECT_REFUSED(messages_refusal(R"([{"role":"user","content":[{"type":"text","text":""}]}])"),
                 "messages.0.content.0: text content blocks must be non-empty");
  EXPECT_REFUSED(messages_refusal(R"([{"role":"user","content":[{"type":"text","text":"a","x":1}]}])"),
                 "messages.0.content.0.x");
  EXPECT_REFUSED(
      messages_refusal(R"([{"role":"user","content":[{"type":"tool_use","id":"t","name":"A","input":{}}]}])"),
      "`tool_use` blocks can only be in `assistant`");
  EXPECT_REFUSED(messages_refusal(R"([{"role":"user","content":[{"type":"nonsense"}]}])"), "'nonsense'");
  EXPECT_REFUSED(
      messages_refusal(
          R"([{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/bmp","data":"AA"}}]}])"),
      "messages.0.content.0.source.media_type");
}

TEST(ValidateContent, AssistantBlocks) {
  const auto assistant = [](std::string_view blocks) {
    return messages_refusal(std::string("[") + kUser + R"(,{"role":"assistant","content":)" +
                            std::string(blocks) + "}," + kUser + "]");
  };
  EXPECT_REFUSED(assistant(R"([{"type":"tool_use","id":"a b","name":"A","input":{}}])"),
                 "messages.1.content.0.id");
  EXPECT_REFUSED(assistant(R"([{"type":"tool_use","id":"a","name":"A","input":"{}"}])"),
                 "messages.1.content.0.input: Input should be a valid dictionary");
  EXPECT_REFUSED(assistant(R"([{"type":"thinking","thinking":"x"},{"type":"text","text":"y"}])"),
                 "messages.1.content.0.signature: Field required");
  EXPECT_REFUSED(
      assistant(R"([{"type":"text","text":"y"},{"type":"thinking","thinking":"x","signature":"c2ln"}])"),
      "final block");
  EXPECT_EQ(
      assistant(R"([{"type":"thinking","thinking":"x","signature":"c2ln"},{"type":"text","text":"y"}])"), "");
  const std::string changed = R"([{"type":"thinking","thinking":"changed","signature":")" +
                              sign_thinking("x") + R"("},{"type":"text","text":"y"}])";
  EXPECT_REFUSED(assistant(changed),
                 "messages.1.content.0: `thinking` or `redacted_thinking` blocks in the latest assistant "
                 "message cannot be modified");
}

TEST(ValidateContent, ToolResults) {
  const auto result = [](std::string_view fields) {
    return messages_refusal(call_and(
        R"(,{"role":"user","content":[{"type":"tool_result","tool_use_id":"t2"},{"type":"tool_result","tool_use_id":"t1",)" +
        std::string(fields) + "}]}"));
  };
  EXPECT_EQ(result(R"("content":"")"), "");
  EXPECT_REFUSED(result(R"("content":"","is_error":true)"), "content cannot be empty if `is_error` is true");
  EXPECT_REFUSED(result(R"("content":7)"), "messages.2.content.1.content");
  EXPECT_REFUSED(result(R"("content":[{"type":"text","text":""}])"),
                 "messages.2.content.1.content.0: text content blocks must be non-empty");
  EXPECT_REFUSED(result(R"("content":[{"type":"tool_use"}])"),
                 "'tool_use' is not one that a tool_result can hold");
  EXPECT_REFUSED(result(R"("is_error":"yes")"), "messages.2.content.1.is_error");
}

TEST(ValidateTurns, EveryCallHasOneResultInTheNextMessage) {
  constexpr const char* kBoth =
      R"({"type":"tool_result","tool_use_id":"t1"},{"type":"tool_result","tool_use_id":"t2"})";
  EXPECT_EQ(messages_refusal(call_and(std::string(R"(,{"role":"user","content":[)") + kBoth + "]}")), "");
  EXPECT_EQ(
      messages_refusal(call_and(R"(,{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1"}]},
                                        {"role":"user","content":[{"type":"tool_result","tool_use_id":"t2"}]})")),
      "");
  EXPECT_REFUSED(
      messages_refusal(call_and("")),
      "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: t1, t2");
  EXPECT_REFUSED(messages_refusal(call_and(R"(,{"role":"user","content":"never mind"})")), "t1, t2");
  EXPECT_REFUSED(
      messages_refusal(call_and(R"(,{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1"}]})")),
      "immediately after: t2");
  EXPECT_REFUSED(
      messages_refusal(call_and(std::string(R"(,{"role":"user","content":[{"type":"text","text":"first"},)") +
                                kBoth + "]}")),
      "immediately after: t1, t2");
  EXPECT_REFUSED(messages_refusal(call_and(std::string(R"(,{"role":"user","content":[)") + kBoth +
                                           R"(,{"type":"tool_result","tool_use_id":"t1"}]})")),
                 "messages.2.content.2: each tool_use must have a single result");
  EXPECT_REFUSED(
      messages_refusal(R"([{"role":"user","content":[{"type":"tool_result","tool_use_id":"t9"}]}])"),
      "messages.0.content.0: unexpected `tool_use_id` found in `tool_result` blocks: t9");
}

TEST(ValidateTurns, IdsAreUniqueInTheConversation) {
  EXPECT_REFUSED(
      messages_refusal(call_and(
          R"(,{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1"},{"type":"tool_result","tool_use_id":"t2"}]},
                     {"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"A","input":{}}]},
                     {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1"}]})")),
      "messages.3.content.0: `tool_use` ids must be unique: t1");
}

TEST(ValidateTurns, SystemMessagesHaveTheirPlaces) {
  EXPECT_EQ(messages_refusal(R"([{"role":"user","content":"a"},{"role":"system","content":"be brief"}])"),
            "");
  EXPECT_REFUSED(
      messages_refusal(
          R"([{"role":"user","content":"a"},{"role":"system","content":"b"},{"role":"user","content":"c"}])"),
      "messages.1: a system message");
  EXPECT_REFUSED(messages_refusal(R"([{"role":"system","content":"b"}])"), "messages.0");
}

TEST(ValidateTurns, PrefillOnlyWhereTheModelHasIt) {
  json::Value request = request_with(R"([{"role":"user","content":"a"},{"role":"assistant","content":"b"}])");
  EXPECT_REFUSED(refusal(request), "does not support assistant message prefill");
  request["model"] = "claude-sonnet-4-5";
  EXPECT_EQ(refusal(request), "");
}

TEST(ValidateCacheControl, NumberFormAndOrder) {
  const auto marked = [](int count, const char* control) {
    json::Value request = request_with(R"([{"role":"user","content":[]}])");
    for (int i = 0; i < count; ++i)
      request["messages"][0]["content"].push_back(
          {{"type", "text"}, {"text", "x"}, {"cache_control", parse(control)}});
    return request;
  };
  constexpr const char* kShort = R"({"type":"ephemeral"})";
  EXPECT_EQ(refusal(marked(4, kShort)), "");
  EXPECT_REFUSED(refusal(marked(5, kShort)),
                 "A maximum of 4 blocks with cache_control may be provided. Found at least 5");
  EXPECT_REFUSED(refusal(marked(1, R"({"type":"forever"})")), "messages.0.content.0.cache_control.type");
  EXPECT_REFUSED(refusal(marked(1, R"({"type":"ephemeral","ttl":"2h"})")),
                 "messages.0.content.0.cache_control.ttl");
  json::Value full = marked(4, kShort);
  full["cache_control"] = parse(kShort);
  EXPECT_REFUSED(refusal(full), "A maximum of 4");
  json::Value mixed = marked(1, R"({"type":"ephemeral","ttl":"1h"})");
  mixed["system"] = parse(R"([{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}])");
  EXPECT_REFUSED(refusal(mixed), "must not come after a ttl='5m'");
}

}  // namespace
}  // namespace awl::emulator
