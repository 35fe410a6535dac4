#include "cli/arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "cli/flag.h"

namespace awl::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Result<Arguments> parse(std::vector<const char*> words) {
  words.insert(words.begin(), "awl");
  return parse_arguments(static_cast<int>(words.size()), words.data());
}

std::string error_of(std::vector<const char*> words) {
  const auto arguments = parse(std::move(words));
  return arguments ? "" : describe(arguments.error());
}

TEST(CommandLine, ValuesFollowOrStandBehindAnEqualsSign) {
  const auto spaced = parse({"-p", "--model", "opus", "--max-turns", "3", "hello"});
  const auto equal = parse({"--print", "--model=opus", "--max-turns=3", "hello"});
  for (const auto& arguments : {spaced, equal}) {
    ASSERT_TRUE(arguments);
    EXPECT_TRUE(arguments->print);
    EXPECT_EQ(arguments->model, "opus");
    EXPECT_EQ(arguments->max_turns, 3);
    EXPECT_EQ(arguments->prompt, "hello");
  }
  EXPECT_EQ(parse({"-p", "--system-prompt=", "x"})->system_prompt, "");
  EXPECT_EQ(parse({"-p", "--append-system-prompt=a=b", "x"})->append_system_prompt, "a=b");
}

TEST(CommandLine, AListTakesAllWordsUpToTheNextFlag) {
  const auto arguments =
      parse({"-p", "go", "--allowedTools", "Bash(git log *)", "Edit", "--tools", "Bash,Read", "Edit"});
  ASSERT_TRUE(arguments);
  EXPECT_THAT(arguments->allowed_tools, ElementsAre("Bash(git log *)", "Edit"));
  EXPECT_THAT(*arguments->tools, ElementsAre("Bash", "Read", "Edit"));
  EXPECT_EQ(arguments->prompt, "go");
  const auto spelled = parse({"--allowed-tools", "Bash", "-p", "--", "go"});
  EXPECT_THAT(spelled->allowed_tools, ElementsAre("Bash"));
  EXPECT_EQ(spelled->prompt, "go");
  // With an equals sign it takes one, as it does for other programs of this kind.
  const auto equal = parse({"-p", "--allowedTools=Bash", "go"});
  EXPECT_EQ(equal->prompt, "go");
  EXPECT_EQ(equal->list_flag, "");
  EXPECT_EQ(parse({"-p", "--tools", "", "--verbose"})->tools->size(), 0U);
  EXPECT_EQ(parse({"-p", "--allowedTools", "Bash", "go"})->list_flag, "--allowedTools");
}

TEST(CommandLine, WordsThatBeginWithADash) {
  EXPECT_EQ(parse({"-p", "- first\n- second"})->prompt, "- first\n- second");
  EXPECT_EQ(parse({"-p", "--- a b"})->prompt, "--- a b");
  EXPECT_EQ(parse({"-p", "--", "--not-a-flag"})->prompt, "--not-a-flag");
  EXPECT_EQ(parse({"-p", "--append-system-prompt", "-x", "go"})->append_system_prompt, "-x");
  EXPECT_EQ(parse({"-p", "-"})->prompt, "");
}

TEST(CommandLine, APromptWithoutQuotesIsOneText) {
  EXPECT_EQ(parse({"-p", "fix", "the", "bug"})->prompt, "fix the bug");
}

TEST(CommandLine, ShortFlags) {
  EXPECT_TRUE(parse({"-p", "go"})->print);
  EXPECT_EQ(parse({"-v"})->command, Command::kVersion);
  EXPECT_EQ(parse({"-pv"})->command, Command::kVersion);
  EXPECT_EQ(parse({"-h"})->command, Command::kHelp);
  EXPECT_EQ(parse({"-p", "-nname", "go"})->prompt, "go");
  EXPECT_THAT(error_of({"-x"}), HasSubstr("-x"));
}

TEST(CommandLine, DebugTakesItsFilterOnlyWithAnEqualsSign) {
  EXPECT_EQ(parse({"-p", "--debug=api,!turn", "go"})->debug_filter, "api,!turn");
  EXPECT_EQ(parse({"-p", "--debug", "go"})->prompt, "go");
  const auto loose = parse({"--debug", "api", "-p", "go"});
  EXPECT_EQ(loose->prompt, "go");
  EXPECT_EQ(loose->debug_filter, "");
  EXPECT_TRUE(parse({"-p", "go", "--debug-file", "/tmp/x"})->debug);
}

TEST(CommandLine, AForgottenValueIsNamed) {
  EXPECT_THAT(error_of({"-p", "go", "--model"}), HasSubstr("--model needs a value"));
  EXPECT_THAT(error_of({"-p", "--model", "--verbose", "go"}), HasSubstr("--model needs a value"));
  EXPECT_THAT(error_of({"-p", "--allowedTools", "--verbose"}), HasSubstr("--allowedTools needs a value"));
  EXPECT_THAT(error_of({"-p", "--verbose=yes"}), HasSubstr("--verbose takes no value"));
}

TEST(CommandLine, AnUnknownFlagComesWithTheNearestOne) {
  EXPECT_THAT(error_of({"-p", "--modle", "x"}), HasSubstr("Did you mean --model?"));
  EXPECT_THAT(error_of({"-p", "--alowed-tools", "x"}), HasSubstr("Did you mean --allowed-tools?"));
  EXPECT_THAT(error_of({"-p", "--no-such-flag"}), HasSubstr("--no-such-flag"));
  EXPECT_THAT(error_of({"-p", "--zzzzzzzz"}), Not(HasSubstr("Did you mean")));
}

