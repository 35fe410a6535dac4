#include "permission/search_rules.h"

#include "permission/test_situation.h"

namespace awl::permission {
namespace {

using enum Behavior;

class SearchRules : public SituationTest {
 protected:
  SearchRules() { (void)os::write_file_atomic(root_ / "work/secret.txt", "TOP\n"); }
};

TEST_F(SearchRules, ASearchThatMeetsADeniedFileIsDenied) {
  for (const char* rule : {"Read(secret.txt)", "Read(./secrets/**)", "Read(secrets/)", "Read(**/k.txt)",
                           "Read(*cret.txt)", "Read(secrets/k.txt)"}) {
    rules_ = {};
    deny(rule);
    for (const bool allowed : {false, true}) {
      if (allowed) allow("Bash");
      for (const char* command : {"grep -r TOP .",
                                  "grep -r TOP",
                                  "grep -rh TOP",
                                  "grep -R TOP ./",
                                  "grep --recursive TOP .",
                                  "grep -d recurse TOP .",
                                  "grep --directories=recurse TOP .",
                                  "grep -A 3 -r TOP",
                                  "grep -e TOP -rn",
                                  "egrep -nri TOP $PWD/..",
                                  "rg TOP",
                                  "rg -n TOP .",
                                  "rg -A 3 TOP",
                                  "rg -e TOP",
                                  "rg src",
                                  "rg TOP ..",
                                  "rg --hidden -l TOP .",
                                  "git grep TOP",
                                  "git -C src/.. grep TOP",
                                  "cat a.txt | rg TOP .",
                                  "diff -r . extra",
                                  "sudo grep -r TOP .",
                                  "bash -c 'grep -r TOP .'",
                                  "cd src && grep -r TOP ..",
                                  "timeout 5 rg TOP",
                                  "rg -e --files .",
                                  "rg TOP --glob 'secret.txt' -g '!src'",
                                  "rg -g '!a' -ng '*' .",
                                  "cp -r . /tmp/x",
                                  "tar czf /tmp/x.tgz .",
                                  "grep -e --exclude=secret.txt -r .",
                                  "ag TOP",
                                  "grep -r --exclude=secret.txt --exclude-dir=secrets --include=* TOP ."}) {
        if (std::string_view(command).contains("$PWD")) {
          EXPECT_NE(bash(command), kAllow) << rule << ": " << command;
        } else {
          EXPECT_EQ(bash(command), kDeny) << rule << ": " << command;
        }
      }
      for (const char* command : {"grep -r TOP src", "rg TOP src lib", "grep TOP a.txt", "ls -R .", "tree",
                                  "find . -name x", "rg --files", "diff -r src lib", "echo grep -r .",
                                  "grep -r --exclude=secret.txt --exclude-dir=secrets --exclude=k.txt TOP .",
                                  "rg -g '!secret.txt' --glob '!secrets' --glob='!k.txt' TOP"}) {
        EXPECT_EQ(bash(command), kAllow) << rule << ": " << command;
      }
    }
  }
}

TEST_F(SearchRules, TheReasonNamesRuleAndWayOut) {
  deny("Read(secret.txt)");
  const std::string reason = bash_verdict("grep -r TOP .").reason;
  EXPECT_NE(reason.find("Read(secret.txt)"), std::string::npos) << reason;
  EXPECT_NE(reason.find("work/secret.txt"), std::string::npos) << reason;
  EXPECT_NE(reason.find("--exclude=NAME"), std::string::npos) << reason;
}

TEST_F(SearchRules, AskRulesAsk) {
  ask_for("Read(secrets/**)");
  EXPECT_EQ(bash("grep -r TOP ."), kAsk);
  EXPECT_EQ(bash("rg TOP src"), kAllow);
  // Where the search runs is not known.
  allow("Bash");
  EXPECT_EQ(bash("grep -r TOP \"$X\""), kAsk);
}

TEST_F(SearchRules, LinksThatASearchFollows) {
  deny("Read(~/.ssh/**)");
  EXPECT_EQ(bash("grep -r TOP src"), kAllow);
  allow("Bash");
  EXPECT_EQ(bash("grep -R TOP src"), kDeny);  // src/key leads to ~/.ssh/id_rsa
  EXPECT_EQ(bash("rg --follow TOP src"), kDeny);
  EXPECT_EQ(bash("grep -r TOP ~"), kDeny);
}

TEST_F(SearchRules, AToolsSearchThatIsAskedAboutMeetsNothingDenied) {
  EXPECT_EQ(file("Grep", Access::Kind::kRead, "~"), kAsk);
  deny("Read(~/.ssh/**)");
  EXPECT_EQ(file("Grep", Access::Kind::kRead, "~"), kDeny);
  EXPECT_EQ(file("Glob", Access::Kind::kRead, "~"), kDeny);
  EXPECT_EQ(file("Grep", Access::Kind::kRead, "../outside"), kAsk);
  EXPECT_EQ(file("Grep", Access::Kind::kRead, "."), kAllow);  // the tool leaves denied files out
  deny("Read(./secrets/k.txt)");
  ask_for("Read(./secrets/**)");
  EXPECT_EQ(file("Grep", Access::Kind::kRead, "secrets"), kDeny);
}

TEST(ChangesFolder, WhateverMayMoveTheShell) {
  for (const char* command :
       {"cd src", "ls && cd ..", "pushd x", "popd", "(cd x; ls)", "command cd x", "eval 'cd x'",
        "builtin cd x", "'cd' x", "source x.sh", ". x.sh", "$X src", "if", "ls 'x"})
    EXPECT_TRUE(changes_folder(command)) << command;
  for (const char* command : {"ls", "echo cd", "grep -r cd src | wc -l", "git -C x status", ""})
    EXPECT_FALSE(changes_folder(command)) << command;
}

}  // namespace
}  // namespace awl::permission
