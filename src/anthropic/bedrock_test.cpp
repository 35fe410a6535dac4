#include "anthropic/bedrock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/crc.hpp>

#include "anthropic/provider.h"
#include "anthropic/request_builder.h"
#include "anthropic/whole_message.h"
#include "base/encoding.h"
#include "json/json.h"

namespace awl::anthropic {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Bedrock, ThePrefixFollowsTheRegionUnlessItIsWishedOtherwise) {
  const auto prefix = [](const char* region, const char* wish = "") {
    return bedrock_prefix(Environment({{"ANTHROPIC_BEDROCK_REGION_PREFIX", wish}}), region);
  };
  EXPECT_EQ(prefix("us-east-1"), "us");
  EXPECT_EQ(prefix("eu-central-1"), "eu");
  EXPECT_EQ(prefix("ap-northeast-1"), "apac");
  EXPECT_EQ(prefix("ca-central-1"), "global");
  EXPECT_EQ(prefix("us-gov-west-1", "eu"), "us-gov");
  EXPECT_EQ(prefix("us-east-1", "global"), "global");
  EXPECT_EQ(prefix("us-east-1", "mars"), "us");
}

TEST(Bedrock, BareIdsBecomeInferenceProfiles) {
  EXPECT_EQ(bedrock_model_id("claude-opus-5", "us"), "us.anthropic.claude-opus-5");
  EXPECT_EQ(bedrock_model_id("claude-opus-4-6", "eu"), "eu.anthropic.claude-opus-4-6-v1");
  EXPECT_EQ(bedrock_model_id("claude-haiku-4-5-20251001", "us"),
            "us.anthropic.claude-haiku-4-5-20251001-v1:0");
  EXPECT_EQ(bedrock_model_id("claude-sonnet-4-5", "us"), "us.anthropic.claude-sonnet-4-5-20250929-v1:0");
  for (const char* id :
       {"eu.anthropic.claude-opus-5", "arn:aws:bedrock:us-east-2:1:application-inference-profile/x", "mine"})
    EXPECT_EQ(bedrock_model_id(id, "us"), id);
}

Provider bedrock_provider() {
  return choose_provider(Environment({{"CLAUDE_CODE_USE_BEDROCK", "1"}, {"AWS_REGION", "eu-west-1"}}),
                         std::nullopt);
}

RequestSettings bedrock_settings() {
  RequestSettings settings;
  settings.model.id = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0";
  settings.extras.betas = {"a-2026-01-01"};
  settings.session_id = "s";
  return settings;
}

TEST(Bedrock, TheModelIsInThePathAndTheVersionInTheBody) {
  Conversation conversation;
  conversation.add_user({text_block("hi")});
  const net::HttpRequest request = RequestBuilder(bedrock_provider(), bedrock_settings()).build(conversation);
  EXPECT_EQ(request.url,
            "https://bedrock-runtime.eu-west-1.amazonaws.com/model/"
            "eu.anthropic.claude-sonnet-4-5-20250929-v1%3A0/invoke-with-response-stream");
  EXPECT_THAT(request.body, HasSubstr(R"("anthropic_version":"bedrock-2023-05-31")"));
  EXPECT_THAT(request.body, HasSubstr(R"("a-2026-01-01"])"));
  EXPECT_THAT(request.body, Not(HasSubstr("\"model\"")));
  EXPECT_THAT(request.body, Not(HasSubstr("\"stream\"")));
  EXPECT_TRUE(json::parse(request.body));
  for (const char* name : {"anthropic-version", "anthropic-beta", "anthropic-workspace-id"})
    EXPECT_EQ(net::find_header(request.headers, name), nullptr) << name;

  const net::HttpRequest whole = as_non_streaming(request);
  EXPECT_TRUE(whole.url.ends_with("v1%3A0/invoke"));
  EXPECT_EQ(whole.body, request.body);
}

std::string big_endian_bytes(uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes += static_cast<char>((value >> static_cast<unsigned>(shift)) & 0xFFU);
  return bytes;
}

std::string crc_bytes(const std::string& bytes) {
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return big_endian_bytes(crc.checksum());
}

std::string frame(const std::vector<std::pair<std::string, std::string>>& headers,
                  const std::string& payload) {
  std::string head;
  for (const auto& [name, value] : headers) {
    head += static_cast<char>(name.size()) + name + '\7' +
            big_endian_bytes(static_cast<uint32_t>(value.size())).substr(2) + value;
  }
  std::string message = big_endian_bytes(static_cast<uint32_t>(16 + head.size() + payload.size())) +
                        big_endian_bytes(static_cast<uint32_t>(head.size()));
  message += crc_bytes(message);
  message += head + payload;
  return message + crc_bytes(message);
}

std::string chunk(const std::string& event) {
  return frame({{":event-type", "chunk"}, {":message-type", "event"}},
               R"({"bytes":")" + to_base64(event) + R"(","p":"abc"})");
}

class Unheard final : public CallObserver {
 public:
  void on_stream_event(std::string_view /*event_json*/) override {}
  void on_block(const ContentBlock& /*block*/, const MessageAssembler& /*assembler*/) override {}
  void on_retry(const RetryNotice& /*notice*/) override {}
};

TEST(Bedrock, ChunksHoldTheEventsOfTheMessagesApi) {
  std::string body;
  for (
      const char* event :
      {R"({"type":"message_start","message":{"id":"msg_1","model":"m","content":[],"usage":{"input_tokens":3}}})",
       R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})",
       R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi."}})",
       R"({"type":"content_block_stop","index":0})",
       R"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2}})",
       R"({"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":3}})"})
    body += chunk(event);
  Unheard observer;
  StreamReader reader(observer);
  BedrockStream stream;
  for (const char byte : body) ASSERT_TRUE(stream.feed(std::string_view(&byte, 1), reader));
  EXPECT_EQ(reader.progress(), Progress::kComplete);
  ASSERT_EQ(reader.blocks().size(), 1U);
  EXPECT_EQ(reader.blocks()[0].text, "Hi.");
}

TEST(Bedrock, AnExceptionEndsTheStreamAsItsErrorDoes) {
  Unheard observer;
  StreamReader reader(observer);
  BedrockStream stream;
  ASSERT_TRUE(stream.feed(frame({{":exception-type", "throttlingException"}, {":message-type", "exception"}},
                                R"({"message":"Too many requests"})"),
                          reader));
  ASSERT_TRUE(reader.error());
  EXPECT_THAT(reader.error()->message, HasSubstr("throttlingException: Too many requests"));
  EXPECT_EQ(reader.assembler().error_type(), "rate_limit_error");
}

}  // namespace
}  // namespace awl::anthropic
