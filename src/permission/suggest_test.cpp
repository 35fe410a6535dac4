#include "permission/suggest.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "permission/test_situation.h"

namespace awl::permission {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SuggestTest : public SituationTest {
 protected:
  Suggestions for_command(const std::string& command) {
    Access access;
    access.kind = Access::Kind::kShell;
    access.command = command;
    return suggest_rules(rules_, situation_, "Bash", access, {{"command", command}});
  }
};

TEST_F(SuggestTest, EachPartThatIsNotAllowedYetGetsARule) {
  allow("Bash(npm ci)");
  const Suggestions found = for_command("npm ci && ls && make all | git push origin main");
  EXPECT_THAT(found.exact, ElementsAre("Bash(make all)", "Bash(git push origin main)"));
}

TEST_F(SuggestTest, TheSubcommandMayStandForMore) {
  EXPECT_THAT(for_command("git commit -m x").wider, ElementsAre("Bash(git commit *)"));
  EXPECT_THAT(for_command("npm test").wider, ElementsAre("Bash(npm test *)"));
}

TEST_F(SuggestTest, NothingWiderIsSuggestedForWhatRunsAnything) {
  for (const char* command : {"python3 build.py", "npm run build", "sudo apt update", "xargs rm",
                              "nohup node x", "bash deploy", "watch ls"})
    EXPECT_THAT(for_command(command).wider, IsEmpty()) << command;
}

TEST_F(SuggestTest, WhatARuleCannotSayExactlyIsNotSuggested) {
  for (const char* command :
       {"touch *.txt", "FOO=1 make all", "make $(cat target)", "touch 'a\nb'", "touch 'a)'"}) {
    EXPECT_THAT(for_command(command).exact, IsEmpty()) << command;
    EXPECT_THAT(for_command(command).wider, IsEmpty()) << command;
  }
}

TEST_F(SuggestTest, WhatNoRuleAnswersHasNoSuggestion) {
  ask_for("Bash(git push *)");
  EXPECT_THAT(for_command("git push origin main").exact, IsEmpty());
  EXPECT_THAT(for_command("terraform destroy").exact, IsEmpty());
}

TEST_F(SuggestTest, MoreThanFivePartsAreTooMany) {
  EXPECT_EQ(for_command("touch a; touch b; touch c; touch d; touch e").exact.size(), 5U);
  EXPECT_THAT(for_command("touch a; touch b; touch c; touch d; touch e; touch f").exact, IsEmpty());
}

TEST_F(SuggestTest, OtherToolsAreNamedByWhatTheyTouch) {
  Access page;
  page.kind = Access::Kind::kNetwork;
  page.url = "https://Docs.Example.com/x";
  EXPECT_THAT(suggest_rules(rules_, situation_, "WebFetch", page, {{"url", page.url}}).exact,
              ElementsAre("WebFetch(domain:docs.example.com)"));
  Access file;
  file.kind = Access::Kind::kRead;
  file.paths = {root_ / "outside/o.txt"};
  const auto found = suggest_rules(rules_, situation_, "Read", file, {{"file_path", file.paths[0].string()}});
  EXPECT_THAT(found.exact, ElementsAre("Read(/" + file.paths[0].string() + ")"));
  EXPECT_THAT(found.wider, ElementsAre("Read(/" + (root_ / "outside").string() + "/**)"));
  EXPECT_THAT(suggest_rules(rules_, situation_, "mcp__a__b", {}, json::Value::object()).exact,
              ElementsAre("mcp__a__b"));
}

}  // namespace
}  // namespace awl::permission
