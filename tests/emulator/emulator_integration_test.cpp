// The emulator over real sockets: signatures by aws::sign, streams taken apart again.
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>

#include "async/task_group.h"
#include "base/strings.h"
#include "base/uuid.h"
#include "client.h"
#include "emulator/config.h"
#include "emulator/script.h"
#include "emulator/service.h"
#include "json/json.h"
#include "net/curl_client.h"
#include "net/sse.h"

namespace awl::emulator {
namespace {

using namespace testing;

using Requests = std::vector<net::HttpRequest>;

/// Serves on a free port while the requests that `make` builds for it are sent, one after the other.
std::vector<Answer> serve(net::HttpHandler& handler,
                          const std::function<Requests(const std::string& base)>& make) {
  boost::asio::io_context loop(1);
  std::vector<Answer> answers;
  auto server = net::HttpServer::listen(loop.get_executor(), {}, handler);
  EXPECT_TRUE(server);
  if (!server) return answers;
  const std::string base = "http://127.0.0.1:" + std::to_string((*server)->port());
  const auto client = net::make_curl_client(loop.get_executor(), {});
  const auto all = [&]() -> Task<> {
    async::TaskGroup tasks(loop.get_executor());
    tasks.spawn((*server)->run());
    for (net::HttpRequest& request : make(base)) {
      Answer answer = co_await exchange(*client, std::move(request));
      answers.push_back(std::move(answer));
    }
    tasks.cancel();
    co_await tasks.join();
  };
  std::exception_ptr failure;
  boost::asio::co_spawn(loop, all(), [&](std::exception_ptr error) { failure = error; });
  loop.run();
  if (failure) std::rethrow_exception(failure);
  return answers;
}

Config make_config() {
  Config config;
  config.workspaces = {kWorkspace};
  for (const char* key :
       {"AKIDLONG:long-secret", "AKIDTOKEN:token-secret:the-token", "AKIDOLD:old-secret:old-token"}) {
    config.access_keys.push_back(*parse_access_key(key));
  }
  config.access_keys[2].expiration = system_clock_now() - std::chrono::minutes(1);
  config.api_keys.emplace_back("sk-ant-good");
  config.bearer_tokens.emplace_back("bearer-good");
  return config;
}

std::unique_ptr<net::HttpHandler> make_handler(const std::string& scenario) {
  ServiceParts parts;
  parts.config = make_config();
  parts.clock = system_clock_now;
  parts.model = make_script(*parse_scenario(scenario, "test"));
  return make_service(std::move(parts));
}

const std::string* header(const Answer& answer, std::string_view name) {
  return net::find_header(answer.headers, name);
}

constexpr const char* kScenario =
    R"({"steps":[{"content":[{"type":"thinking","thinking":"Let me think about it."},
  {"type":"text","text":"Größe: a text that is longer than one delta."},
  {"type":"tool_use","name":"Bash","input":{"command":"ls -la","nested":{"list":[1,2,3]}}}]}]})";

TEST(EmulatorOverSockets, AcceptsEveryKindOfCredentials) {
  const auto handler = make_handler(kScenario);
  const Config config = make_config();
  const auto answers = serve(*handler, [&](const std::string& base) {
    Requests requests(4, request_to(base, kAsk));
    sign(requests[0], config.access_keys[0]);
    sign(requests[1], config.access_keys[1]);
    requests[2].headers.push_back({"x-api-key", "sk-ant-good"});
    requests[3].headers.push_back({"authorization", "Bearer bearer-good"});
    return requests;
  });
  ASSERT_EQ(answers.size(), 4U);
  std::set<std::string> ids;
  for (const Answer& answer : answers) {
    EXPECT_EQ(answer.status, 200) << answer.body << answer.broken;
    EXPECT_EQ(answer.broken, "");
    ASSERT_TRUE(header(answer, "request-id") && header(answer, "x-amzn-requestid"));
    EXPECT_TRUE(is_uuid(*header(answer, "x-amzn-requestid")));
    ids.insert(*header(answer, "request-id"));
  }
  EXPECT_EQ(ids.size(), answers.size());
}

struct Rejection {
  const char* name;
  int status;
  const char* type;
  const char* part;
  std::function<void(net::HttpRequest&, const Config&)> spoil;
};

void drop(net::HttpRequest& request, std::string_view name) {
  std::erase_if(request.headers,
                [&](const net::Header& entry) { return equals_ignore_case(entry.name, name); });
}

