#include "agent/side_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <nlohmann/json.hpp>

#include "anthropic/authenticator.h"
#include "anthropic/fake_http.h"
#include "json/json.h"

namespace awl::agent {
namespace {

using ::testing::HasSubstr;

anthropic::Reply says_hi(std::string_view stop_reason = "end_turn") {
  return anthropic::stream({anthropic::kStart, anthropic::kText, anthropic::kStop,
                            "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"" +
                                std::string(stop_reason) + "\"},\"usage\":{\"output_tokens\":1000}}\n\n",
                            "data: {\"type\":\"message_stop\"}\n\n"});
}

// A response that never comes.
class SilentHttp final : public net::HttpClient {
 public:
  Task<Result<std::unique_ptr<net::HttpResponse>>> send(net::HttpRequest /*request*/) override {
    asked = true;
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    timer.expires_at(boost::asio::steady_timer::time_point::max());
    co_await timer.async_wait(boost::asio::use_awaitable);
    co_return fail(ErrorKind::kNetwork, "never");
  }
  bool asked = false;
};

class SideModelTest : public ::testing::Test {
 protected:
  void SetUp() override {
    provider.kind = anthropic::ProviderKind::kClaudePlatformOnAws;
    provider.base_url = "http://test";
    provider.workspace_id = "wrkspc_1";
    provider.auth = anthropic::AuthMethod::kApiKey;
    provider.secret = Secret("key-1");
    const Environment none;
    const auto platform = anthropic::Platform::kClaudePlatformOnAws;
    small.model = anthropic::choose_small_model({}, none, platform);
    small.session_id = "sid";
    main = small;
    main.model = anthropic::choose_model({}, none, platform, false);
    main.reasoning.thinking = anthropic::Thinking::kAdaptive;
    main.system_texts = {"the system prompt of the conversation"};
  }

  Result<tools::SideAnswer> ask(tools::SideQuestion question) {
    anthropic::RetryPolicy policy;
    policy.max_retries = 1;
    policy.first_delay = std::chrono::milliseconds(0);
    const auto authenticator = anthropic::make_key_authenticator(provider);
    anthropic::MessagesClient client(http, *authenticator, policy, [] { return 0.0; });
    const auto side = make_side_model({client, provider, ledger, small, main, budget});
    std::optional<Result<tools::SideAnswer>> result;
    boost::asio::io_context io;
    auto body = [&]() -> Task<> { result.emplace(co_await side->ask(std::move(question))); };
    std::exception_ptr failure;
    boost::asio::co_spawn(io, body(), [&failure](const std::exception_ptr& e) { failure = e; });
    io.run();
    if (failure) std::rethrow_exception(failure);
    return std::move(*result);
  }
  json::Value request(size_t index) const { return json::parse(http.requests.at(index).body).value(); }

  anthropic::FakeHttp http;
  anthropic::Provider provider;
  anthropic::RequestSettings small;
  anthropic::RequestSettings main;
  UsageLedger ledger;
  double budget = 0;
};

TEST_F(SideModelTest, TheSmallModelAnswersAndIsPaidFor) {
  http.replies = {says_hi()};
  const auto answer = ask({.system = "be brief", .content_json = R"("what?")", .max_output_tokens = 500});
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->text, "Hi");
  EXPECT_EQ(answer->stop_reason, "end_turn");
  ASSERT_EQ(answer->blocks_json.size(), 1U);
  const net::Headers& headers = http.requests.at(0).headers;
  EXPECT_EQ(*net::find_header(headers, "x-api-key"), "key-1");
  EXPECT_EQ(*net::find_header(headers, "anthropic-workspace-id"), "wrkspc_1");
  EXPECT_EQ(*net::find_header(headers, "x-claude-code-session-id"), "sid");
  const json::Value body = request(0);
  EXPECT_EQ(body["model"], "claude-haiku-4-5-20251001");
  EXPECT_EQ(body["max_tokens"], 500);
  EXPECT_EQ(body["system"].size(), 1U);
  EXPECT_EQ(body["system"][0]["text"], "be brief");
  EXPECT_EQ(body["messages"][0]["content"][0]["text"], "what?");
  EXPECT_FALSE(body.contains("thinking"));
  EXPECT_FALSE(body.contains("tools"));
  EXPECT_EQ(http.requests[0].body.find("cache_control"), std::string::npos);
  ASSERT_EQ(ledger.by_model().count("claude-haiku-4-5-20251001"), 1U);
  EXPECT_NEAR(ledger.total_cost_usd(), (3 * 1.0 + 1000 * 5.0) / 1e6, 1e-9);
}

TEST_F(SideModelTest, TheSessionsModelHasServerToolsAndDoesNotThink) {
  http.replies = {says_hi()};
  ASSERT_TRUE(ask({.small = false,
                   .content_json = R"([{"type":"text","text":"a"},{"type":"text","text":"b"}])",
                   .server_tools = {R"({"type":"web_search_20250305","name":"web_search"})"}})
                  .has_value());
  const json::Value body = request(0);
  EXPECT_EQ(body["model"], "claude-opus-5");
  EXPECT_EQ(body["thinking"]["type"], "disabled") << "it would think unasked";
  EXPECT_EQ(body["tools"][0]["name"], "web_search");
  EXPECT_EQ(body["messages"][0]["content"].size(), 2U);
  EXPECT_FALSE(body.contains("system"));
}

TEST_F(SideModelTest, ItFollowsTheSessionToAnotherModel) {
  http.replies = {says_hi()};
  const auto authenticator = anthropic::make_key_authenticator(provider);
  anthropic::MessagesClient client(http, *authenticator, {}, [] { return 0.0; });
  const auto side = make_side_model({client, provider, ledger, small, main, 0});
  main.model = anthropic::choose_model({.flag = "claude-opus-4-8", .settings = {}}, Environment(),
                                       anthropic::Platform::kClaudePlatformOnAws, false);
  boost::asio::io_context io;
  auto body = [&]() -> Task<> { (void)co_await side->ask({.small = false, .content_json = R"("x")"}); };
  boost::asio::co_spawn(io, body(), boost::asio::detached);
  io.run();
  EXPECT_EQ(request(0)["model"], "claude-opus-4-8");
}

TEST_F(SideModelTest, APausedAnswerIsContinued) {
  http.replies = {says_hi("pause_turn"), says_hi("pause_turn"), says_hi()};
  const auto answer = ask({.content_json = R"("x")"});
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->text, "HiHiHi");
  EXPECT_EQ(answer->stop_reason, "end_turn");
  ASSERT_EQ(http.requests.size(), 3U);
  EXPECT_EQ(request(2)["messages"].size(), 3U);
  EXPECT_EQ(request(2)["messages"][2]["role"], "assistant");
}

