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

json::Value body_of(const RequestSettings& s) {
  return json::parse(RequestBuilder(platform(), s).build(conversation()).body).value();
}

TEST(RequestBuilder, ThePersonsBetasJoinOurs) {
  RequestSettings s = settings();
  s.extras.betas = {"effort-2025-11-24", "their-own-2026-01-01"};
  const net::HttpRequest request = RequestBuilder(platform(), s).build(conversation());
  EXPECT_EQ(*net::find_header(request.headers, "anthropic-beta"),
            "interleaved-thinking-2025-05-14,effort-2025-11-24,their-own-2026-01-01");
}

TEST(RequestBuilder, AFieldInBetaAndItsHeaderComeAndGoTogether) {
  RequestSettings s = settings();
  s.model =
      choose_model({.flag = "haiku", .settings = {}}, Environment(), Platform::kClaudePlatformOnAws, false);
  s.reasoning = {.thinking = Thinking::kBudget, .budget_tokens = 2'000, .interleaved = false};
  const auto header = [](const RequestSettings& settings) {
    const net::Headers headers = RequestBuilder(platform(), settings).build(conversation()).headers;
    const std::string* value = net::find_header(headers, "anthropic-beta");
    return value == nullptr ? "" : *value;
  };
  EXPECT_EQ(body_of(s)["context_management"]["edits"][0]["keep"], "all");
  EXPECT_EQ(header(s), "context-management-2025-06-27");
  s.extras.experimental = false;
  EXPECT_FALSE(body_of(s).contains("context_management"));
  EXPECT_EQ(header(s), "");
  s.extras.experimental = true;
  s.reasoning.thinking = Thinking::kNone;
  EXPECT_FALSE(body_of(s).contains("context_management")) << "it is for thinking only";
}

TEST(RequestBuilder, ThePersonsHeadersTakeThePlaceOfOurs) {
  RequestSettings s = settings();
  s.extras.headers = {{"Anthropic-Workspace-Id", "wrkspc_other"}, {"X-Team", "tools"}};
  const net::HttpRequest request = RequestBuilder(platform(), s).build(conversation());
  EXPECT_EQ(*net::find_header(request.headers, "anthropic-workspace-id"), "wrkspc_other");
  EXPECT_EQ(*net::find_header(request.headers, "x-team"), "tools");
  EXPECT_EQ(std::count_if(request.headers.begin(), request.headers.end(),
                          [](const net::Header& h) { return h.value.starts_with("wrkspc_"); }),
            1);
}

TEST(RequestBuilder, ThePersonsFieldsReplaceOursAndAddToThem) {
  RequestSettings s = settings();
  s.extras.body = {{"max_tokens", "77"}, {"metadata", R"({"user_id":"me"})"}, {"inference_geo", R"("us")"}};
  const json::Value body = body_of(s);
  EXPECT_EQ(body["max_tokens"], 77);
  EXPECT_EQ(body["metadata"]["user_id"], "me");
  EXPECT_EQ(body["inference_geo"], "us");
  EXPECT_EQ(body["model"], "claude-opus-5");
  EXPECT_EQ(body["stream"], true);
  const std::string text = RequestBuilder(platform(), s).build(conversation()).body;
  EXPECT_EQ(text.find("\"max_tokens\""), text.rfind("\"max_tokens\"")) << "each key once";
}

TEST(RequestBuilder, HowThinkingIsShownIsSaidWithTheThinking) {
  RequestSettings s = settings();
  s.reasoning.display = "summarized";
  EXPECT_EQ(body_of(s)["thinking"], (json::Value{{"type", "adaptive"}, {"display", "summarized"}}));
  s.reasoning.thinking = Thinking::kBudget;
  s.reasoning.budget_tokens = 2'000;
  EXPECT_EQ(body_of(s)["thinking"]["display"], "summarized");
  s.reasoning.thinking = Thinking::kNone;
  EXPECT_FALSE(body_of(s).contains("thinking"));
}

TEST(RequestBuilder, TheUserIdIsThePlatformsForm) {
  RequestSettings s = settings();
  s.device_id = "d1";
  const json::Value user = json::parse(body_of(s)["metadata"]["user_id"].get<std::string>()).value();
  EXPECT_EQ(user["device_id"], "d1");
  EXPECT_EQ(user["session_id"], "sid");
  EXPECT_EQ(user["account_uuid"], "");
}

TEST(RequestBuilder, TheAttributionComesFirstAndIsNoPartOfWhatIsMarked) {
  RequestSettings s = settings();
  s.attribution = "Client: awl.";
  const json::Value system = body_of(s)["system"];
  ASSERT_EQ(system.size(), 4U);
  EXPECT_EQ(system[0]["text"], "Client: awl.");
  EXPECT_FALSE(system[0].contains("cache_control"));
  EXPECT_TRUE(system[1].contains("cache_control"));
  EXPECT_TRUE(system[3].contains("cache_control"));
  s.system_texts.clear();
  EXPECT_FALSE(body_of(s).contains("system")) << "where nobody wants a system prompt there is none";
}

TEST(RequestBuilder, CountingAsksForThePromptAlone) {
  RequestSettings s = settings();
  s.extras.body = {{"inference_geo", R"("us")"}, {"tool_choice", R"({"type":"auto"})"}};
  const net::HttpRequest request = RequestBuilder(platform(), s).build_count(conversation());
  EXPECT_EQ(request.url, "https://example.com/corp/v1/messages/count_tokens?beta=true");
  const json::Value body = json::parse(request.body).value();
  for (const char* key : {"model", "system", "tools", "messages", "thinking", "tool_choice"})
    EXPECT_TRUE(body.contains(key)) << key;
  for (const char* key : {"max_tokens", "stream", "metadata", "inference_geo"})
    EXPECT_FALSE(body.contains(key)) << key;
}

TEST(RequestBuilder, AProbeAsksForOneToken) {
  const net::HttpRequest request = RequestBuilder(platform(), settings()).build_probe(conversation());
  EXPECT_EQ(request.url, "https://example.com/corp/v1/messages?beta=true");
  const json::Value body = json::parse(request.body).value();
  EXPECT_EQ(body["max_tokens"], 1);
  for (const char* key : {"stream", "thinking", "output_config"}) EXPECT_FALSE(body.contains(key)) << key;
  EXPECT_TRUE(body.contains("metadata"));
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

TEST(RequestBuilder, LaterToolsFollowThoseOfTheSettings) {
  RequestSettings s = settings();
  s.tool_definitions = {R"({"name":"A"})"};
  const auto tools = [&s](const std::vector<std::string>& later) {
    RequestBuilder builder(platform(), s);
    for (const std::string& tool : later) builder.add_tool(tool);
    const std::string body = builder.build(conversation()).body;
    EXPECT_TRUE(json::parse(body));
    EXPECT_EQ(json::parse(body).value_or(json::Value())["tools"],
              json::parse(builder.build_count(conversation()).body).value_or(json::Value())["tools"]);
    const size_t at = body.find(R"("tools":)");
    return at == std::string::npos ? "" : body.substr(at, body.find(R"(,"messages")") - at);
  };
  EXPECT_EQ(tools({}), R"("tools":[{"name":"A"}])");
  EXPECT_EQ(tools({R"({"name":"B"})", R"({"name":"C"})"}),
            R"("tools":[{"name":"A"},{"name":"B"},{"name":"C"}])");
  s.tool_definitions.clear();
  EXPECT_EQ(tools({R"({"name":"B"})"}), R"("tools":[{"name":"B"}])");
  EXPECT_EQ(tools({}), "");
}

TEST(RequestBuilder, ToolSearchHasItsBeta) {
  RequestSettings s = settings();
  const auto betas = [&s] {
    return *net::find_header(RequestBuilder(platform(), s).build(conversation()).headers, "anthropic-beta");
  };
  EXPECT_EQ(betas().find("advanced-tool-use"), std::string::npos);
  s.tool_search = true;
  EXPECT_NE(betas().find("advanced-tool-use-2025-11-20"), std::string::npos);
}

}  // namespace
}  // namespace awl::anthropic
