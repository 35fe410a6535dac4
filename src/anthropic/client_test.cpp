#include "anthropic/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include "anthropic/fake_http.h"

namespace awl::anthropic {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class CountingAuthenticator final : public Authenticator {
 public:
  Task<Result<>> authenticate(net::HttpRequest& request) override {
    net::set_header(request.headers, "authorization", "attempt " + std::to_string(++attempts));
    co_return Result<>{};
  }
  Task<Result<bool>> refresh(const net::Headers& refused, const net::Headers& /*response*/) override {
    ++refreshes;
    EXPECT_NE(net::find_header(refused, "authorization"), nullptr);
    if (!cause.empty()) co_return fail(ErrorKind::kCredentials, cause, "run it by hand");
    co_return renewable;
  }
  std::string cause;  // why nothing could be renewed
  int attempts = 0;
  int refreshes = 0;
  bool renewable = false;
};

class Recorder final : public CallObserver {
 public:
  void on_stream_event(std::string_view event_json) override {
    const std::string type = json::string_or_empty(json::parse(event_json).value(), "type");
    if (type == "message_start") events.clear();
    events.push_back(type);
    const auto until = std::chrono::steady_clock::now() + takes;
    while (std::chrono::steady_clock::now() < until) {
    }
  }
  void on_block(const ContentBlock& block, const MessageAssembler& assembler) override {
    blocks.push_back(assembler.message_id() + ":" + (block.is_tool_use() ? block.tool_use_id : block.text));
  }
  void on_retry(const RetryNotice& notice) override { retries.push_back(notice); }
  std::vector<std::string> events;  // the types of the last answer's
  std::vector<std::string> blocks;
  std::vector<RetryNotice> retries;
  std::chrono::milliseconds takes{0};  // for an event
};

class ClientTest : public ::testing::Test {
 protected:
  std::expected<ModelAnswer, CallError> call(int max_retries = 3, CallOptions options = {}) {
    policy.max_retries = max_retries;
    policy.first_delay = std::chrono::milliseconds(0);
    MessagesClient client(http, authenticator, policy, [] { return 0.0; });
    std::optional<std::expected<ModelAnswer, CallError>> result;
    boost::asio::io_context io;
    auto body = [&]() -> Task<> {
      net::HttpRequest request;
      request.body = R"({"model":"m","stream":true})";
      result.emplace(co_await client.call(request, recorder, options));
    };
    std::exception_ptr failure;
    boost::asio::co_spawn(io, body(), [&failure](const std::exception_ptr& e) { failure = e; });
    io.run();
    if (failure) std::rethrow_exception(failure);
    return std::move(*result);
  }
  bool streamed(size_t index) const {
    return http.requests.at(index).body.find("stream") != std::string::npos;
  }

  RetryPolicy policy;
  FakeHttp http;
  CountingAuthenticator authenticator;
  Recorder recorder;
};

TEST_F(ClientTest, AnAnswerSplitAnywhere) {
  const std::string whole = std::string(kStart) + std::string(kText) + std::string(kStop) + std::string(kEnd);
  for (size_t cut = 0; cut <= whole.size(); cut += 7) {
    http.replies = {stream({whole.substr(0, cut), whole.substr(cut)})};
    const auto answer = call();
    ASSERT_TRUE(answer.has_value()) << cut;
    EXPECT_EQ(answer->blocks.at(0).text, "Hi");
    EXPECT_EQ(answer->stop_reason, "end_turn");
    EXPECT_EQ(answer->usage.output_tokens, 2);
    EXPECT_FALSE(answer->cut);
  }
}

TEST_F(ClientTest, EachRetryIsAuthenticatedAnew) {
  http.replies = {Reply{.status = 529,
                        .headers = {{"request-id", "r1"}},
                        .chunks = {R"({"error":{"type":"overloaded_error","message":"busy"}})"}},
                  Reply{.refused = true}, stream({kStart, kText, kStop, kEnd})};
  ASSERT_TRUE(call().has_value());
  ASSERT_EQ(http.requests.size(), 3U);
  EXPECT_EQ(*net::find_header(http.requests[2].headers, "authorization"), "attempt 3");
  ASSERT_EQ(recorder.retries.size(), 2U);
  EXPECT_EQ(recorder.retries[0].cause.status, 529);
  EXPECT_EQ(recorder.retries[0].cause.category, "overloaded");
  EXPECT_EQ(recorder.retries[0].cause.ids.anthropic, "r1");
  EXPECT_EQ(recorder.retries[1].attempt, 2);
  EXPECT_EQ(recorder.retries[1].cause.status, std::nullopt);
}

TEST_F(ClientTest, GivesUpAfterTheLimit) {
  http.replies = {Reply{.status = 500}};
  const auto answer = call(2);
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().status, 500);
  EXPECT_EQ(http.requests.size(), 3U);
}