TEST_F(SideModelTest, AnEndlessPauseEnds) {
  http.replies = {says_hi("pause_turn")};
  const auto answer = ask({.content_json = R"("x")"});
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->stop_reason, "pause_turn");
  EXPECT_LT(http.requests.size(), 20U);
}

TEST_F(SideModelTest, ABrokenAnswerIsAskedForOnceMore) {
  http.replies = {anthropic::stream({anthropic::kStart, anthropic::kText, anthropic::kStop}, true),
                  says_hi()};
  EXPECT_EQ(ask({.content_json = R"("x")"}).value().text, "Hi");
  http.replies = {anthropic::stream({anthropic::kStart, anthropic::kText, anthropic::kStop}, true)};
  http.requests.clear();
  const auto answer = ask({.content_json = R"("x")"});
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().kind, ErrorKind::kNetwork);
  EXPECT_THAT(answer.error().message, HasSubstr("broke off"));
  EXPECT_EQ(http.requests.size(), 2U);
}

TEST_F(SideModelTest, FailuresAreRetriedAndThenSaid) {
  http.replies = {anthropic::Reply{.status = 529}, says_hi()};
  EXPECT_TRUE(ask({.content_json = R"("x")"}).has_value());
  http.replies = {anthropic::Reply{.status = 400, .chunks = {R"({"error":{"message":"too long"}})"}}};
  const auto answer = ask({.content_json = R"("x")"});
  ASSERT_FALSE(answer.has_value());
  EXPECT_THAT(answer.error().message, HasSubstr("too long"));
}

TEST_F(SideModelTest, NothingIsSentWithoutMoneyOrContent) {
  http.replies = {says_hi()};
  budget = 0.004;
  ASSERT_TRUE(ask({.content_json = R"("x")"}).has_value());
  const auto refused = ask({.content_json = R"("x")"});
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, ErrorKind::kPermissionDenied);
  EXPECT_THAT(refused.error().message, HasSubstr("--max-budget-usd"));
  budget = 0;
  EXPECT_EQ(ask({.content_json = "[]"}).error().kind, ErrorKind::kInvalidInput);
  EXPECT_EQ(ask({.content_json = "not json"}).error().kind, ErrorKind::kInvalidInput);
  EXPECT_EQ(http.requests.size(), 1U);
}

TEST_F(SideModelTest, TheOutputStaysUnderTheModelsLimit) {
  http.replies = {says_hi()};
  ASSERT_TRUE(ask({.content_json = R"("x")", .max_output_tokens = 10'000'000}).has_value());
  EXPECT_EQ(request(0)["max_tokens"], 64'000);
}

TEST_F(SideModelTest, ItCanBeCancelled) {
  SilentHttp silent;
  const auto authenticator = anthropic::make_key_authenticator(provider);
  anthropic::MessagesClient client(silent, *authenticator, {}, [] { return 0.0; });
  const auto side = make_side_model({client, provider, ledger, small, main, 0});
  boost::asio::io_context io;
  boost::asio::cancellation_signal signal;
  bool ended = false;
  auto body = [&]() -> Task<> { (void)co_await side->ask({.content_json = R"("x")"}); };
  boost::asio::co_spawn(io, body(),
                        boost::asio::bind_cancellation_slot(
                            signal.slot(), [&ended](const std::exception_ptr&) { ended = true; }));
  while (!silent.asked) io.poll_one();
  signal.emit(boost::asio::cancellation_type::terminal);
  io.restart();
  io.run_for(std::chrono::seconds(10));
  EXPECT_TRUE(ended);
  EXPECT_TRUE(ledger.by_model().empty());
}

}  // namespace
}  // namespace awl::agent
