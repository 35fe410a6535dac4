#include "anthropic/request_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "json/json.h"

namespace awl::anthropic {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Provider platform() {
  Provider provider;
  provider.kind = ProviderKind::kClaudePlatformOnAws;
  provider.base_url = "https://example.com/corp";
  provider.workspace_id = "wrkspc_1";
  return provider;
}

RequestSettings settings() {
  RequestSettings s;
  s.model = choose_model({}, Environment(), Platform::kClaudePlatformOnAws, false);
  s.reasoning = {.effort = "low", .thinking = Thinking::kAdaptive};
  s.session_id = "sid";
  s.user_agent = "awl/test";
  s.system_texts = {"one", "two", "three"};
  s.tool_definitions = {R"({"name":"A"})", R"({"name":"B"})"};
  return s;
}

Conversation conversation() {
  Conversation c;
  c.add_user({text_block("hi")});
  return c;
}

TEST(RequestBuilder, TheBodyIsWhatTheApiExpects) {
  const net::HttpRequest request = RequestBuilder(platform(), settings()).build(conversation());
  EXPECT_EQ(request.url, "https://example.com/corp/v1/messages?beta=true");
  const auto body = json::parse(request.body);
  ASSERT_TRUE(body.has_value()) << request.body;
  EXPECT_EQ((*body)["model"], "claude-opus-5");
  EXPECT_EQ((*body)["max_tokens"], 64'000);
  EXPECT_EQ((*body)["stream"], true);
  EXPECT_EQ((*body)["thinking"]["type"], "adaptive");
  EXPECT_EQ((*body)["output_config"]["effort"], "low");
  EXPECT_EQ((*body)["tools"].size(), 2U);
  EXPECT_EQ((*body)["messages"][0]["content"][0]["text"], "hi");
  EXPECT_EQ(*net::find_header(request.headers, "anthropic-workspace-id"), "wrkspc_1");
  EXPECT_EQ(*net::find_header(request.headers, "anthropic-version"), "2023-06-01");
}

TEST(RequestBuilder, AtMostFourMarkers) {
  Conversation c = conversation();
  c.add_assistant({text_block("a")});
  c.add_user({text_block("b")});
  const std::string body = RequestBuilder(platform(), settings()).build(c).body;
  size_t markers = 0;
  for (size_t at = body.find("cache_control"); at != std::string::npos;
       at = body.find("cache_control", at + 1))
    ++markers;
  EXPECT_EQ(markers, 4U);
  EXPECT_TRUE(json::parse(body).has_value());
}

TEST(RequestBuilder, BetasOnlyForWhatIsUsed) {
  RequestSettings s = settings();
  EXPECT_THAT(
      *net::find_header(RequestBuilder(platform(), s).build(conversation()).headers, "anthropic-beta"),
      Not(HasSubstr("context-1m")));
  s.model.long_context = true;
  s.cache.ttl = CacheTtl::kOneHour;
  const std::string betas =
      *net::find_header(RequestBuilder(platform(), s).build(conversation()).headers, "anthropic-beta");
  EXPECT_THAT(betas, HasSubstr("context-1m"));
  EXPECT_THAT(betas, HasSubstr("extended-cache-ttl"));
}

TEST(RequestBuilder, WithoutCachingSystemAndToolsNothingIsLeftBehind) {
  RequestSettings s = settings();
  s.cache.enabled = false;
  s.system_texts.clear();
  s.tool_definitions.clear();
  const std::string body = RequestBuilder(platform(), s).build(conversation()).body;
  EXPECT_THAT(body, Not(HasSubstr("cache_control")));
  EXPECT_THAT(body, Not(HasSubstr("\"system\"")));
  EXPECT_THAT(body, Not(HasSubstr("\"tools\"")));
  EXPECT_TRUE(json::parse(body).has_value());
}

TEST(RequestBuilder, TheDirectApiHasNoWorkspace) {
  Provider provider;
  provider.base_url = "https://api.anthropic.com";
  EXPECT_EQ(net::find_header(RequestBuilder(provider, settings()).build(conversation()).headers,
                             "anthropic-workspace-id"),
            nullptr);
}

}  // namespace
}  // namespace awl::anthropic