TEST_F(ClientTest, ClientErrorsAreFinal) {
  http.replies = {Reply{.status = 400,
                        .chunks = {R"({"error":{"type":"invalid_request_error","message":"bad thing"}})"}}};
  const auto answer = call();
  ASSERT_FALSE(answer.has_value());
  EXPECT_THAT(answer.error().error.message, HasSubstr("bad thing"));
  EXPECT_EQ(http.requests.size(), 1U);
}

TEST_F(ClientTest, ARefusalIsTriedOnceMoreWithOtherCredentials) {
  http.replies = {Reply{.status = 403}};
  EXPECT_EQ(call().error().error.kind, ErrorKind::kCredentials);
  EXPECT_EQ(http.requests.size(), 1U) << "the same credentials would be refused again";
  authenticator.renewable = true;
  http.requests.clear();
  EXPECT_FALSE(call().has_value());
  EXPECT_EQ(http.requests.size(), 2U);
  EXPECT_TRUE(recorder.retries.empty());
}

TEST_F(ClientTest, CredentialsThatAServiceRepeatsAreHidden) {
  http.replies = {
      Reply{.status = 400, .chunks = {R"({"error":{"message":"you sent attempt 1 as authorization"}})"}}};
  const auto answer = call();
  ASSERT_FALSE(answer.has_value());
  EXPECT_THAT(answer.error().error.message, HasSubstr("you sent [redacted] as authorization"));
}

TEST_F(ClientTest, WhatCannotBeSentIsNotTriedAgain) {
  http.replies = {Reply{.refused = true}};
  http.refusal = ErrorKind::kTls;
  EXPECT_FALSE(call().has_value());
  EXPECT_EQ(http.requests.size(), 1U);
}

constexpr std::string_view kThinking =
    "data: "
    "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"thinking\",\"thinking\":"
    "\"hm\","
    "\"signature\":\"s\"}}\n\n";
constexpr std::string_view kCall =
    "data: "
    "{\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"tool_use\",\"id\":\"t\","
    "\"name\":\"x\","
    "\"input\":{}}}\n\n"
    "data: "
    "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":"
    "\"{}\"}}\n\n";

TEST_F(ClientTest, ThinkingAloneIsThoughtAgainTwice) {
  http.replies = {stream({kStart, kThinking, kStop}, true), stream({kStart, kThinking, kStop, kText}, true),
                  stream({kStart, kText, kStop, kEnd})};
  const auto answer = call(0);
  ASSERT_TRUE(answer.has_value());
  EXPECT_FALSE(answer->cut);
  EXPECT_EQ(http.requests.size(), 3U);
  EXPECT_TRUE(streamed(2));
  EXPECT_TRUE(recorder.retries.empty());

  http.requests.clear();
  http.replies = {stream({kStart, kThinking, kStop}, true)};
  EXPECT_FALSE(call(9).has_value());
  EXPECT_EQ(http.requests.size(), 3U);
}

TEST_F(ClientTest, AnOverloadedModelGivesWayToItsFallback) {
  http.replies = {Reply{.status = 529}};
  EXPECT_EQ(call(10, {.has_fallback = true}).error().category, "overloaded");
  EXPECT_EQ(http.requests.size(), 3U);
}

