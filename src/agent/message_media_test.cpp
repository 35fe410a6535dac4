#include "agent/message_media.h"

#include <gmock/gmock.h>

#include "anthropic/conversation.h"
#include "tools/tool_fixture.h"

namespace awl::agent {
namespace {

using ::testing::HasSubstr;

class MessageMedia : public tools::ToolFixture {
 protected:
  // The error's text, or "" when the message can be sent.
  std::string fit(std::vector<std::string>& blocks) {
    const auto fitted = run(fit_message_media(blocks, 100, session));
    return fitted ? "" : fitted.error().message;
  }
  std::string fit(std::string block) {
    std::vector<std::string> blocks{std::move(block)};
    return fit(blocks);
  }
};

TEST_F(MessageMedia, WhatIsNoImageKeepsItsBytes) {
  const std::vector<std::string> before{
      anthropic::text_block(R"(a text about {"type":"image","source":1})"),
      R"({"type":"image","source":{"type":"url","url":"https://example.com/a.png"}})",
      R"({"type":"document","source":{"type":"text","media_type":"text/plain","data":"words"},"title":"t"})",
      R"({"type":"document","source":{"type":"file","file_id":"file_1"}})",
      R"({ "type" : "text", "text": "spaced" })"};
  std::vector<std::string> blocks = before;
  EXPECT_EQ(fit(blocks), "");
  EXPECT_EQ(blocks, before);
}

TEST_F(MessageMedia, OddSourcesAreSentences) {
  EXPECT_THAT(fit(R"({"type":"image","source":1})"), HasSubstr("image 1 of the message has no source"));
  EXPECT_THAT(fit(R"({"type":"image","source":{"type":"base64","media_type":"image/png"}})"),
              HasSubstr("not base64"));
  EXPECT_THAT(fit(R"({"type":"image","source":{"type":"base64","media_type":"image/png","data":7}})"),
              HasSubstr("not base64"));
  EXPECT_THAT(fit(R"({"type":"image","source":{"type":"base64","media_type":"image/png","data":""}})"),
              HasSubstr("is empty"));
  EXPECT_THAT(fit(R"({"type":"image","source":{"type":"base64","data":"AAAA"}})"),
              HasSubstr("media type \"\""));
  EXPECT_THAT(fit(R"({"type":"document","source":{"type":"base64","media_type":"text/csv","data":"AAAA"}})"),
              HasSubstr("only application/pdf"));
}

TEST_F(MessageMedia, AMessageThatNoRequestCanCarryIsRefused) {
  EXPECT_THAT(fit(anthropic::text_block(std::string(31 << 20, 'x'))),
              HasSubstr("31.0 MB; a request may have 32 MB"));
}

}  // namespace
}  // namespace awl::agent