std::vector<Rejection> rejections() {
  using Request = net::HttpRequest;
  const auto signed_with = [](SignOptions options) {
    return
        [options](Request& request, const Config& config) { sign(request, config.access_keys[0], options); };
  };
  const auto key = [](const char* text) {
    return [text](Request& request, const Config&) { sign(request, *parse_access_key(text)); };
  };
  return {
      {"nothing", 403, "permission_error", "MissingAuthenticationToken", [](Request&, const Config&) {}},
      {"wrong secret", 403, "permission_error", "SignatureDoesNotMatch: The request signature",
       key("AKIDLONG:wrong")},
      {"unknown key", 403, "permission_error", "InvalidClientTokenId", key("AKIDNOBODY:x")},
      {"wrong region", 403, "permission_error", "valid region", signed_with({.region = "eu-west-1"})},
      {"wrong service", 403, "permission_error", "correct service", signed_with({.service = "bedrock"})},
      {"old signature", 403, "permission_error", "Signature expired",
       signed_with({.date = system_clock_now() - std::chrono::minutes(6)})},
      {"early signature", 403, "permission_error", "Signature not yet current",
       signed_with({.date = system_clock_now() + std::chrono::minutes(6)})},
      {"wrong token", 403, "permission_error", "UnrecognizedClientException",
       key("AKIDTOKEN:token-secret:other")},
      {"expired token", 401, "authentication_error", "ExpiredTokenException",
       key("AKIDOLD:old-secret:old-token")},
      {"changed body", 400, "invalid_request_error", "XAmzContentSHA256Mismatch",
       [](Request& request, const Config& config) {
         sign(request, config.access_keys[0]);
         request.body += " ";
       }},
      {"unsigned workspace", 403, "permission_error", "'anthropic-workspace-id' must be a 'SignedHeader'",
       [](Request& request, const Config& config) {
         drop(request, "anthropic-workspace-id");
         sign(request, config.access_keys[0]);
         request.headers.push_back({"anthropic-workspace-id", kWorkspace});
       }},
      {"other algorithm", 400, "invalid_request_error", "IncompleteSignature",
       [](Request& request, const Config&) { request.headers.push_back({"authorization", "AWS4-ECDSA x"}); }},
      {"two kinds", 400, "invalid_request_error", "one kind of credentials",
       [](Request& request, const Config& config) {
         sign(request, config.access_keys[0]);
         request.headers.push_back({"x-api-key", "sk-ant-good"});
       }},
      {"wrong api key", 403, "permission_error", "API key",
       [](Request& request, const Config&) { request.headers.push_back({"x-api-key", "sk-ant-bad"}); }},
      {"wrong bearer", 401, "authentication_error", "Invalid bearer token",
       [](Request& request, const Config&) { request.headers.push_back({"authorization", "Bearer bad"}); }},
      {"no workspace", 400, "invalid_request_error", "anthropic-workspace-id: header is required",
       [](Request& request, const Config& config) {
         drop(request, "anthropic-workspace-id");
         sign(request, config.access_keys[0]);
       }},
      {"unknown workspace", 403, "permission_error", "workspace wrkspc_other not found in region us-east-1",
       [](Request& request, const Config& config) {
         net::set_header(request.headers, "anthropic-workspace-id", "wrkspc_other");
         sign(request, config.access_keys[0]);
       }},
  };
}

TEST(EmulatorOverSockets, RefusesEachMistakeInItsOwnWords) {
  const auto handler = make_handler(kScenario);
  const Config config = make_config();
  const std::vector<Rejection> cases = rejections();
  const auto answers = serve(*handler, [&](const std::string& base) {
    Requests requests(cases.size(), request_to(base, kAsk));
    for (size_t i = 0; i < cases.size(); ++i) cases[i].spoil(requests[i], config);
    return requests;
  });
  ASSERT_EQ(answers.size(), cases.size());
  std::set<std::string> messages;
  for (size_t i = 0; i < cases.size(); ++i) {
    SCOPED_TRACE(cases[i].name);
    EXPECT_EQ(answers[i].status, cases[i].status);
    const auto body = json::parse(answers[i].body);
    ASSERT_TRUE(body) << answers[i].body << answers[i].broken;
    EXPECT_EQ((*body)["error"]["type"], cases[i].type);
    EXPECT_EQ((*body)["request_id"], *header(answers[i], "request-id"));
    const std::string message = (*body)["error"]["message"];
    EXPECT_TRUE(message.contains(cases[i].part)) << message;
    messages.insert(message);
  }
  EXPECT_EQ(messages.size(), cases.size());
}

