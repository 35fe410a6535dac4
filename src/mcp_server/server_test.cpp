#include "mcp_server/server.h"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include "async/event.h"

namespace awl::mcp_server {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class FakeTools final : public agent::ToolService {
 public:
  explicit FakeTools(const Executor& executor) : never(executor) {}
  std::vector<std::string> definitions() const override {
    return {R"({"name":"Echo","description":"Says it.","input_schema":{"type":"object"}})"};
  }
  bool has(std::string_view name) override { return name == "Echo"; }
  Task<tools::ToolResult> call(std::string name, json::Value input) override {
    ++running;
    const auto leave = [this](void*) { --running; };
    const std::unique_ptr<void, decltype(leave)> at_end(this, leave);
    if (input.contains("wait")) co_await never.wait();
    co_return tools::ToolResult{name + json::dump(input), {}, {}, false};
  }
  Task<> close() override {
    closed = true;
    co_return;
  }

  async::Event never;
  int running = 0;
  bool closed = false;
};

class McpServerTest : public testing::Test {
 protected:
  void say(std::string_view line) {
    server_.feed(line);
    server_.feed("\n");
    io_.restart();
    io_.poll();
  }
  std::string answer(std::string_view line) {
    sent_.clear();
    say(line);
    return sent_.empty() ? "" : sent_.front();
  }

  boost::asio::io_context io_{1};
  std::vector<std::string> sent_;
  FakeTools tools_{io_.get_executor()};
  Server server_{io_.get_executor(), [this](std::string_view line) { sent_.emplace_back(line); }, "1.0",
                 tools_};
};

TEST_F(McpServerTest, TheRevisionOfTheClientIsSpokenWhenItIsKnown) {
  EXPECT_THAT(answer(R"({"id":1,"method":"initialize","params":{"protocolVersion":"2024-11-05"}})"),
              HasSubstr(R"("protocolVersion":"2024-11-05")"));
  EXPECT_THAT(answer(R"({"id":2,"method":"initialize","params":{"protocolVersion":"1999-01-01"}})"),
              HasSubstr(R"("protocolVersion":"2025-11-25")"));
}

TEST_F(McpServerTest, ToolsAreListedAndCalled) {
  EXPECT_THAT(answer(R"({"id":1,"method":"tools/list"})"),
              HasSubstr(R"([{"name":"Echo","description":"Says it.","inputSchema":{"type":"object"}}])"));
  EXPECT_THAT(answer(R"({"id":2,"method":"tools/call","params":{"name":"Echo","arguments":{"a":1}}})"),
              HasSubstr(R"("text":"Echo{\"a\":1}")"));
  EXPECT_THAT(answer(R"({"id":3,"method":"tools/call","params":{"name":"Nope"}})"), HasSubstr("-32602"));
  EXPECT_THAT(answer(R"({"id":4,"method":"tools/call","params":{"name":"Echo","arguments":[]}})"),
              HasSubstr("-32602"));
}

TEST_F(McpServerTest, ACancelledCallEndsWithoutAnAnswer) {
  say(R"({"id":"x","method":"tools/call","params":{"name":"Echo","arguments":{"wait":true}}})");
  EXPECT_EQ(tools_.running, 1);
  EXPECT_EQ(answer(R"({"method":"notifications/cancelled","params":{"requestId":"x"}})"), "");
  EXPECT_EQ(tools_.running, 0);
  EXPECT_THAT(answer(R"({"id":2,"method":"ping"})"), HasSubstr(R"("result":{})"));
}

TEST_F(McpServerTest, AClientThatIsGoneEndsEverything) {
  say(R"({"id":1,"method":"tools/call","params":{"name":"Echo","arguments":{"wait":true}}})");
  boost::asio::co_spawn(io_, server_.close(), boost::asio::detached);
  io_.restart();
  io_.poll();
  EXPECT_EQ(tools_.running, 0);
  EXPECT_TRUE(tools_.closed);
  EXPECT_THAT(sent_, ElementsAre());
}

}  // namespace
}  // namespace awl::mcp_server
