#include "async/task_group.h"
#include "tools/bash_test_fixture.h"

namespace awl::tools {
namespace {

TEST_F(BashTest, DescribesItself) {
  EXPECT_EQ(tool_->spec().name, "Bash");
  EXPECT_FALSE(tool_->spec().description.empty());
  const Value schema = json::parse(tool_->spec().input_schema).value();
  EXPECT_EQ(schema["required"], Value::array({"command"}));
  EXPECT_EQ(schema["additionalProperties"], false);
  EXPECT_EQ(make_bash_tool()->spec().name, "Bash");
  const auto access = tool_->access({{"command", "ls -l"}}, session_);
  ASSERT_TRUE(access);
  EXPECT_EQ(access->kind, Access::Kind::kShell);
  EXPECT_EQ(access->command, "ls -l");
  EXPECT_FALSE(tool_->access({{"command", " \n"}}, session_));
}

TEST_F(BashTest, BothStreamsAreMergedInOrder) {
  EXPECT_EQ(out("echo a; echo b >&2; echo c"), "a\nb\nc");
  EXPECT_EQ(structured_, Value({{"stdout", "a\nb\nc"},
                                {"stderr", ""},
                                {"interrupted", false},
                                {"isImage", false},
                                {"noOutputExpected", false}}));
  EXPECT_EQ(count_files(), 0u) << "a small output leaves no file";
}

TEST_F(BashTest, AFailureBeginsWithItsExitCode) {
  const ToolResult result = bash("echo to-out; echo to-err >&2; exit 3");
  EXPECT_TRUE(result.is_error);
  EXPECT_EQ(result.text, "Exit code 3\nto-out\nto-err");
  EXPECT_EQ(result.structured_json, "");
}

TEST_F(BashTest, ASilentCommandSucceedsWithAText) {
  EXPECT_EQ(out("true"), "(no output)");
  EXPECT_EQ(structured_["stdout"], "");
  EXPECT_EQ(structured_["noOutputExpected"], true);
}

TEST_F(BashTest, ExitOneOfGrepIsNoError) {
  EXPECT_EQ(out("echo x | grep zebra"), "(no output, exit code 1: no match)");
  EXPECT_EQ(structured_["returnCodeInterpretation"], "no match");
  EXPECT_TRUE(bash("grep zebra no-such-file").is_error) << "exit code 2";
  EXPECT_TRUE(bash("grep zebra /dev/null | cat; false").is_error);
}

TEST_F(BashTest, TheCommandMeansWhatItMeansInAScript) {
  EXPECT_EQ(out("cat <<'E'\nit's $HOME \\ \"q\"\n\ttab\nE\necho $((1+1)) # a comment"),
            "it's $HOME \\ \"q\"\n\ttab\n2");
  EXPECT_EQ(out("echo \"$#-$0-${a:-unset}\"; f() { echo in-f; }; f"), "0-/bin/bash-unset\nin-f");
  EXPECT_EQ(out("echo 'ü€😀' | cat"), "ü€😀");
  EXPECT_EQ(out("for i in 1 2\ndo\n  echo $i\ndone"), "1\n2");
  EXPECT_EQ(out("echo a\\\nb"), "ab");
}

TEST_F(BashTest, SyntaxErrorsAreReportedByTheShell) {
  const ToolResult result = bash("echo (");
  EXPECT_TRUE(result.is_error);
  EXPECT_TRUE(result.text.starts_with("Exit code 2\n")) << result.text;
  EXPECT_NE(result.text.find("syntax error"), std::string::npos) << result.text;
  const ToolResult missing = bash("true\nno-such-command-x");
  EXPECT_TRUE(missing.text.starts_with("Exit code 127\n"));
  EXPECT_NE(missing.text.find("line 2: no-such-command-x"), std::string::npos) << missing.text;
}

TEST_F(BashTest, ExitCodesSurviveTrapsExecAndSignals) {
  EXPECT_EQ(bash("trap 'echo bye' EXIT; exit 4").text, "Exit code 4\nbye");
  EXPECT_EQ(bash("exec bash -c 'exit 5'").text, "Exit code 5");
  EXPECT_EQ(bash("set -e; false; echo no").text, "Exit code 1");
  EXPECT_TRUE(bash("kill -KILL $$").text.starts_with("Exit code 137"));
  EXPECT_EQ(out("set -x; echo hi"), "++ echo hi\nhi") << "nothing of ours is traced";
  EXPECT_EQ(out("set -euo pipefail; echo fine"), "fine");
}

TEST_F(BashTest, StdinIsEmptyAndBytesBecomeText) {
  EXPECT_EQ(out("cat; echo cat-rc=$?"), "cat-rc=0");
  EXPECT_EQ(out("printf 'left\\377\\376right\\n'"), "left\uFFFD\uFFFDright");
}

TEST_F(BashTest, NulInACommandIsRefused) {
  const ToolResult result = bash(std::string("echo a\0b", 8));
  EXPECT_TRUE(result.is_error);
  EXPECT_NE(result.text.find("NUL"), std::string::npos);
  EXPECT_EQ(count_files(), 0u);
}

TEST_F(BashTest, AnOverlongCommandIsRefusedWithAdvice) {
  EXPECT_EQ(out("echo " + std::string(100'000, 'x') + " | wc -c"), "100001");
  const ToolResult result = bash("echo " + std::string(140'000, 'x'));
  EXPECT_TRUE(result.is_error);
  EXPECT_NE(result.text.find("script file"), std::string::npos);
}

TEST_F(BashTest, TheFolderCarriesOverInsideTheProject) {
  out("cd sub/deep");
  EXPECT_EQ(session_.cwd, project() / "sub/deep");
  EXPECT_EQ(out("pwd"), (project() / "sub/deep").string());
  bash("cd ..; exit 9");
  EXPECT_EQ(session_.cwd, project() / "sub") << "also from a command that fails";
  out("(cd deep)");
  EXPECT_EQ(session_.cwd, project() / "sub") << "a subshell moves nobody";
  out("mkdir $'new\\nline'; cd $'new\\nline'");
  EXPECT_EQ(session_.cwd, project() / "sub/new\nline");
}

TEST_F(BashTest, ANeighbourThatStaysResetsNoFolder) {
  auto body = [&]() -> Task<> {
    const Value stays = {{"command", "touch started; until [ -e go ]; do sleep 0.01; done"}};
    const auto access = tool_->access(stays, session_);
    auto neighbour = [&]() -> Task<> { co_await tool_->run(stays, *access, "toolu_1", session_); };
    async::TaskGroup group(io_.get_executor());
    group.spawn(neighbour());
    while (!os::path_exists(project() / "started")) co_await async::sleep_for(2ms);
    const Value moves = {{"command", "cd sub"}};
    const auto moving = tool_->access(moves, session_);
    co_await tool_->run(moves, *moving, "toolu_2", session_);
    EXPECT_EQ(session_.cwd, project() / "sub");
    std::ofstream(project() / "go");
    co_await group.join();
  };
  run(body());
  EXPECT_EQ(session_.cwd, project() / "sub");
}

TEST_F(BashTest, OutsideTheProjectTheFolderIsReset) {
  session_.additional_dirs = {base_ / "project-2"};
  out("cd ../project-2");
  EXPECT_EQ(session_.cwd, base_ / "project-2");
  EXPECT_EQ(out("cd ../elsewhere; echo there"), "there\nShell cwd was reset to " + project().string());
  EXPECT_EQ(structured_["stdout"], "there");
  EXPECT_EQ(session_.cwd, project());
  std::filesystem::create_directory_symlink(base_ / "elsewhere", project() / "link");
  EXPECT_NE(out("cd link").find("was reset"), std::string::npos) << "links do not lead out";
}

TEST_F(BashTest, TheFolderCanBeKeptAtTheProject) {
  set("CLAUDE_BASH_MAINTAIN_PROJECT_WORKING_DIR", "1");
  EXPECT_EQ(out("cd sub"), "(no output)");
  EXPECT_EQ(session_.cwd, project());
}

TEST_F(BashTest, ADeletedFolderIsLeft) {
  out("mkdir gone; cd gone");
  EXPECT_EQ(out("rmdir ../gone; echo x"), "x");
  const std::string text = out("pwd");
  EXPECT_TRUE(text.starts_with(project().string() + "\n")) << text;
  EXPECT_NE(text.find("Shell cwd was reset to"), std::string::npos) << text;
}

TEST_F(BashTest, TheFolderReportIsNoPartOfTheOutput) {
  EXPECT_EQ(out("exec 3>&1 4>&1; echo /tmp; cd sub"), "/tmp");
  EXPECT_EQ(session_.cwd, project() / "sub");
}

TEST_F(BashTest, ExportsAreNotCarried) {
  out("export CARRIED=1; x=2");
  EXPECT_EQ(out("echo [$CARRIED$x]"), "[]");
}

TEST_F(BashTest, ChildrenKnowWhereTheyAre) {
  set("OTEL_SERVICE_NAME", "x");
  EXPECT_EQ(out("echo $CLAUDECODE $CLAUDE_CODE_CHILD_SESSION $CLAUDE_CODE_SESSION_ID $GIT_EDITOR "
                "[$OTEL_SERVICE_NAME]"),
            "1 1 " + session_.id + " true []");
  EXPECT_EQ(out("echo $CLAUDE_PID"), std::to_string(::getpid()));
}

}  // namespace
}  // namespace awl::tools
