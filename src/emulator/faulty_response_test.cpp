#include "emulator/faulty_response.h"

#include <gtest/gtest.h>

#include "emulator/test_support.h"

namespace awl::emulator {
namespace {

using testing::FakeResponse;

constexpr const char* kEvents[] = {"event: a\ndata: 1\n\n", "event: b\ndata: 2\n\n", "event: c\ndata: 3\n\n"};

/// Streams the three events in pieces of `piece` bytes.
FakeResponse stream(const char* fault, size_t piece = 1000) {
  FakeResponse response;
  boost::asio::io_context loop;
  const auto all = [&]() -> Task<> {
    FaultyResponse faulty(response, *fault == '\0' ? std::optional<Fault>() : *parse_fault(fault));
    net::Headers headers = {{"content-type", "text/event-stream"}};
    std::ignore = co_await faulty.start(200, std::move(headers));
    std::string whole;
    for (const char* event : kEvents) whole += event;
    for (size_t at = 0; at < whole.size(); at += piece) {
      const Result<> written = co_await faulty.write(std::string_view(whole).substr(at, piece));
      if (!written) break;
    }
    std::ignore = co_await faulty.finish();
  };
  boost::asio::co_spawn(loop, all(), [](std::exception_ptr error) { EXPECT_FALSE(error); });
  loop.run();
  return response;
}

FakeResponse respond(const char* fault) {
  FakeResponse response;
  boost::asio::io_context loop;
  const auto all = [&]() -> Task<> {
    FaultyResponse faulty(response, *parse_fault(fault));
    net::Headers headers = {{"content-type", "application/json"}};
    std::ignore = co_await faulty.respond(200, std::move(headers), "{\"a\":1234}");
  };
  boost::asio::co_spawn(loop, all(), [](std::exception_ptr error) { EXPECT_FALSE(error); });
  loop.run();
  return response;
}

TEST(FaultyResponse, WithoutAFaultBytesPassAsTheyCome) {
  const FakeResponse response = stream("", 7);
  EXPECT_EQ(response.body, std::string(kEvents[0]) + kEvents[1] + kEvents[2]);
  EXPECT_GT(response.writes, 5U);
}

TEST(FaultyResponse, CountsEventsWhateverThePieces) {
  for (const size_t piece : {1UL, 5UL, 1000UL}) {
    const FakeResponse cut = stream("cut-after=2", piece);
    EXPECT_EQ(cut.body, std::string(kEvents[0]) + kEvents[1]) << piece;
    EXPECT_TRUE(cut.aborted);
    EXPECT_FALSE(cut.was_reset);
  }
  EXPECT_TRUE(stream("reset-after=0").was_reset);
  EXPECT_EQ(stream("cut-after=0").body, "");
  EXPECT_FALSE(stream("cut-after=3").aborted);
}

TEST(FaultyResponse, SpoilsStreams) {
  const FakeResponse malformed = stream("malformed-after=1");
  EXPECT_TRUE(malformed.body.starts_with(kEvents[0]));
  EXPECT_TRUE(malformed.body.ends_with(std::string(kEvents[1]) + kEvents[2]));
  EXPECT_TRUE(malformed.body.contains("\"delta\":{\"type\n\n"));
  const FakeResponse error = stream("error-after=1,type=api_error,message=gone");
  EXPECT_EQ(error.body, std::string(kEvents[0]) +
                            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\","
                            "\"message\":\"gone\"}}\n\n");
  EXPECT_FALSE(error.aborted);
  EXPECT_EQ(stream("empty-body").body, "");
  EXPECT_TRUE(stream("wrong-type").header("content-type").starts_with("text/plain"));
  const FakeResponse stalled = stream("stall-after=1,for=1");
  EXPECT_EQ(stalled.body, kEvents[0]);
  EXPECT_TRUE(stalled.aborted);
}

TEST(FaultyResponse, SpoilsWholeBodies) {
  EXPECT_EQ(respond("empty-body").body, "");
  EXPECT_EQ(respond("malformed-after=0").body, "{\"a\":");
  EXPECT_EQ(respond("error-after=0").status, 529);
  const FakeResponse cut = respond("cut-after=0");
  EXPECT_EQ(cut.body, "{\"a\":");
  EXPECT_TRUE(cut.aborted);
}

}  // namespace
}  // namespace awl::emulator
