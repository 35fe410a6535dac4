#include "net/sse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "base/strings.h"

namespace awl::net {
namespace {

using Events = std::vector<std::pair<std::string, std::string>>;

struct Outcome {
  Events events;
  bool failed = false;
};

Outcome parse(const std::vector<std::string_view>& pieces, size_t max_event_bytes = 1 << 20) {
  SseParser parser(max_event_bytes);
  Outcome outcome;
  for (const auto piece : pieces) {
    const auto fed = parser.feed(piece, [&](const SseEvent& event) {
      outcome.events.emplace_back(std::string(event.name), std::string(event.data));
    });
    if (!fed) outcome.failed = true;
  }
  return outcome;
}

Events events_of(std::string_view stream) { return parse({stream}).events; }

constexpr std::string_view kStream =
    "\xEF\xBB\xBF: a comment\n"
    "event: message_start\ndata: {\"type\":\"message_start\"}\n\n"
    "event:ping\ndata\n\n"
    "id: 7\nretry: 100\ndata: first\ndata:second\ndata:  third\n\n"
    "event: nothing\n\n"
    "unknown: field\ndata: last\n\n"
    "data: never ended";

const Events kExpected{{"message_start", "{\"type\":\"message_start\"}"},
                       {"ping", ""},
                       {"message", "first\nsecond\n third"},
                       {"message", "last"}};

TEST(Sse, ReadsFieldsCommentsAndSeveralDataLines) { EXPECT_EQ(events_of(kStream), kExpected); }

TEST(Sse, AnyTwoSplitsGiveTheSameEventsWithEachLineEnd) {
  for (const char* line_end : {"\n", "\r", "\r\n"}) {
    const std::string stream = replace_all(std::string(kStream), "\n", line_end);
    const std::string_view text = stream;
    for (size_t i = 0; i <= text.size(); ++i) {
      for (size_t j = i; j <= text.size(); ++j) {
        const auto got = parse({text.substr(0, i), text.substr(i, j - i), text.substr(j)});
        ASSERT_EQ(got.events, kExpected) << "split at " << i << " and " << j;
      }
    }
  }
}

TEST(Sse, OneByteAtATime) {
  std::vector<std::string_view> bytes;
  for (size_t i = 0; i < kStream.size(); ++i) bytes.push_back(kStream.substr(i, 1));
  EXPECT_EQ(parse(bytes).events, kExpected);
}

TEST(Sse, MixedLineEnds) {
  EXPECT_EQ(events_of("data: a\r\n\rdata: b\n\r\ndata: c\r\r"),
            (Events{{"message", "a"}, {"message", "b"}, {"message", "c"}}));
}

TEST(Sse, AByteOrderMarkCountsOnlyAtTheStart) {
  EXPECT_EQ(events_of("\xEF\xBB\xBF"
                      "data: a\n\n\xEF\xBB\xBF"
                      "data: b\n\n"),
            (Events{{"message", "a"}}));
  EXPECT_EQ(events_of("\xEF\xBB"
                      "data: a\n\n"),
            Events());
}

TEST(Sse, TheNameLastsForOneEvent) {
  EXPECT_EQ(events_of("event: x\ndata: a\n\ndata: b\n\n"), (Events{{"x", "a"}, {"message", "b"}}));
  EXPECT_EQ(events_of("event: x\n\ndata: b\n\n"), (Events{{"message", "b"}}));
}

TEST(Sse, KeepsTheIdOfTheLastCompleteEventAndThePause) {
  SseParser parser;
  const auto ignore = [](const SseEvent&) {};
  EXPECT_EQ(parser.last_id(), "");
  ASSERT_TRUE(parser.feed("id: 1\nretry: 500\ndata:\n\nid: 2\ndata: x", ignore).has_value());
  EXPECT_EQ(parser.last_id(), "1");
  EXPECT_EQ(parser.retry(), std::chrono::milliseconds(500));
  ASSERT_TRUE(parser.feed("\n\nretry: soon\n\n", ignore).has_value());
  EXPECT_EQ(parser.last_id(), "2");
  EXPECT_EQ(parser.retry(), std::chrono::milliseconds(500));
}

TEST(Sse, FieldNamesMatchExactly) {
  EXPECT_EQ(events_of("Data: a\ndata : b\n data: c\ndata:: d\n\n"), (Events{{"message", ": d"}}));
}

TEST(Sse, AnEventPastTheBoundFailsWhereverItIsSplit) {
  const std::string long_line = "data: a\n\ndata: " + std::string(200, 'x') + "\n\n";
  std::string many_lines = "data: a\n\n";
  for (int i = 0; i < 20; ++i) many_lines += "data: 0123456789\n";
  const std::string unended = "data: a\n\n" + std::string(200, 'x');
  for (const std::string_view text :
       {std::string_view(long_line), std::string_view(many_lines), std::string_view(unended)}) {
    for (size_t i = 0; i <= text.size(); ++i) {
      const auto got = parse({text.substr(0, i), text.substr(i)}, 100);
      EXPECT_TRUE(got.failed);
      EXPECT_EQ(got.events, (Events{{"message", "a"}}));
    }
  }
}

TEST(Sse, StaysFailedAndSaysWhy) {
  SseParser parser(10);
  const auto ignore = [](const SseEvent&) { FAIL(); };
  EXPECT_FALSE(parser.feed("data: 0123456789", ignore));
  const auto again = parser.feed("\n\ndata: a\n\n", ignore);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::kParse);
  EXPECT_THAT(again.error().message, testing::HasSubstr("10 bytes"));
}

}  // namespace
}  // namespace awl::net