TEST(CommandLine, ValuesAreChecked) {
  const std::vector<std::pair<const char*, const char*>> wrong{
      {"--max-turns", "0"},          {"--max-turns", "-1"},
      {"--max-turns", "many"},       {"--max-budget-usd", "0"},
      {"--max-budget-usd", "x"},     {"--max-budget-usd", "nan"},
      {"--output-format", "xml"},    {"--input-format", "json"},
      {"--effort", "huge"},          {"--thinking", "loud"},
      {"--session-id", "mine"},      {"--json-schema", "{"},
      {"--json-schema", "[]"},       {"--json-schema", R"({"type":"strange"})"},
      {"--max-thinking-tokens", "x"}};
  for (const auto& [flag, value] : wrong)
    EXPECT_THAT(error_of({"-p", "go", flag, value}), HasSubstr(flag)) << value;
  EXPECT_DOUBLE_EQ(parse({"-p", "go", "--max-budget-usd", "2.50"})->max_budget_usd, 2.5);
}

TEST(CommandLine, FlagsThatNeedOrExcludeEachOther) {
  EXPECT_THAT(error_of({"-p", "go", "--output-format", "stream-json"}), HasSubstr("--verbose"));
  EXPECT_THAT(error_of({"-p", "go", "--include-partial-messages"}), HasSubstr("stream-json"));
  EXPECT_THAT(error_of({"-p", "go", "--include-hook-events"}), HasSubstr("--include-hook-events"));
  EXPECT_THAT(error_of({"-p", "--input-format", "stream-json"}), HasSubstr("--output-format"));
  EXPECT_THAT(error_of({"-p", "go", "--replay-user-messages"}), HasSubstr("--input-format"));
  EXPECT_THAT(error_of({"-p", "go", "--system-prompt", "a", "--system-prompt-file", "b"}),
              HasSubstr("exclude"));
  EXPECT_EQ(error_of({"-p", "go", "--system-prompt-file", "a", "--append-system-prompt", "b"}), "");
}

TEST(CommandLine, WhatSdksPassIsTaken) {
  const auto arguments = parse({"--output-format", "stream-json", "--verbose", "--input-format",
                                "stream-json", "--setting-sources=", "--permission-mode", "default",
                                "--strict-mcp-config", "--allow-dangerously-skip-permissions",
                                "--no-session-persistence", "--mcp-config", R"({"mcpServers":{}})"});
  ASSERT_TRUE(arguments) << describe(arguments.error());
  EXPECT_TRUE(arguments->stream_input);
  EXPECT_EQ(arguments->setting_sources, "");
}

TEST(CommandLine, WhatIsNotServedIsRefusedByName) {
  for (const char* flag :
       {"--tmux", "--bg", "--chrome", "--cloud", "--remote-control", "--rc", "--teleport", "--channels=x"}) {
    const auto arguments = parse({"-p", flag});
    ASSERT_FALSE(arguments) << flag;
    EXPECT_EQ(arguments.error().kind, ErrorKind::kUnsupported) << flag;
    const std::string_view name = std::string_view(flag).substr(0, std::string_view(flag).find('='));
    EXPECT_THAT(arguments.error().message, HasSubstr(std::string(name)));
  }
}

TEST(CommandLine, CommandsComeFirst) {
  EXPECT_EQ(parse({"status"})->command, Command::kStatus);
  EXPECT_EQ(parse({"-p", "status"})->prompt, "status");
  EXPECT_TRUE(parse({"auth", "status"})->as_json);
  EXPECT_FALSE(parse({"auth", "status", "--text"})->as_json);
  for (const char* command : {"update", "install", "setup-token", "remote-control", "ultrareview", "kill"}) {
    const auto arguments = parse({command, "list"});
    ASSERT_TRUE(arguments) << command;
    EXPECT_EQ(arguments->command, Command::kRefused) << command;
    EXPECT_THAT(arguments->text, HasSubstr(command));
  }
  EXPECT_EQ(parse({"agents"})->command, Command::kAgents);
  EXPECT_EQ(parse({"plugins", "list"})->command, Command::kPluginList);
  EXPECT_THAT(error_of({"status", "--nope"}), HasSubstr("--nope"));
}

TEST(CommandLine, ASlipOfACommandIsNoPrompt) {
  EXPECT_THAT(error_of({"statsu"}), HasSubstr("Did you mean awl status?"));
  EXPECT_THAT(error_of({"udpate"}), HasSubstr("Did you mean awl update?"));
  EXPECT_EQ(parse({"-p", "statsu"})->prompt, "statsu");
  EXPECT_EQ(parse({"explain this"})->prompt, "explain this");
}

TEST(FlagTable, NamesAreUniqueAndEveryFlagThatIsTakenDoesSomething) {
  std::set<std::string_view> seen;
  for (const Flag& flag : session_flags()) {
    EXPECT_TRUE(flag.names.starts_with("--")) << flag.names;
    EXPECT_TRUE(seen.insert(flag.name()).second) << flag.names;
    const bool taken = flag.standing == Standing::kServed || flag.standing == Standing::kAccepted;
    EXPECT_EQ(flag.apply != nullptr, taken) << flag.names;
    EXPECT_FALSE(flag.text.empty()) << flag.names;
    EXPECT_EQ(flag.text.ends_with('.'), false) << flag.names;
  }
}

TEST(Help, ListsWhatIsServedAndNothingThatIsRefused) {
  const std::string help = parse({"--help"})->text;
  for (const Flag& flag : session_flags()) {
    if (flag.group != Group::kHidden) EXPECT_THAT(help, HasSubstr(std::string(flag.name())));
  }
  EXPECT_THAT(help, Not(HasSubstr("--chrome")));
  EXPECT_THAT(help, HasSubstr("status"));
}

}  // namespace
}  // namespace awl::cli
