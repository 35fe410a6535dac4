#include "emulator/service.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/uuid.h"
#include "emulator/script.h"
#include "emulator/test_support.h"

namespace awl::emulator {
namespace {

using testing::FakeResponse;

constexpr const char* kAsk =
    R"({"model":"claude-opus-5","max_tokens":10,"messages":[{"role":"user","content":"hi"}]})";
constexpr const char* kAskStreaming =
    R"({"model":"claude-opus-5","max_tokens":10,"stream":true,"messages":[{"role":"user","content":"hi"}]})";

class ServiceTest : public ::testing::Test {
 protected:
  FakeResponse ask(std::string scenario, const net::ServerRequest& request) {
    ServiceParts parts;
    parts.config = testing::make_config();
    parts.clock = [] { return testing::kNow; };
    parts.model = make_script(*parse_scenario(scenario, "test"));
    const auto service = make_service(std::move(parts));
    return testing::serve(*service, request);
  }
  static net::ServerRequest keyed(std::string body, std::string method = "POST",
                                  std::string target = "/v1/messages") {
    net::ServerRequest request = testing::make_request(std::move(body));
    request.method = std::move(method);
    request.target = std::move(target);
    request.headers.push_back({"x-api-key", "sk-ant-good"});
    return request;
  }
  static std::string error_type(const FakeResponse& response) {
    const auto body = json::parse(response.body);
    if (!body) return "";
    EXPECT_EQ((*body)["type"], "error");
    EXPECT_EQ((*body)["request_id"], response.header("request-id"));
    return (*body)["error"]["type"];
  }
};

constexpr const char* kHello = R"({"steps":[{"content":"hello there"}]})";

TEST_F(ServiceTest, AnswersWholeOrStreaming) {
  const FakeResponse whole = ask(kHello, keyed(kAsk));
  EXPECT_EQ(whole.status, 200);
  EXPECT_TRUE(whole.header("request-id").starts_with("req_"));
  EXPECT_TRUE(is_uuid(whole.header("x-amzn-requestid")));
  EXPECT_TRUE(whole.body.contains("hello there"));
  EXPECT_EQ(whole.header("anthropic-workspace-id"), testing::kWorkspace);
  const FakeResponse streamed = ask(kHello, keyed(kAskStreaming));
  EXPECT_TRUE(streamed.header("content-type").starts_with("text/event-stream"));
  EXPECT_TRUE(is_uuid(streamed.header("x-amzn-requestid")));
  EXPECT_TRUE(streamed.body.starts_with("event: message_start\n"));
  EXPECT_GT(streamed.writes, 5U);
}

TEST_F(ServiceTest, AcceptsASignature) {
  net::ServerRequest request = testing::make_request(kAsk);
  testing::sign(request, testing::make_config().access_keys[1]);
  EXPECT_EQ(ask(kHello, request).status, 200);
  request.body = kAskStreaming;
  const FakeResponse refused = ask(kHello, request);
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(error_type(refused), "invalid_request_error");
}

TEST_F(ServiceTest, RefusesWithTheDocumentedShape) {
  EXPECT_EQ(error_type(ask(kHello, testing::make_request(kAsk))), "permission_error");
  const FakeResponse route = ask(kHello, keyed("", "GET", "/v1/files?x=1"));
  EXPECT_EQ(route.status, 404);
  EXPECT_EQ(error_type(route), "not_found_error");
  EXPECT_TRUE(route.body.contains("GET /v1/files is not emulated"));
  EXPECT_EQ(ask(kHello, keyed("", "HEAD", "/")).status, 404);
  EXPECT_EQ(ask(kHello, keyed("", "GET")).status, 405);
  EXPECT_TRUE(ask(kHello, keyed("{")).body.contains("not valid JSON"));
  EXPECT_TRUE(ask(kHello, keyed(R"({"model":"claude-opus-5","max_tokens":1,"messages":[]})"))
                  .body.contains("messages: at least one"));
  net::ServerRequest unversioned = keyed(kAsk);
  std::erase_if(unversioned.headers,
                [](const net::Header& header) { return header.name == "anthropic-version"; });
  EXPECT_TRUE(ask(kHello, unversioned).body.contains("anthropic-version: header is required"));
}

TEST_F(ServiceTest, RefusesHugeBodies) {
  const FakeResponse response = ask(kHello, keyed(std::string((32 << 20) + 1, ' ')));
  EXPECT_EQ(response.status, 413);
  EXPECT_EQ(error_type(response), "request_too_large");
}

TEST_F(ServiceTest, CountsTokensAndListsModels) {
  const FakeResponse count =
      ask(kHello, keyed(R"({"model":"claude-opus-5","messages":[{"role":"user","content":"hi"}]})", "POST",
                        "/v1/messages/count_tokens"));
  EXPECT_EQ(count.status, 200);
  EXPECT_GT((*json::parse(count.body))["input_tokens"].get<int>(), 0);
  EXPECT_TRUE(ask(kHello, keyed("", "GET", "/v1/models?limit=1")).body.contains(R"("has_more":true)"));
  EXPECT_TRUE(ask(kHello, keyed("", "GET", "/v1/models/claude-opus-5")).body.contains("Claude Opus 5"));
  EXPECT_EQ(ask(kHello, keyed("", "GET", "/v1/models/none")).status, 404);
}

TEST_F(ServiceTest, PlaysErrorsOfTheScenario) {
  const FakeResponse response =
      ask(R"({"steps":[{"status":529,"headers":{"retry-after":"3"}}]})", keyed(kAskStreaming));
  EXPECT_EQ(response.status, 529);
  EXPECT_EQ(error_type(response), "overloaded_error");
  EXPECT_EQ(response.header("retry-after"), "3");
  const FakeResponse own =
      ask(R"({"steps":[{"status":400,"error":{"type":"billing_error","message":"pay"}}]})", keyed(kAsk));
  EXPECT_EQ(error_type(own), "billing_error");
}

TEST_F(ServiceTest, CutsAndReplacesStreams) {
  const FakeResponse cut =
      ask(R"({"steps":[{"content":"hello there","cut_after_events":3}]})", keyed(kAskStreaming));
  EXPECT_TRUE(cut.aborted);
  EXPECT_EQ(cut.writes, 3U);
  EXPECT_EQ(ask(R"({"steps":[{"content":"hello there","cut_after_events":3}]})", keyed(kAsk)).status, 200);
  EXPECT_FALSE(ask(R"({"steps":[{"content":"hello there","cut_after_events":3}]})", keyed(kAsk)).aborted);
  const FakeResponse raw =
      ask(R"({"steps":[{"raw_sse":"event: error\ndata: {}\n\n"}]})", keyed(kAskStreaming));
  EXPECT_EQ(raw.body, "event: error\ndata: {}\n\n");
}

/// A service that goes on between requests, with a clock that the test sets.
class RunningService : public ::testing::Test {
 protected:
  RunningService() : config_(testing::make_config()) {}

