#include "tools/bash_shell.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "tools/session.h"

namespace awl::tools {
namespace {

ShellScript script(std::string command) {
  ShellScript made;
  made.command = std::move(command);
  made.folder_fd = 9;
  return made;
}

TEST(BashShell, QuotesForTheShell) {
  EXPECT_EQ(quote_word("it's"), R"('it'\''s')");
  EXPECT_EQ(quote_on_one_line("it's\na \\ b $x"), R"($'it\'s\na \\ b $x')");
}

TEST(BashShell, OnlyBashAndZshAreChosen) {
  EXPECT_EQ(choose_shell({}).program, "/bin/bash");
  for (const auto* refused : {"/bin/sh", "/no/such/bash", "bash", ""}) {
    EXPECT_EQ(choose_shell(Environment({{"CLAUDE_CODE_SHELL", refused}})).program, "/bin/bash") << refused;
  }
  EXPECT_EQ(choose_shell(Environment({{"CLAUDE_CODE_SHELL", "/usr/bin/bash"}})).program, "/usr/bin/bash");
}

TEST(BashShell, TheScriptIsOneLine) {
  const auto arguments = make_arguments({"/bin/bash", false}, script("a\nb"), {});
  ASSERT_EQ(arguments.size(), 3u);
  EXPECT_EQ(arguments[2].find('\n'), std::string::npos);
  EXPECT_TRUE(arguments[2].ends_with("eval $'a\\nb'"));
}

TEST(BashShell, ThePrefixGetsOneArgument) {
  const Environment environment({{"CLAUDE_CODE_SHELL_PREFIX", "/opt/log --all"}});
  const auto arguments = make_arguments({"/bin/bash", false}, script("ls"), environment);
  EXPECT_TRUE(arguments[2].starts_with("/opt/log --all '"));
  EXPECT_TRUE(arguments[2].ends_with("'"));
}

TEST(BashShell, ScrubbedCommandsAreIsolated) {
  const Environment environment({{"CLAUDE_CODE_SUBPROCESS_ENV_SCRUB", "1"}});
  const auto arguments = make_arguments({"/bin/bash", false}, script("ls"), environment);
  ASSERT_EQ(arguments.size(), 7u);
  EXPECT_EQ(arguments[0], "/bin/sh");
  EXPECT_NE(arguments[2].find("unshare"), std::string::npos);
  EXPECT_EQ(arguments[4], "/bin/bash");
  EXPECT_EQ(arguments[6], make_arguments({"/bin/bash", false}, script("ls"), {})[2]);
}

TEST(BashShell, ChildrenKnowWhereTheyAre) {
  Session session;
  session.id = "the-session";
  session.child_environment =
      Environment({{"KEEP", "1"}, {"OTEL_EXPORTER_OTLP_HEADERS", "x"}, {"GIT_EDITOR", "vi"}});
  const Environment environment = make_child_environment(session);
  const std::map<std::string, std::string, std::less<>> expected = {
      {"KEEP", "1"},
      {"CLAUDECODE", "1"},
      {"CLAUDE_CODE_SESSION_ID", "the-session"},
      {"CLAUDE_CODE_CHILD_SESSION", "1"},
      {"CLAUDE_PID", std::to_string(::getpid())},
      {"GIT_EDITOR", "true"}};
  EXPECT_EQ(environment.values(), expected);
}

}  // namespace
}  // namespace awl::tools
