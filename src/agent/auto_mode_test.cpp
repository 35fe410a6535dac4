#include "agent/auto_mode.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include "json/json.h"

namespace awl::agent {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Kind = Judgement::Kind;

// Answers in turn; an empty answer is a failure of the call.
class ScriptedModel final : public tools::SideModel {
 public:
  Task<Result<tools::SideAnswer>> ask(tools::SideQuestion question) override {
    questions.push_back(std::move(question));
    const std::string text = answers.at(questions.size() - 1);
    if (text.empty()) co_return fail(ErrorKind::kApi, "the model is not there");
    co_return tools::SideAnswer{{}, text, "end_turn"};
  }
  std::vector<std::string> answers;
  std::vector<tools::SideQuestion> questions;
};

class AutoModeTest : public ::testing::Test {
 protected:
  AutoMode make(std::string model = "") {
    return AutoMode(
        {.rules = default_auto_mode_rules(), .model = std::move(model), .unavailable = ""}, model_,
        conversation, [] { return text_later("REMOTES\n"); }, [] { return text_later("CHANGES"); });
  }
  Judgement judge(AutoMode& mode, std::string input = R"({"command":"make"})") {
    Judgement judgement;
    boost::asio::io_context io(1);
    boost::asio::co_spawn(io, judge_into(mode, std::move(input), judgement),
                          [](const std::exception_ptr& error) {
                            if (error) std::rethrow_exception(error);
                          });
    io.run();
    return judgement;
  }
  std::string asked(size_t i = 0) {
    return json::parse(model_.questions.at(i).content_json)->get<std::string>();
  }

  static Task<std::string> text_later(std::string text) { co_return text; }
  Task<> judge_into(AutoMode& mode, std::string input, Judgement& judgement) {
    judgement = co_await mode.judge({"Bash", std::move(input), "no rule allows it"}, conversation);
  }

  ScriptedModel model_;
  anthropic::Conversation conversation;
};

TEST_F(AutoModeTest, AVerdictIsFoundInWhateverStandsAroundIt) {
  EXPECT_EQ(parse_judgement(R"({"verdict":"allow","reason":""})").kind, Kind::kAllow);
  EXPECT_EQ(parse_judgement("Hm {x}. ```json\n{\"verdict\": \"Block\", \"reason\": \"r\"}\n```").reason, "r");
  for (const char* text : {"", "allow", R"({"verdict":"maybe"})", R"({"verdict":)", "[]"})
    EXPECT_EQ(parse_judgement(text).kind, Kind::kNone) << text;
}

TEST_F(AutoModeTest, TheJudgeSeesWordsCallsAndFilesButNoResults) {
  conversation.add_user(
      {anthropic::text_block("<system-reminder>What follows was written down for you to heed: MEMO"),
       anthropic::text_block("<system-reminder>OTHER"), anthropic::text_block("please DEPLOY")});
  conversation.add_assistant(
      {R"({"type":"text","text":"SAID"})",
       R"({"type":"tool_use","id":"1","name":"Bash","input":{"command":"EARLIER"}})",
       R"({"type":"tool_use","id":"2","name":"Read","input":{"file_path":"LOOKUP"}})"});
  conversation.add_user({R"({"type":"tool_result","tool_use_id":"1","content":"RESULT"})"});
  model_.answers = {R"({"verdict":"allow"})"};
  AutoMode mode = make();
  EXPECT_EQ(judge(mode, R"({"command":"git reset --hard"})").kind, Kind::kAllow);
  for (const char* seen : {"MEMO", "please DEPLOY", "EARLIER", "git reset --hard", "REMOTES", "CHANGES"})
    EXPECT_THAT(asked(), HasSubstr(seen));
  for (const char* unseen : {"RESULT", "SAID", "LOOKUP", "OTHER"})
    EXPECT_THAT(asked(), Not(HasSubstr(unseen)));
  for (const std::string& rule : default_auto_mode_rules().hard_deny)
    EXPECT_THAT(model_.questions[0].system, HasSubstr(rule));
}

TEST_F(AutoModeTest, ALongConversationIsCutFromItsStart) {
  conversation.add_user({anthropic::text_block("FIRST")});
  for (int i = 0; i < 100; ++i)
    conversation.add_assistant({R"({"type":"tool_use","id":"1","name":"Bash","input":{"command":")" +
                                std::string(2'000, 'x') + R"("}})"});
  conversation.add_user({anthropic::text_block("LAST")});
  const std::string told = describe_for_judge(conversation, "P");
  EXPECT_LT(told.size(), 60'000U);
  EXPECT_THAT(told, HasSubstr("LAST"));
}

TEST_F(AutoModeTest, ThreeBlocksInARowPauseItUntilThePersonAllowsSomething) {
  const std::string block = R"({"verdict":"block","reason":"no"})";
  model_.answers = {block, block, R"({"verdict":"allow"})", block, block, block, block};
  AutoMode mode = make();
  for (int i = 0; i < 5; ++i) judge(mode);
  EXPECT_FALSE(mode.is_paused()) << "one was allowed between";
  judge(mode);
  EXPECT_TRUE(mode.is_paused());
  mode.resume();
  EXPECT_FALSE(mode.is_paused());
}

TEST_F(AutoModeTest, TwentyBlocksInAllPauseIt) {
  for (int i = 0; i < 20; ++i) {
    model_.answers.emplace_back(R"({"verdict":"block","reason":"no"})");
    model_.answers.emplace_back(R"({"verdict":"allow"})");
  }
  AutoMode mode = make();
  for (int i = 0; i < 39; ++i) judge(mode);
  EXPECT_TRUE(mode.is_paused());
  mode.resume();
  EXPECT_FALSE(mode.is_paused());
}

TEST_F(AutoModeTest, AModelThatIsNotThereGivesWayToTheSessionsOwnForGood) {
  model_.answers = {"", R"({"verdict":"allow"})", R"({"verdict":"allow"})"};
  AutoMode mode = make("claude-x");
  EXPECT_EQ(judge(mode).kind, Kind::kAllow);
  EXPECT_EQ(model_.questions[0].model, "claude-x");
  EXPECT_EQ(model_.questions[1].model, "");
  judge(mode);
  EXPECT_EQ(model_.questions[2].model, "");
}

TEST_F(AutoModeTest, WithoutAnAnswerNothingIsAllowedAndNothingCounts) {
  model_.answers = {"", "", "", ""};
  AutoMode mode = make();
  for (int i = 0; i < 4; ++i) {
    const Judgement judgement = judge(mode);
    EXPECT_EQ(judgement.kind, Kind::kNone);
    EXPECT_THAT(judgement.reason, HasSubstr("the model is not there"));
  }
  EXPECT_FALSE(mode.is_paused());
}

}  // namespace
}  // namespace awl::agent
