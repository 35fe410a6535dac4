#include "session/restore.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "anthropic/conversation.h"
#include "base/strings.h"
#include "base/uuid.h"
#include "session/recorder.h"

namespace awl::session {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class RestoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = os::make_private_directory(std::filesystem::temp_directory_path(), "awl-session-").value();
    file_ = folder_ / (make_uuid() + ".jsonl");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<Recorder> recorder(std::string last = "") {
    return std::make_unique<Recorder>(
        RecorderOptions{.file = file_,
                        .session_id = file_.stem(),
                        .cwd = "/w",
                        .version = "2.1.197",
                        .entry_point = "cli",
                        .git_branch = "main",
                        .last_uuid = std::move(last)},
        [] { return TimePoint(); }, [this](std::string p) { problems_.push_back(std::move(p)); });
  }

  static protocol::MessageAccepted said(const std::string& text) {
    return {make_uuid(), "[" + anthropic::text_block(text) + "]"};
  }
  static protocol::AssistantBlock answered(const std::string& id, const std::string& block) {
    return {make_uuid(), id, "claude-opus-5", block, "{}", ""};
  }
  static protocol::ToolFinished finished(const std::string& call, const std::string& text) {
    return {make_uuid(), call,
            R"({"type":"tool_result","tool_use_id":")" + call + R"(","content":")" + text + "\"}", "{}"};
  }
  static std::string use(const std::string& call) {
    return R"({"type":"tool_use","id":")" + call + R"(","name":"Read","input":{"file_path":"/w/)" + call +
           "\"}}";
  }

  // A question, thinking, two calls whose results come the other way round, and an answer.
  void play(Recorder& out) {
    out.on_event(said("question"));
    out.on_sent({anthropic::text_block("reminder"), anthropic::text_block("question")});
    out.on_event(answered("m1", R"({"type":"thinking","thinking":"hm","signature":"s"})"));
    out.on_event(answered("m1", use("a")));
    out.on_event(answered("m1", use("b")));
    out.on_event(finished("b", "second"));
    out.on_event(finished("a", "first"));
    out.on_added_to_results({anthropic::text_block("behind")});
    out.on_event(answered("m2", anthropic::text_block("answer")));
    out.on_event(protocol::TurnEnded{});
  }

  RestoredSession restored(const std::string& at = "") { return restore(file_, at).value(); }
  std::string bytes() const { return os::read_file(file_).value(); }
  void put(const std::string& text) const { ASSERT_TRUE(os::write_file_atomic(file_, text)); }

  os::Path folder_;
  os::Path file_;
  std::vector<std::string> problems_;
};

TEST_F(RestoreTest, WhatWasSentIsGivenBackAsItWas) {
  play(*recorder());
  const RestoredSession session = restored();
  ASSERT_THAT(session.messages, SizeIs(4));
  EXPECT_THAT(session.messages[0].blocks,
              ElementsAre(anthropic::text_block("reminder"), anthropic::text_block("question")));
  EXPECT_THAT(session.messages[1].blocks,
              ElementsAre(R"({"type":"thinking","thinking":"hm","signature":"s"})", use("a"), use("b")));
  EXPECT_THAT(session.messages[2].blocks,
              ElementsAre(HasSubstr("first"), HasSubstr("second"), anthropic::text_block("behind")))
      << "results in the order of the calls";
  EXPECT_THAT(session.messages[3].blocks, ElementsAre(anthropic::text_block("answer")));
  EXPECT_EQ(session.model, "claude-opus-5");
  EXPECT_THAT(session.read_files, ElementsAre("/w/a", "/w/b"));
  EXPECT_THAT(session.notices, IsEmpty());
}

TEST_F(RestoreTest, WhetherTheModelHadSaidItsLastWord) {
  play(*recorder());
  EXPECT_FALSE(restored().interrupted);
  EXPECT_FALSE(restored().last_timestamp.empty());
  const std::string whole = bytes();
  put(whole.substr(0, whole.find("\"answer\"")));
  EXPECT_TRUE(restored().interrupted) << "results without an answer";
  put(whole.substr(0, whole.find("\"tool_use_id\"")));
  EXPECT_TRUE(restored().interrupted) << "calls without results";
  const auto again = recorder();
  again->on_event(protocol::MessageAccepted{"u9", R"("again")"});
  EXPECT_TRUE(restored().interrupted) << "a message without an answer";
  again->on_event(protocol::TurnEnded{.outcome = protocol::TurnOutcome::kInterrupted});
  EXPECT_FALSE(restored().interrupted) << "the person wanted no more of it";
  put(whole.substr(0, whole.find("\"tool_use_id\"")));
  recorder()->on_sent({anthropic::text_block("[Request interrupted by user]")});
  EXPECT_FALSE(restored().interrupted);
}

