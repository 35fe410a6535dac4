#include "tools/bash_test_fixture.h"

namespace awl::tools {
namespace {

using BashStartFileTest = BashTest;

TEST_F(BashStartFileTest, AliasesFunctionsAndOptionsOfTheStartFileWork) {
  std::ofstream(session_.home / ".bashrc")
      << "echo noise; echo noise >&2\n"
         "case $- in *i*) ;; *) return ;; esac\n"
         "echo run >> ~/runs\n"
         "shopt -s globstar extglob\n"
         "alias greet='echo hello'\n"
         "alias printf='echo wrong'\n"
         "helper() { greet_word=hi; [[ $1 == @(a|b) ]] && echo \"$greet_word $1\"; }\n"
         "export NOT_CARRIED=1\n";
  EXPECT_EQ(
      out("greet you; helper a; shopt globstar | cut -f2; shopt extglob | cut -f2; echo [$NOT_CARRIED]"),
      "hello you\nhi a\non\noff\n[]");
  EXPECT_EQ(out("greet again"), "hello again");
  EXPECT_EQ(*os::read_file(session_.home / "runs"), "run\n") << "taken once";
  ASSERT_EQ(count_files(), 1u);
  const os::Path file = session_.output_dir / os::list_directory(session_.output_dir)->front();
  EXPECT_EQ(os::stat(file)->mode, 0600u);
  tool_.reset();
  EXPECT_EQ(count_files(), 0u);
}

TEST_F(BashStartFileTest, AStartFileThatEndsWithExitKeepsItsAliases) {
  std::ofstream(session_.home / ".bashrc")
      << "echo noise\nalias greet='echo hello'\nhelper() { echo \"hi $1\"; }\nexit 3\n";
  EXPECT_EQ(out("greet you; helper a; compgen -A function"), "hello you\nhi a\nhelper");
}

TEST_F(BashStartFileTest, AStartFileThatFailsUnderErrexitKeepsItsAliases) {
  std::ofstream(session_.home / ".bashrc") << "alias greet='echo hello'\nset -eu\nfalse\n";
  bash("true");
  EXPECT_EQ(out("set +eu; greet you"), "hello you");
}

TEST_F(BashStartFileTest, AStartFileThatHangsCostsItsLimit) {
  tool_ = make_bash_tool({.stop_grace = 50ms, .start_file_limit = 50ms});
  std::ofstream(session_.home / ".bashrc") << "sleep 1000\n";
  const std::string text = out("echo x");
  EXPECT_TRUE(text.starts_with("x\nNote: the aliases")) << text;
  EXPECT_EQ(BashOptions{}.start_file_limit, 3s);
}

TEST_F(BashStartFileTest, AStartFileThatBecomesAnotherProgramIsNotedOnce) {
  std::ofstream(session_.home / ".bashrc") << "exec true\n";
  const std::string text = out("echo x");
  EXPECT_TRUE(text.starts_with("x\nNote: the aliases")) << text;
  EXPECT_EQ(out("echo y"), "y");
}

TEST_F(BashStartFileTest, AnOrdinaryStartFileLeavesNothingToSource) {
  std::ofstream(session_.home / ".bashrc") << "PS1='> '\nexport EDITOR=vi\n";
  EXPECT_EQ(out("echo x"), "x");
  EXPECT_EQ(count_files(), 0u);
}

TEST_F(BashStartFileTest, TheEnvironmentFileIsSourcedBeforeEachCommand) {
  set("CLAUDE_ENV_FILE", (base_ / "env file.sh").string());
  EXPECT_EQ(out("echo [$FROM_FILE]"), "[]") << "it need not exist";
  std::ofstream(base_ / "env file.sh") << "export FROM_FILE=yes\n";
  EXPECT_EQ(out("bash -c 'echo $FROM_FILE'"), "yes");
}

TEST_F(BashStartFileTest, ThePrefixWrapsTheInvocation) {
  const os::Path wrapper = base_ / "wrap.sh";
  std::ofstream(wrapper) << "#!/bin/sh\necho \"$#\" >> " << (base_ / "log").string()
                         << "\nexec sh -c \"$1\"\n";
  ::chmod(wrapper.c_str(), 0755);
  set("CLAUDE_CODE_SHELL_PREFIX", wrapper.string());
  EXPECT_EQ(bash("echo \"it's\"; cd sub; exit 3").text, "Exit code 3\nit's");
  EXPECT_EQ(session_.cwd, project() / "sub");
  EXPECT_EQ(*os::read_file(base_ / "log"), "1\n");
}

TEST_F(BashStartFileTest, ZshWorksToo) {
  if (::access("/bin/zsh", X_OK) != 0) GTEST_SKIP() << "there is no zsh here";
  set("CLAUDE_CODE_SHELL", "/bin/zsh");
  std::ofstream(session_.home / ".zshrc")
      << "alias greet='echo hello'\nhelper() { echo \"hi $1\"; }\nsetopt extended_glob\n";
  EXPECT_EQ(out("greet you; helper a; [[ -o extendedglob ]] && echo on"), "hello you\nhi a\non");
  EXPECT_EQ(bash("cd sub; print -r 'it'\\''s \\ ok'; exit 3").text, "Exit code 3\nit's \\ ok");
  EXPECT_EQ(session_.cwd, project() / "sub");
  EXPECT_EQ(out("echo a > /dev/stderr; echo b"), "a\nb");
}

}  // namespace
}  // namespace awl::tools
