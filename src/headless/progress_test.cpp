#include "headless/progress.h"

#include <gtest/gtest.h>

#include "headless/memory_sink.h"
#include "headless/status_line.h"
#include "headless/tool_label.h"

namespace awl::headless {
namespace {

using std::chrono::seconds;

protocol::AssistantBlock bash(const std::string& id, const std::string& command) {
  return {
      "u",
      "m",
      "model",
      R"({"type":"tool_use","id":")" + id + R"(","name":"Bash","input":{"command":")" + command + R"("}})",
      "{}",
      ""};
}

// As it is shown where there is room.
std::string whole(const Progress& progress, Progress::Time now) {
  const ProgressText text = progress.describe(now);
  return text.what + text.tail;
}

TEST(ProgressLine, FollowsATurn) {
  Progress progress;
  const Progress::Time start{};
  EXPECT_EQ(whole(progress, start), "");
  progress.on_event(protocol::SessionStarted{"/w", "opus", "default", "none", {}}, start);
  EXPECT_EQ(whole(progress, start + seconds(3)), "Waiting for opus · 3 s");
  progress.on_event(
      protocol::StreamEvent{
          R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})"},
      start);
  EXPECT_EQ(whole(progress, start + seconds(4)), "Writing · 4 s");
  progress.on_event(bash("t1", "npm test"), start);
  progress.on_event(bash("t2", "ls"), start);
  EXPECT_EQ(whole(progress, start + seconds(65)), "2 calls: Bash: npm test, Bash: ls · 1 min 5 s");
  progress.on_event(protocol::ToolFinished{"u", "t1", "{}", "{}"}, start);
  EXPECT_EQ(whole(progress, start + seconds(66)), "Bash: ls · 1 call done · 1 min 6 s");
  progress.on_event(protocol::TurnEnded{}, start);
  EXPECT_EQ(whole(progress, start + seconds(70)), "");
}

TEST(ProgressLine, CountsDownToARetry) {
  Progress progress;
  const Progress::Time start{};
  progress.on_event(protocol::SessionStarted{"/w", "opus", "default", "none", {}}, start);
  progress.on_event(
      protocol::RetryScheduled{2, 10, std::chrono::milliseconds(4500), 529, "overloaded", "Overloaded."},
      start);
  EXPECT_EQ(whole(progress, start + seconds(1)), "Retry 2 of 10 in 4 s: Overloaded. · 1 s");
  EXPECT_EQ(whole(progress, start + seconds(5)), "Waiting for opus · 5 s");
}

TEST(ToolLabel, HoldsNoControlCharacters) {
  EXPECT_EQ(
      tool_label(R"({"type":"tool_use","name":"Bash","input":{"command":"a\n\tb\u001b[31m\u009b1mc"}})"),
      "Bash: a b [31m 1mc");
  EXPECT_EQ(tool_label(R"({"type":"tool_use","name":"X","input":{"n":1}})"), "X");
  EXPECT_EQ(tool_label(R"({"type":"text","text":"x"})"), "");
  EXPECT_EQ(tool_label("no json"), "");
  EXPECT_LT(
      tool_label(R"({"type":"tool_use","name":"Bash","input":{"command":")" + std::string(5000, 'x') + "\"}}")
          .size(),
      200U);
}

TEST(StatusLineTest, IsCutToTheTerminalAndErased) {
  MemorySink terminal;
  {
    StatusLine line(terminal, [] { return 10; }, false);
    line.show("0123456789", "");
    EXPECT_EQ(terminal.text, "\r\x1b[K01234567…");
    const auto above = make_sink_above(line, terminal);
    terminal.text.clear();
    above->write("notice\n");
    EXPECT_EQ(terminal.text, "\r\x1b[Knotice\n");
    above->write("more\n");
    EXPECT_EQ(terminal.text, "\r\x1b[Knotice\nmore\n");
    line.show("x", "");
    terminal.text.clear();
  }
  EXPECT_EQ(terminal.text, "\r\x1b[K");
}

TEST(StatusLineTest, TheTailIsKept) {
  MemorySink terminal;
  StatusLine line(terminal, [] { return 21; }, false);
  line.show("a long text that is cut", " · 12 s");
  // Twenty columns, seven of them for the tail.
  EXPECT_EQ(terminal.text, "\r\x1b[Ka long text … · 12 s");
}

}  // namespace
}  // namespace awl::headless
