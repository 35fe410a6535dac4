#include "rpc/json_rpc.h"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

namespace awl::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class JsonRpcTest : public testing::Test {
 protected:
  void run() {
    io_.restart();
    io_.poll();
  }
  void feed(std::string_view bytes) {
    rpc_.feed(bytes);
    run();
  }

  Task<Result<json::Value>> handle(std::string method, json::Value params) {
    if (method == "echo") co_return params;
    if (method == "wait") co_await never_.wait();
    co_return fail(ErrorKind::kUnsupported, "there is no method " + method);
  }

  boost::asio::io_context io_{1};
  async::Event never_{io_.get_executor()};
  std::vector<std::string> sent_;
  JsonRpc rpc_{io_.get_executor(), [this](std::string_view line) { sent_.emplace_back(line); },
               [this](std::string method, json::Value params) -> Task<Result<json::Value>> {
                 return handle(std::move(method), std::move(params));
               }};
};

TEST_F(JsonRpcTest, RequestsAreAnsweredHoweverTheBytesAreCut) {
  const std::string line = R"({"jsonrpc":"2.0","id":"a","method":"echo","params":{"x":1}})"
                           "\n";
  for (const char byte : line) rpc_.feed({&byte, 1});
  run();
  EXPECT_THAT(sent_, ElementsAre(R"({"id":"a","result":{"x":1},"jsonrpc":"2.0"})"
                                 "\n"));
}

TEST_F(JsonRpcTest, WhatCannotBeAnsweredIsAnErrorNeverSilence) {
  feed("nonsense\n[]\n");
  feed(R"({"id":1,"method":"nope"})"
       "\n");
  ASSERT_EQ(sent_.size(), 3U);
  EXPECT_THAT(sent_[0], HasSubstr("-32700"));
  EXPECT_THAT(sent_[1], HasSubstr("-32600"));
  EXPECT_THAT(sent_[2], HasSubstr("-32601"));
}

TEST_F(JsonRpcTest, NotificationsHaveNoAnswer) {
  feed(R"({"method":"echo","params":{}})"
       "\n");
  EXPECT_TRUE(sent_.empty());
}

TEST_F(JsonRpcTest, ACancelledRequestHasNoAnswerAndItsIdIsFreeAgain) {
  feed(R"({"id":7,"method":"wait"})"
       "\n");
  feed(R"({"id":7,"method":"echo"})"
       "\n");
  ASSERT_EQ(sent_.size(), 1U);
  EXPECT_THAT(sent_[0], HasSubstr("-32600"));
  rpc_.cancel("7");  // another one
  rpc_.cancel(7);
  run();
  EXPECT_EQ(sent_.size(), 1U);
  feed(R"({"id":7,"method":"echo","params":{}})"
       "\n");
  ASSERT_EQ(sent_.size(), 2U);
  EXPECT_THAT(sent_[1], HasSubstr(R"("result")"));
}

TEST_F(JsonRpcTest, ThePeerIsAsked) {
  std::optional<Result<json::Value>> answer;
  const auto ask = [this, &answer]() -> Task<> {
    auto asked = co_await rpc_.request("question", {{"q", 1}});
    answer = std::move(asked);
  };
  boost::asio::co_spawn(io_, ask(), boost::asio::detached);
  run();
  ASSERT_EQ(sent_.size(), 1U);
  EXPECT_THAT(sent_[0], HasSubstr(R"("id":1,"method":"question")"));
  feed(R"({"id":1,"result":"yes"})"
       "\n");
  ASSERT_TRUE(answer && *answer);
  EXPECT_EQ(**answer, "yes");
}

TEST_F(JsonRpcTest, APeerThatIsGoneAnswersNothing) {
  std::optional<Result<json::Value>> answer;
  const auto ask = [this, &answer]() -> Task<> {
    auto asked = co_await rpc_.request("question", json::Value::object());
    answer = std::move(asked);
  };
  boost::asio::co_spawn(io_, ask(), boost::asio::detached);
  boost::asio::co_spawn(io_, rpc_.close(), boost::asio::detached);
  run();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->error().kind, ErrorKind::kNetwork);
}

}  // namespace
}  // namespace awl::rpc