/// What a client puts together from a stream.
json::Value reassemble(const std::string& stream) {
  json::Value message;
  std::vector<std::string> inputs;
  net::SseParser parser;
  const auto fed = parser.feed(stream, [&](const net::SseEvent& event) {
    const json::Value data = *json::parse(event.data);
    const std::string type = data["type"];
    if (type == "message_start") message = data["message"];
    if (type == "content_block_start") {
      message["content"].push_back(data["content_block"]);
      inputs.emplace_back();
    }
    if (type == "content_block_delta") {
      json::Value& block = message["content"][data["index"].get<size_t>()];
      for (const char* field : {"text", "thinking", "signature"}) {
        if (const auto piece = json::get_string(data["delta"], field)) {
          block[field] = block[field].get<std::string>() + *piece;
        }
      }
      inputs[data["index"].get<size_t>()] += json::string_or_empty(data["delta"], "partial_json");
    }
    if (type == "message_delta") message["stop_reason"] = data["delta"]["stop_reason"];
  });
  EXPECT_TRUE(fed);
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (!inputs[i].empty()) message["content"][i]["input"] = *json::parse(inputs[i]);
  }
  return message;
}

TEST(EmulatorOverSockets, AStreamReassemblesToTheWholeMessage) {
  const auto handler = make_handler(kScenario);
  const auto answers = serve(*handler, [&](const std::string& base) {
    Requests requests(2, request_to(base, kAsk));
    requests[1].body =
        R"({"model":"claude-opus-5","max_tokens":64,"messages":[{"role":"user","content":"hi"}]})";
    for (net::HttpRequest& request : requests) request.headers.push_back({"x-api-key", "sk-ant-good"});
    return requests;
  });
  ASSERT_EQ(answers.size(), 2U);
  json::Value streamed = reassemble(answers[0].body);
  const json::Value whole = *json::parse(answers[1].body);
  EXPECT_EQ(streamed["stop_reason"], "tool_use");
  EXPECT_EQ(whole["stop_reason"], "tool_use");
  streamed["content"][2]["id"] = whole["content"][2]["id"];  // made anew for each message
  EXPECT_EQ(streamed["content"], whole["content"]);
}

TEST(EmulatorOverSockets, InvalidConversationsAndCutStreams) {
  const auto handler =
      make_handler(R"({"steps":[{"content":"a text of several deltas, cut","cut_after_events":4}]})");
  const auto answers = serve(*handler, [&](const std::string& base) {
    Requests requests(2, request_to(base, kAsk));
    requests[0].body = R"({"model":"claude-opus-5","max_tokens":64,"messages":[{"role":"user","content":"a"},
      {"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"A","input":{}}]},{"role":"user","content":"b"}]})";
    for (net::HttpRequest& request : requests) request.headers.push_back({"x-api-key", "sk-ant-good"});
    return requests;
  });
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0].status, 400);
  EXPECT_TRUE(answers[0].body.contains("messages.1: `tool_use` ids were found")) << answers[0].body;
  EXPECT_EQ(answers[1].status, 200);
  EXPECT_NE(answers[1].broken, "");
  EXPECT_FALSE(answers[1].body.contains("message_stop"));
}