TEST_F(ClientTest, AStreamThatBreaksBeforeAnyBlockIsAskedForWhole) {
  for (const Reply& first : {stream({kStart, kText}, true), stream({}), stream({kStart, "data: {\n\n"})}) {
    http.requests.clear();
    recorder.blocks.clear();
    http.replies = {first, whole(kWholeHi)};
    const auto answer = call(0);
    ASSERT_TRUE(answer.has_value());
    EXPECT_EQ(http.requests.size(), 2U);
    EXPECT_TRUE(streamed(0));
    EXPECT_FALSE(streamed(1));
    EXPECT_EQ(*net::find_header(http.requests[1].headers, "authorization"),
              "attempt " + std::to_string(authenticator.attempts));
    EXPECT_THAT(recorder.blocks, ElementsAre("msg_2:Hi"));
    EXPECT_THAT(recorder.events, ElementsAre("message_start", "content_block_start", "content_block_delta",
                                             "content_block_stop", "message_delta", "message_stop"));
    EXPECT_EQ(answer->usage.output_tokens, 2);
    EXPECT_EQ(answer->stop_reason, "end_turn");
  }
  EXPECT_TRUE(recorder.retries.empty());
}

TEST_F(ClientTest, WholeAnswersCanBeForbidden) {
  policy.non_streaming_fallback = false;
  http.replies = {stream({kStart, kText}, true), stream({kStart, kText, kStop, kEnd})};
  ASSERT_TRUE(call(1).has_value());
  EXPECT_TRUE(streamed(1));
  EXPECT_EQ(recorder.retries.size(), 1U);
}

TEST_F(ClientTest, AFailedWholeAnswerIsRetriedWhole) {
  http.replies = {stream({}), Reply{.status = 503}, whole(kWholeHi)};
  ASSERT_TRUE(call(1).has_value());
  EXPECT_FALSE(streamed(2));
  EXPECT_EQ(recorder.retries.size(), 1U);
}

TEST_F(ClientTest, AServerMayAnswerInTheOtherForm) {
  http.replies = {whole(kWholeHi)};
  ASSERT_TRUE(call(0).has_value());
  EXPECT_EQ(http.requests.size(), 1U);
  Reply late = stream({kStart, kText, kStop, kEnd});
  http.replies = {stream({}), late};
  ASSERT_TRUE(call(0).has_value());
  late.headers = {{"content-type", "text/event-stream"}};
  http.replies = {stream({}), late};
  ASSERT_TRUE(call(0).has_value());
}

TEST_F(ClientTest, ACutAfterABlockKeepsTheBlock) {
  http.replies = {stream({kStart, kText, kStop}, true)};
  const auto answer = call();
  ASSERT_TRUE(answer.has_value());
  EXPECT_TRUE(answer->cut);
  EXPECT_EQ(answer->cut_cause, CutCause::kConnection);
  EXPECT_EQ(answer->blocks.size(), 1U);
  EXPECT_THAT(answer->cut_reason, HasSubstr("lost"));
  EXPECT_EQ(http.requests.size(), 1U);
}

TEST_F(ClientTest, ACallWhoseInputIsWholeCountsThoughItsEndIsMissing) {
  http.replies = {stream({kStart, kText, kStop, kCall}, true)};
  const auto answer = call();
  ASSERT_TRUE(answer.has_value());
  EXPECT_TRUE(answer->cut);
  EXPECT_EQ(answer->tool_calls().size(), 1U);
  EXPECT_THAT(recorder.blocks, ElementsAre("msg_1:Hi", "msg_1:t"));
}

TEST_F(ClientTest, ThinkingAtTheEndOfACutAnswerIsNotKept) {
  std::string late(kThinking);
  late.replace(late.find("\"index\":0"), 9, "\"index\":2");
  http.replies = {
      stream({kStart, kText, kStop, late, "data: {\"type\":\"content_block_stop\",\"index\":2}\n\n"}, true)};
  const auto answer = call();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->blocks.size(), 1U);
}

TEST_F(ClientTest, WhatFailsAfterTheStopReasonDoesNotMatter) {
  const std::string end(kEnd);
  const std::string delta = end.substr(0, end.find("\n\n") + 2);
  http.replies = {stream({kStart, kText, kStop, delta}, true)};
  const auto answer = call();
  ASSERT_TRUE(answer.has_value());
  EXPECT_FALSE(answer->cut);
}

