#include "mcp/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

namespace awl::mcp {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

// A server in this process: `serve` answers a request, or says nothing.
class FakeTransport final : public Transport {
 public:
  std::function<std::optional<json::Value>(const std::string& method, const json::Value& params)> serve;
  std::vector<json::Value> sent;
  TransportEvents events;

  Task<Result<>> open(TransportEvents given) override {
    events = std::move(given);
    co_return Result<>();
  }
  void send(std::string message, std::optional<int64_t> id) override {
    sent.push_back(*json::parse(message));
    const json::Value request = sent.back();
    if (!id) return;
    const json::Value* params = json::find(request, "params");
    const auto result =
        serve(json::string_or_empty(request, "method"), params == nullptr ? json::Value() : *params);
    if (result) events.on_message(json::dump({{"jsonrpc", "2.0"}, {"id", *id}, {"result", *result}}));
  }
  Task<> close() override { co_return; }
};

class McpClientTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto made = std::make_unique<FakeTransport>();
    transport = made.get();
    transport->serve = [this](const std::string& method, const json::Value& params) {
      return serve(method, params);
    };
    options.client_name = "awl";
    options.roots = {"/work"};
    options.start_limit = std::chrono::milliseconds(50);
    client = std::make_unique<Client>(io.get_executor(), std::move(made), options);
  }

  std::optional<json::Value> serve(const std::string& method, const json::Value& params) {
    if (method == silent) return std::nullopt;
    if (method == "initialize")
      return json::Value{{"protocolVersion", revision}, {"capabilities", {{"tools", json::Value::object()}}}};
    if (method == "tools/list") {
      if (json::string_or_empty(params, "cursor") == "2")
        return json::Value{{"tools", json::Value::array({{{"name", "b"}}})}};
      return json::Value{
          {"tools", json::Value::array({{{"name", "a"}, {"annotations", {{"readOnlyHint", true}}}}})},
          {"nextCursor", "2"}};
    }
    return json::Value{{"content", json::Value::array()}};
  }

  template <typename T>
  T run(Task<T> task) {
    std::optional<T> value;
    auto keep = [&value](Task<T> inner) -> Task<> { value.emplace(co_await std::move(inner)); };
    boost::asio::co_spawn(io, keep(std::move(task)),
                          [](const std::exception_ptr& e) { EXPECT_EQ(e, nullptr); });
    io.restart();
    io.run();
    return std::move(*value);
  }

  boost::asio::io_context io;
  ClientOptions options;
  FakeTransport* transport = nullptr;
  std::unique_ptr<Client> client;
  std::string revision = "2025-06-18";
  std::string silent;
};

TEST_F(McpClientTest, ItShakesHandsAndReadsAllPages) {
  ASSERT_TRUE(run(client->connect()));
  ASSERT_THAT(client->tools(), SizeIs(2));
  EXPECT_TRUE(client->tools()[0].read_only);
  EXPECT_EQ(transport->sent[0]["params"]["protocolVersion"], "2025-11-25");
  EXPECT_EQ(transport->sent[1]["method"], "notifications/initialized");
}

TEST_F(McpClientTest, AnUnknownRevisionIsRefused) {
  revision = "1999-01-01";
  EXPECT_THAT(run(client->connect()).error().message, HasSubstr("1999-01-01"));
}

TEST_F(McpClientTest, AServerThatSaysNothingIsGivenUp) {
  silent = "initialize";
  const auto connected = run(client->connect());
  ASSERT_FALSE(connected);
  EXPECT_EQ(connected.error().kind, ErrorKind::kTimeout);
}

TEST_F(McpClientTest, ACallThatTakesTooLongIsTakenBack) {
  ASSERT_TRUE(run(client->connect()));
  silent = "tools/call";
  const auto called =
      run(client->request("tools/call", json::Value::object(), std::chrono::milliseconds(10)));
  EXPECT_EQ(called.error().kind, ErrorKind::kTimeout);
  EXPECT_EQ(transport->sent.back()["method"], "notifications/cancelled");
}

TEST_F(McpClientTest, WhatTheServerAsks) {
  ASSERT_TRUE(run(client->connect()));
  transport->events.on_message(R"({"jsonrpc":"2.0","id":"x","method":"roots/list"})");
  EXPECT_EQ(transport->sent.back()["result"]["roots"][0]["uri"], "file:///work");
  transport->events.on_message(R"({"jsonrpc":"2.0","id":7,"method":"ping"})");
  EXPECT_EQ(transport->sent.back()["id"], 7);
  transport->events.on_message(R"({"jsonrpc":"2.0","id":8,"method":"sampling/createMessage"})");
  EXPECT_THAT(transport->sent.back()["error"]["message"].get<std::string>(), HasSubstr("no model calls"));
  transport->events.on_message("no json");
  transport->events.on_message(R"({"jsonrpc":"2.0","id":999,"result":{}})");
}

TEST_F(McpClientTest, WhatIsAcceptedWithoutAValueHasTheProposedOne) {
  options.elicit = [](const std::string& /*params*/) -> Task<std::string> {
    co_return R"({"action":"accept","content":{"age":7}})";
  };
  auto made = std::make_unique<FakeTransport>();
  transport = made.get();
  transport->serve = [this](const std::string& method, const json::Value& params) {
    return serve(method, params);
  };
  client = std::make_unique<Client>(io.get_executor(), std::move(made), options);
  ASSERT_TRUE(run(client->connect()));
  transport->events.on_message(
      R"({"jsonrpc":"2.0","id":1,"method":"elicitation/create","params":{"message":"?","requestedSchema":
         {"type":"object","properties":{"name":{"type":"string","default":"Ada"},"age":{"type":"integer","default":3},
          "city":{"type":"string"}}}}})");
  io.restart();
  io.run();
  EXPECT_EQ(transport->sent.back()["result"]["content"], (json::Value{{"age", 7}, {"name", "Ada"}}));
}

TEST_F(McpClientTest, AServerThatEndsFailsWhatWaits) {
  ASSERT_TRUE(run(client->connect()));
  silent = "tools/call";
  auto call = [this]() -> Task<Result<json::Value>> {
    boost::asio::post(io, [this] { transport->events.on_closed({ErrorKind::kIo, "it crashed", "", ""}); });
    auto result = co_await client->request("tools/call", json::Value::object(), std::chrono::seconds(60));
    co_return result;
  };
  EXPECT_THAT(run(call()).error().message, HasSubstr("crashed"));
  EXPECT_FALSE(client->is_open());
}

}  // namespace
}  // namespace awl::mcp