/// Two emulators: the second relays to the first.
TEST(EmulatorOverSockets, RelaysToAnUpstream) {
  boost::asio::io_context loop(1);
  ServiceParts behind;
  behind.config.workspaces = {kWorkspace};
  behind.config.require_auth = false;
  behind.clock = system_clock_now;
  behind.model = make_script(*parse_scenario(kScenario, "test"));
  const auto first = make_service(std::move(behind));
  // Takes the workspace that a relay leaves out.
  struct Adapter : net::HttpHandler {
    net::HttpHandler& inner;
    std::vector<net::ServerRequest> received;
    explicit Adapter(net::HttpHandler& given) : inner(given) {}
    Task<> handle(const net::ServerRequest& request, net::ResponseWriter& response) override {
      received.push_back(request);
      net::ServerRequest whole = request;
      whole.headers.push_back({"anthropic-workspace-id", kWorkspace});
      co_await inner.handle(whole, response);
    }
  } adapter(*first);
  const auto upstream = net::HttpServer::listen(loop.get_executor(), {}, adapter);
  ASSERT_TRUE(upstream);
  ServiceParts parts;
  parts.config = make_config();
  parts.clock = system_clock_now;
  parts.config.upstream.url = "http://127.0.0.1:" + std::to_string((*upstream)->port()) + "/";
  parts.config.upstream.api_key = Secret("upstream-key");
  parts.upstream = net::make_curl_client(loop.get_executor(), {});
  const auto second = make_service(std::move(parts));
  const auto server = net::HttpServer::listen(loop.get_executor(), {}, *second);
  ASSERT_TRUE(server);
  const auto client = net::make_curl_client(loop.get_executor(), {});
  const Config config = make_config();
  std::vector<Answer> answers;
  const auto all = [&]() -> Task<> {
    async::TaskGroup tasks(loop.get_executor());
    tasks.spawn((*upstream)->run());
    tasks.spawn((*server)->run());
    const std::string base = "http://127.0.0.1:" + std::to_string((*server)->port());
    net::HttpRequest good = request_to(base, kAsk);
    sign(good, config.access_keys[1]);
    Answer answer = co_await exchange(*client, std::move(good));
    answers.push_back(std::move(answer));
    Answer refused = co_await exchange(*client, request_to(base, kAsk));
    answers.push_back(std::move(refused));
    tasks.cancel();
    co_await tasks.join();
  };
  boost::asio::co_spawn(loop, all(), [](std::exception_ptr error) { EXPECT_FALSE(error); });
  loop.run();
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0].status, 200) << answers[0].body << answers[0].broken;
  EXPECT_EQ(reassemble(answers[0].body)["stop_reason"], "tool_use");
  EXPECT_TRUE(header(answers[0], "x-upstream-request-id"));
  EXPECT_NE(*header(answers[0], "request-id"), *header(answers[0], "x-upstream-request-id"));
  EXPECT_EQ(answers[1].status, 403);
  ASSERT_EQ(adapter.received.size(), 1U);
  EXPECT_EQ(*net::find_header(adapter.received[0].headers, "x-api-key"), "upstream-key");
  EXPECT_FALSE(net::find_header(adapter.received[0].headers, "authorization"));
  EXPECT_FALSE(net::find_header(adapter.received[0].headers, "x-amz-security-token"));
  EXPECT_EQ(adapter.received[0].body, kAsk);
}

TEST(EmulatorOverSockets, AnUpstreamThatIsNotThereIsABadGateway) {
  ServiceParts parts;
  parts.config = make_config();
  parts.clock = system_clock_now;
  parts.config.upstream.url = "http://127.0.0.1:1";
  boost::asio::io_context loop(1);
  parts.upstream = net::make_curl_client(loop.get_executor(), {});
  const auto service = make_service(std::move(parts));
  const auto server = net::HttpServer::listen(loop.get_executor(), {}, *service);
  const auto client = net::make_curl_client(loop.get_executor(), {});
  Answer answer;
  const auto all = [&]() -> Task<> {
    async::TaskGroup tasks(loop.get_executor());
    tasks.spawn((*server)->run());
    net::HttpRequest request = request_to("http://127.0.0.1:" + std::to_string((*server)->port()), kAsk);
    request.headers.push_back({"x-api-key", "sk-ant-good"});
    answer = co_await exchange(*client, std::move(request));
    tasks.cancel();
    co_await tasks.join();
  };
  boost::asio::co_spawn(loop, all(), [](std::exception_ptr error) { EXPECT_FALSE(error); });
  loop.run();
  EXPECT_EQ(answer.status, 502);
  EXPECT_TRUE(answer.body.contains("The upstream could not be asked")) << answer.body;
}

TEST(EmulatorOverSockets, ResetsConnections) {
  const auto handler =
      make_handler(R"({"steps":[{"content":"a text of several deltas","fault":"reset-after=2"}]})");
  const auto answers = serve(*handler, [&](const std::string& base) {
    Requests requests(1, request_to(base, kAsk));
    requests[0].headers.push_back({"x-api-key", "sk-ant-good"});
    return requests;
  });
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_NE(answers[0].broken, "");
  EXPECT_FALSE(answers[0].body.contains("message_stop"));
}

}  // namespace
}  // namespace awl::emulator