TEST_F(ClientTest, AStallIsRepeatedOnceAndAfterABlockItIsACut) {
  policy.idle = {.bytes = std::chrono::milliseconds(1), .events = {}};
  Reply silent = stream({kStart});
  silent.stalls = true;
  http.replies = {silent, whole(kWholeHi)};
  EXPECT_TRUE(call(0).has_value());
  EXPECT_EQ(http.requests.size(), 2U);

  http.replies = {stream({kStart, kText, kStop})};
  http.replies[0].stalls = true;
  const auto answer = call(0);
  ASSERT_TRUE(answer.has_value());
  EXPECT_TRUE(answer->cut);
  EXPECT_EQ(answer->cut_cause, CutCause::kStalled);
}

TEST_F(ClientTest, WhatHasArrivedIsReadThoughTheLimitHasPassed) {
  policy.idle = {.bytes = std::chrono::milliseconds(1), .events = {}};
  http.replies = {stream({kStart, kText, kStop, kEnd})};
  recorder.takes = std::chrono::milliseconds(2);  // as when what it writes to is slow to read
  const auto answer = call(0);
  ASSERT_TRUE(answer.has_value());
  EXPECT_FALSE(answer->cut);
  EXPECT_EQ(http.requests.size(), 1U);
}

TEST_F(ClientTest, PingsAreNoEventsOfTheAnswer) {
  policy.idle = {.bytes = {}, .events = std::chrono::milliseconds(1)};
  policy.non_streaming_fallback = false;
  Reply pings = stream({kStart, "data: {\"type\":\"ping\"}\n\n"});
  pings.stalls = true;
  http.replies = {pings};
  EXPECT_FALSE(call(0).has_value());
  EXPECT_EQ(http.requests.size(), 2U);
}

constexpr std::string_view kOverloaded =
    "data: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}\n\n";

TEST_F(ClientTest, AnErrorEventAfterABlockIsTheServersCut) {
  http.replies = {stream({kStart, kText, kStop, kOverloaded})};
  http.replies[0].headers = {{"request-id", "r7"}};
  const auto answer = call();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->cut_cause, CutCause::kServer);
  EXPECT_THAT(answer->cut_reason, HasSubstr("r7"));
}

TEST_F(ClientTest, AnErrorAsTheFirstEventIsLikeAStatus) {
  http.replies = {stream({kOverloaded}), stream({kStart, kText, kStop, kEnd})};
  ASSERT_TRUE(call(1).has_value());
  EXPECT_TRUE(streamed(1));
  ASSERT_EQ(recorder.retries.size(), 1U);
  EXPECT_EQ(recorder.retries[0].cause.category, "overloaded");
  EXPECT_EQ(recorder.retries[0].cause.status, std::nullopt);

  http.requests.clear();
  http.replies = {stream(
      {"data: {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"bad\"}}\n\n"})};
  EXPECT_THAT(call(9).error().error.message, HasSubstr("bad"));
  EXPECT_EQ(http.requests.size(), 1U);
}

TEST_F(ClientTest, A404IsAskedForWholeOnce) {
  http.replies = {Reply{.status = 404}, whole(kWholeHi)};
  EXPECT_TRUE(call(0).has_value());
  EXPECT_FALSE(streamed(1));
  http.requests.clear();
  http.replies = {Reply{.status = 404}};
  EXPECT_EQ(call(9).error().category, "model_not_found");
  EXPECT_EQ(http.requests.size(), 2U);
}

TEST_F(ClientTest, APageInsteadOfAMessageIsNamed) {
  http.replies = {
      Reply{.headers = {{"content-type", "text/html"}}, .chunks = {"<html>sign in first</html>"}}};
  const auto answer = call(9);
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(http.requests.size(), 2U);
  EXPECT_THAT(answer.error().error.message, HasSubstr("sign in first"));
  EXPECT_THAT(answer.error().error.message, HasSubstr("HTML page"));
}

TEST_F(ClientTest, WhyCredentialsCouldNotBeRenewedIsSaid) {
  authenticator.cause = "awsAuthRefresh ended with exit code 1";
  http.replies = {Reply{.status = 403}};
  const auto result = call(0);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().error.message, HasSubstr("; awsAuthRefresh ended with exit code 1"));
  EXPECT_EQ(result.error().error.hint, "run it by hand");
}

}  // namespace
}  // namespace awl::anthropic