  FakeResponse ask(const std::string& body, const std::string& target = "/v1/messages",
                   const std::string& method = "POST") {
    if (service_ == nullptr) {
      ServiceParts parts;
      parts.config = config_;
      parts.clock = [this] { return now_; };
      parts.model = make_script(*parse_scenario(scenario_, "test"));
      service_ = make_service(std::move(parts));
    }
    net::ServerRequest request = testing::make_request(body);
    request.method = method;
    request.target = target;
    request.remote_address = "127.0.0.1";
    testing::sign(request, config_.access_keys[1], {.date = now_});
    return testing::serve(*service_, request);
  }
  void add_fault(const char* text) { config_.faults.push_back(*parse_fault_rule(text)); }

  Config config_;
  std::string scenario_ = R"({"steps":[{"content":"hello there"}]})";
  TimePoint now_ = testing::kNow;
  std::unique_ptr<net::HttpHandler> service_;
};

TEST_F(RunningService, UsageShowsTheCache) {
  const std::string body =
      R"({"model":"claude-opus-5","max_tokens":10,"system":[{"type":"text","text":")" +
      std::string(4000, 's') +
      R"(","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":"hi"}]})";
  const json::Value first = (*json::parse(ask(body).body))["usage"];
  const json::Value second = (*json::parse(ask(body).body))["usage"];
  EXPECT_GT(first["cache_creation_input_tokens"].get<int>(), 900);
  EXPECT_EQ(first["cache_creation"]["ephemeral_5m_input_tokens"], first["cache_creation_input_tokens"]);
  EXPECT_EQ(second["cache_read_input_tokens"], first["cache_creation_input_tokens"]);
  EXPECT_EQ(second["input_tokens"], first["input_tokens"]);
  now_ += std::chrono::minutes(6);
  EXPECT_EQ((*json::parse(ask(body).body))["usage"]["cache_read_input_tokens"], 0);
}

TEST_F(RunningService, LimitsHaveTheirHeadersAndErrors) {
  config_.limits.requests_per_minute = 2;
  EXPECT_EQ(ask(kAsk).header("anthropic-ratelimit-requests-remaining"), "1");
  EXPECT_EQ(ask(kAskStreaming).header("anthropic-ratelimit-requests-remaining"), "0");
  const FakeResponse refused = ask(kAsk);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.header("retry-after"), "30");
  EXPECT_EQ(ask("", "/v1/models", "GET").status, 200);
  now_ += std::chrono::seconds(30);
  EXPECT_EQ(ask(kAsk).status, 200);
}

TEST_F(RunningService, SpendingEndsAtTheLimit) {
  config_.limits.spend_limit_usd = 0.00001;
  EXPECT_EQ(ask(kAsk).status, 200);
  const FakeResponse refused = ask(kAsk);
  EXPECT_EQ(refused.status, 400);
  EXPECT_TRUE(refused.body.contains("You have reached your specified API usage limits"));
}

