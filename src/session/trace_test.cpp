#include "session/trace.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "session/recorder.h"

namespace awl::session {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class TraceTest : public testing::Test {
 protected:
  TraceTest() : folder_(*os::make_private_directory(std::filesystem::temp_directory_path(), "awl-trace-")) {}
  ~TraceTest() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<Recorder> recorder(const os::Path& file, const std::string& agent_id = "") {
    return std::make_unique<Recorder>(
        RecorderOptions{
            .file = file, .session_id = "s", .agent_id = agent_id, .principal = "key", .workspace = "w"},
        [this] { return TimePoint(std::chrono::seconds(++seconds_)); }, [](const std::string&) {});
  }

  os::Path folder_;
  int seconds_ = 0;
};

TEST_F(TraceTest, EachMessageHasItsCallsToolsAndThoseOfItsSubagents) {
  const os::Path file = folder_ / "s.jsonl";
  const auto out = recorder(file);
  out->on_event(protocol::MessageAccepted{"u1", R"("one")"});
  out->on_event(
      protocol::AssistantBlock{.uuid = "a1",
                               .message_id = "m1",
                               .model = "m",
                               .block_json = R"({"type":"tool_use","id":"t","name":"Bash","input":{}})",
                               .usage_json = "{}",
                               .error = ""});
  protocol::CallEnded call{.model = "m"};
  call.usage.input_tokens = 1;
  call.usage.cache_read_input_tokens = 2;
  call.usage.cache_creation_input_tokens = 3;
  call.usage.output_tokens = 4;
  call.ids = {"amzn-1", "req_1"};
  call.took = std::chrono::milliseconds(1500);
  call.cost_usd = 0.25;
  out->on_event(call);
  const auto inner = recorder(folder_ / "s" / "subagents" / "agent-x.jsonl", "x");
  inner->on_event(protocol::MessageAccepted{"v1", R"("inner")"});
  inner->on_event(call);
  out->on_event(protocol::MessageAccepted{"u2", R"("two")"});
  const auto turns = *trace_session(file);
  ASSERT_EQ(turns.size(), 2U);
  EXPECT_EQ(turns[0].prompt, "one");
  EXPECT_THAT(turns[0].tools, ElementsAre("Bash"));
  ASSERT_EQ(turns[0].calls.size(), 2U);
  const TracedCall& traced = turns[0].calls[0];
  EXPECT_EQ(traced.request_id, "req_1");
  EXPECT_EQ(traced.aws_request_id, "amzn-1");
  EXPECT_EQ(traced.principal, "key");
  EXPECT_EQ(traced.workspace, "w");
  EXPECT_EQ(traced.duration_ms, 1500);
  EXPECT_DOUBLE_EQ(traced.cost_usd, 0.25);
  EXPECT_EQ(traced.input_tokens + 10 * traced.cache_read_tokens + 100 * traced.cache_write_tokens +
                1000 * traced.output_tokens,
            4321);
  EXPECT_EQ(turns[0].calls[1].agent_id, "agent-x");
  EXPECT_THAT(turns[1].calls, IsEmpty());
}

TEST_F(TraceTest, WithoutAFileThereIsAnError) {
  EXPECT_EQ(trace_session(folder_ / "x.jsonl").error().kind, ErrorKind::kNotFound);
}

}  // namespace
}  // namespace awl::session
