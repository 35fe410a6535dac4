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
  const FakeResponse raw =
      ask(R"({"steps":[{"raw_sse":"event: error\ndata: {}\n\n"}]})", keyed(kAskStreaming));
  EXPECT_EQ(raw.body, "event: error\ndata: {}\n\n");
}

}  // namespace
}  // namespace awl::emulator