TEST_F(RunningService, FaultsComeWhenTheyWereAskedFor) {
  add_fault("status=529,every=2,retry-after=4");
  EXPECT_EQ(ask(kAsk).status, 200);
  const FakeResponse overloaded = ask(kAsk);
  EXPECT_EQ(overloaded.status, 529);
  EXPECT_EQ(overloaded.header("retry-after"), "4");
  EXPECT_TRUE(overloaded.body.contains("overloaded_error"));
  EXPECT_EQ(ask("{}").status, 400);  // what is invalid is refused as such and not counted
  EXPECT_EQ(ask(kAsk).status, 200);
  EXPECT_EQ(ask(kAsk).status, 529);
}

TEST_F(RunningService, FaultsOfEveryKind) {
  add_fault("html,times=1");
  add_fault("reset,after=1,times=1");
  add_fault("cut-after=3,after=2,times=1");
  EXPECT_TRUE(ask(kAsk).body.starts_with("<!DOCTYPE html>"));
  EXPECT_TRUE(ask(kAsk).was_reset);
  const FakeResponse cut = ask(kAskStreaming);
  EXPECT_TRUE(cut.aborted);
  EXPECT_EQ(cut.writes, 3U);
}

TEST_F(RunningService, CredentialsExpireAndStayExpired) {
  add_fault("expire-credentials,after=1,times=1");
  EXPECT_EQ(ask(kAsk).status, 200);
  EXPECT_EQ(ask(kAsk).status, 401);
  const FakeResponse again = ask(kAsk);
  EXPECT_EQ(again.status, 401);
  EXPECT_TRUE(again.body.contains("ExpiredTokenException"));
  net::ServerRequest other = testing::make_request(kAsk);
  testing::sign(other, config_.access_keys[0]);
  EXPECT_EQ(testing::serve(*service_, other).status, 200);
  EXPECT_EQ(ask("", "/emulator/reset", "POST").status, 200);
  EXPECT_EQ(ask(kAsk).status, 200);
}

TEST_F(RunningService, AStepCanHaveAFault) {
  scenario_ = R"({"steps":[{"content":"hello there","fault":"stall-after=1,for=1"}]})";
  const FakeResponse stalled = ask(kAskStreaming);
  EXPECT_EQ(stalled.writes, 1U);
  EXPECT_TRUE(stalled.aborted);
}

TEST_F(RunningService, NoOutputFillsTheCacheAlone) {
  const FakeResponse response =
      ask(R"({"model":"claude-opus-5","max_tokens":0,"messages":[{"role":"user","content":"warm"}]})");
  EXPECT_EQ(response.status, 200) << response.body;
  const json::Value body = *json::parse(response.body);
  EXPECT_EQ(body["content"], json::Value::array());
  EXPECT_EQ(body["stop_reason"], "max_tokens");
  EXPECT_EQ(body["usage"]["output_tokens"], 0);
}

TEST_F(RunningService, TheClockCanBeAhead) {
  config_.clock_offset = std::chrono::minutes(10);
  EXPECT_TRUE(ask(kAsk).body.contains("Signature expired"));
}

TEST_F(RunningService, RoutesThatAreNotEmulatedNameTheirAction) {
  const FakeResponse batches = ask("{}", "/v1/messages/batches");
  EXPECT_EQ(batches.status, 404);
  EXPECT_TRUE(batches.body.contains("its IAM action is aws-external-anthropic:CreateBatchInference"));
}

TEST(ReplayingService, AnswersFromTheRecord) {
  ServiceParts parts;
  parts.config = testing::make_config();
  parts.clock = [] { return testing::kNow; };
  parts.replay =
      *Replay::parse(R"({"method":"POST","target":"/v1/messages","status":418,"body":{"a":1},"response":)"
                     R"({"headers":{"x":"y","request-id":"old"},"chunks":[{"at_ms":0,"text":"tea"}]}})",
                     "r");
  const auto service = make_service(std::move(parts));
  net::ServerRequest request = testing::make_request(R"({"a":1})");
  EXPECT_EQ(testing::serve(*service, request).status, 403);  // credentials come first
  request.headers.push_back({"x-api-key", "sk-ant-good"});
  const FakeResponse replayed = testing::serve(*service, request);
  EXPECT_EQ(replayed.status, 418);
  EXPECT_EQ(replayed.body, "tea");
  EXPECT_EQ(replayed.header("x"), "y");
  EXPECT_EQ(replayed.header("x-upstream-request-id"), "old");
  request.body = R"({"a":2})";
  EXPECT_TRUE(testing::serve(*service, request).body.contains("it differs at a: recorded 1, received 2"));
}

}  // namespace
}  // namespace awl::emulator
