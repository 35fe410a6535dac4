#include "emulator/exchange_recorder.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "emulator/replay.h"
#include "emulator/test_support.h"

namespace awl::emulator {
namespace {

using testing::FakeResponse;

/// Streams the pieces through a capture.
RecordedResponse capture(const std::vector<std::string>& pieces, FakeResponse& response,
                         bool breaks = false) {
  std::vector<int> begun;
  RecordedResponse out;
  boost::asio::io_context loop;
  const auto all = [&]() -> Task<> {
    CapturingResponse captured(response, true, [&](int status) { begun.push_back(status); });
    net::Headers headers = {{"content-type", "text/event-stream"}};
    std::ignore = co_await captured.start(200, std::move(headers));
    for (const std::string& piece : pieces) std::ignore = co_await captured.write(piece);
    if (breaks) captured.abort();
    out = captured.captured();
  };
  boost::asio::co_spawn(loop, all(), [](std::exception_ptr error) { EXPECT_FALSE(error); });
  loop.run();
  EXPECT_EQ(begun, std::vector<int>{200});
  return out;
}

TEST(CapturingResponse, KeepsWhatItPassesOn) {
  FakeResponse response;
  const RecordedResponse recorded = capture({"one", "tw\xC3", "\xBC\n"}, response, true);
  EXPECT_EQ(response.body, "onetwü\n");
  ASSERT_EQ(recorded.chunks.size(), 3U);
  EXPECT_EQ(recorded.chunks[1].text, "tw");
  EXPECT_EQ(recorded.chunks[2].text, "ü\n");
  EXPECT_TRUE(recorded.is_broken && recorded.is_stream);
  EXPECT_TRUE(response.aborted);
}

TEST(CapturingResponse, SaysWhenNothingWasAnswered) {
  FakeResponse response;
  int status = -1;
  CapturingResponse captured(response, false, [&](int given) { status = given; });
  captured.reset();
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(response.was_reset);
}

TEST(ExchangeLine, IsWhatReplayReads) {
  FakeResponse response;
  const RecordedResponse recorded = capture({"data: 1\n\n", "data: 2\n\n"}, response);
  net::ServerRequest request = testing::make_request(R"({"a":1})");
  request.headers.push_back({"x-api-key", "sk-ant-very-secret-key"});
  const json::Value body = {{"a", 1}};
  const std::string line = exchange_line({testing::kNow, request, &body, 200, "api key", "req_1"}, recorded);
  EXPECT_FALSE(line.contains("very-secret"));
  auto replay = Replay::parse(line, "r");
  ASSERT_TRUE(replay) << describe(replay.error());
  const auto answer = replay->answer("POST", "/v1/messages", body);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->chunks[1].text, "data: 2\n\n");
  EXPECT_TRUE(answer->is_stream);
  FakeResponse played;
  boost::asio::io_context loop;
  boost::asio::co_spawn(loop, play(*answer, answer->headers, false, played),
                        [](std::exception_ptr error) { EXPECT_FALSE(error); });
  loop.run();
  EXPECT_EQ(played.body, "data: 1\n\ndata: 2\n\n");
  EXPECT_EQ(played.header("content-type"), "text/event-stream");
}

}  // namespace
}  // namespace awl::emulator