// What the API wants: the person first, in turn, each call followed by its result.
void expect_valid(const RestoredSession& session, size_t cut) {
  for (size_t i = 0; i < session.messages.size(); ++i) {
    const RestoredMessage& message = session.messages[i];
    ASSERT_FALSE(message.blocks.empty()) << cut;
    if (i == 0) EXPECT_TRUE(message.from_user) << cut;
    for (const char* call : {"a", "b"}) {
      const std::string id = std::string("\"") + call + "\"";
      if (message.from_user || !join(message.blocks, "").contains("\"id\":" + id)) continue;
      ASSERT_LT(i + 1, session.messages.size()) << cut;
      EXPECT_TRUE(join(session.messages[i + 1].blocks, "").contains("\"tool_use_id\":" + id)) << cut;
    }
  }
}

TEST_F(RestoreTest, CutAtEveryByteAllWholeRecordsLoad) {
  play(*recorder());
  const std::string whole = bytes();
  for (size_t cut = 0; cut <= whole.size(); ++cut) {
    put(whole.substr(0, cut));
    const auto session = restore(file_, "");
    ASSERT_TRUE(session) << cut;
    expect_valid(*session, cut);
    const bool torn = cut > 0 && cut < whole.size() && whole[cut - 1] != '\n' && whole[cut] != '\n';
    const bool told = std::ranges::any_of(
        session->notices, [](const std::string& n) { return n.contains("could not be read"); });
    EXPECT_EQ(torn, told) << cut;
  }
}

TEST_F(RestoreTest, ATornRecordIsClosedByTheNextProcess) {
  play(*recorder());
  const std::string whole = bytes();
  put(whole.substr(0, whole.size() - 30));
  const RestoredSession before = restored();
  const auto next = recorder(before.last_uuid);
  next->on_event(said("more"));
  EXPECT_THAT(restored().messages.back().blocks, ElementsAre(anthropic::text_block("more")));
}

TEST_F(RestoreTest, AWrongParentHealsByTheOrderOfTheFile) {
  play(*recorder());
  const size_t count = restored().messages.size();
  std::string text = bytes();
  for (size_t at = 0; (at = text.find("\"parentUuid\":\"", at)) != std::string::npos; at += 20)
    text.replace(at + 14, 8, "deadbeef");
  put(text);
  const RestoredSession session = restored();
  EXPECT_EQ(session.messages.size(), count);
  EXPECT_THAT(session.notices, Contains(HasSubstr("healed")));
}

TEST_F(RestoreTest, LinesOfOtherKindsAndRubbishArePassedOver) {
  play(*recorder());
  put("\n{\"type\":\"future\",\"uuid\":\"x\"}\nrubbish\n[1]\n{}\n" + bytes() + "{\"type\":\"user\"}\n");
  EXPECT_THAT(restored().messages, SizeIs(4));
}

TEST_F(RestoreTest, WhatWasForgottenStaysForgotten) {
  const auto out = recorder();
  play(*out);
  out->on_event(said("refused by the platform"));
  out->on_message_forgotten();
  out->on_event(said("next"));
  out->on_event(answered("m3", anthropic::text_block("I")));
  out->on_answer_forgotten("m3");
  out->on_event(answered("m4", anthropic::text_block("yes")));
  const RestoredSession session = restored();
  ASSERT_THAT(session.messages, SizeIs(6));
  EXPECT_THAT(session.messages[4].blocks, ElementsAre(anthropic::text_block("next")));
  EXPECT_THAT(session.messages[5].blocks, ElementsAre(anthropic::text_block("yes")));
}

TEST_F(RestoreTest, ErrorsAndThinkingThatWasDoneAgainAreNoAnswers) {
  const auto out = recorder();
  out->on_event(said("q"));
  out->on_event(answered("m1", R"({"type":"thinking","thinking":"a","signature":"s"})"));
  out->on_event(answered("m2", anthropic::text_block("yes")));
  protocol::AssistantBlock error = answered("m3", anthropic::text_block("API error"));
  error.error = "overloaded";
  out->on_event(error);
  const RestoredSession session = restored();
  ASSERT_THAT(session.messages, SizeIs(2));
  EXPECT_THAT(session.messages[1].blocks, ElementsAre(anthropic::text_block("yes")));
}

TEST_F(RestoreTest, UpToAMessage) {
  const auto out = recorder();
  play(*out);
  const protocol::AssistantBlock answer = answered("m9", anthropic::text_block("later"));
  out->on_event(said("second"));
  out->on_event(answer);
  out->on_event(said("third"));
  EXPECT_THAT(restored(answer.uuid).messages, SizeIs(6));
  EXPECT_EQ(restore(file_, "none").error().kind, ErrorKind::kNotFound);
}

TEST_F(RestoreTest, OnlyWhatFollowsTheLastCompactionIsAlive) {
  play(*recorder());
  const std::string boundary = make_uuid();
  put(bytes() + R"({"type":"system","subtype":"compact_boundary","uuid":")" + boundary +
      R"(","parentUuid":null})" + "\n" + R"({"type":"user","uuid":"u1","parentUuid":")" + boundary +
      R"(","message":{"role":"user","content":"summary"}})" + "\n");
  const RestoredSession session = restored();
  ASSERT_THAT(session.messages, SizeIs(1));
  EXPECT_THAT(session.messages[0].blocks, ElementsAre(anthropic::text_block("summary")));
}

}  // namespace
}  // namespace awl::session
