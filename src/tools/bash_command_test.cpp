#include "tools/bash_command.h"

#include <gtest/gtest.h>

namespace awl::tools {
namespace {

TEST(BashCommand, ExitOneIsAnAnswerOfTheLastCommandOnly) {
  EXPECT_EQ(meaning_of_exit_one("grep zebra a.txt"), "no match");
  EXPECT_EQ(meaning_of_exit_one("cat a | /usr/bin/grep -c x"), "no match");
  EXPECT_EQ(meaning_of_exit_one("cd sub && LC_ALL=C rg \"a | b; c\" 2>&1"), "no match");
  EXPECT_EQ(meaning_of_exit_one("egrep x f;\n# a comment; with | signs\n"), "no match");
  EXPECT_EQ(meaning_of_exit_one("diff <(sort a | uniq) b"), "there are differences");
  EXPECT_EQ(meaning_of_exit_one("[ -f x ]"), "the condition is false");
  EXPECT_EQ(meaning_of_exit_one("git -C /x --no-pager diff --exit-code"), "there are differences");
  EXPECT_EQ(meaning_of_exit_one("git grep x"), "no match");
  for (const auto* failing : {"grep x f | head", "grep x f; false", "pgrep x", "cmp a b", "git status", "git",
                              "", "  ", "echo 'x; grep'", "echo $(true; grep x)", "false #; grep"}) {
    EXPECT_EQ(meaning_of_exit_one(failing), "") << failing;
  }
}

TEST(BashCommand, SleepAndGitAreStoppedAtTheLimit) {
  for (const auto* stopped : {"sleep 5", "  A=1 sleep 5; make", "/bin/sleep 1", "make && git push",
                              "x=$(git log)", "/usr/bin/git gc", ""}) {
    EXPECT_FALSE(may_continue_in_background(stopped)) << stopped;
  }
  for (const auto* moved : {"make", "bash -c 'sleep 3'", "ls .git/config", "echo; sleep 5", "digit 5"}) {
    EXPECT_TRUE(may_continue_in_background(moved)) << moved;
  }
}

TEST(BashCommand, SeesFolderChangesAndSilentCommands) {
  EXPECT_TRUE(changes_folder("make && cd /x"));
  EXPECT_TRUE(changes_folder("(pushd x)"));
  EXPECT_FALSE(changes_folder("echo abcd cdrom"));
  EXPECT_TRUE(is_silent_by_nature("mkdir -p a/b"));
  EXPECT_FALSE(is_silent_by_nature("mkdir a; ls"));
  EXPECT_TRUE(reopens_output("echo x > /dev/stderr"));
  EXPECT_FALSE(reopens_output("echo x >&2"));
}

TEST(BashCommand, SurvivesWhatIsNoCommand) {
  for (const auto* text : {"'", "\"", "\\", "$(", "a\\", "&", ">&", "((((", "))))", "#", "=", "|", "'\\"}) {
    EXPECT_EQ(meaning_of_exit_one(text), "") << text;
    may_continue_in_background(text);
    is_silent_by_nature(text);
  }
}

}  // namespace
}  // namespace awl::tools
