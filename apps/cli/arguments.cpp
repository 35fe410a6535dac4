#include "cli/arguments.h"

#include <fmt/format.h>

#include <span>
#include <utility>

#include "base/strings.h"
#include "cli/command_line.h"
#include "cli/flag.h"
#include "cli/help.h"
#include "cli/subcommand.h"
#include "cli/suggestion.h"

namespace awl::cli {

namespace {

using Words = std::span<const char* const>;

Result<> apply(const GivenFlag& given, Arguments& arguments) {
  const Flag& flag = *given.flag;
  if (flag.standing == Standing::kNotYet) {
    return fail(ErrorKind::kUnsupported,
                fmt::format("{} is not served by this version: {}.", given.name, flag.text));
  }
  if (flag.standing == Standing::kNotHere) {
    return fail(ErrorKind::kUnsupported,
                fmt::format("{} is not offered on Claude Platform on AWS: {}.", given.name, flag.text));
  }
  auto applied = flag.apply(arguments, given.values);
  if (!applied) {
    Error error = std::move(applied).error();
    error.message = fmt::format("{}: {}", given.name, error.message);
    return std::unexpected(std::move(error));
  }
  return {};
}

Result<> apply_all(const CommandLine& line, Arguments& arguments) {
  for (const GivenFlag& given : line.flags) AWL_CHECK(apply(given, arguments));
  // A prompt without quotes arrives as several words.
  arguments.prompt = join(line.words, " ");
  if (arguments.prompt == "-") arguments.prompt.clear();  // standard input, which is read anyway
  arguments.list_flag = line.list_flag;
  return {};
}

std::unexpected<Error> conflict(std::string message, std::string hint = {}) {
  return fail(ErrorKind::kInvalidInput, std::move(message), std::move(hint));
}

// What flags demand of each other.
Result<> check(const Arguments& arguments) {
  const bool stream_output = arguments.output_format == OutputFormat::kStreamJson;
  if (stream_output && !arguments.verbose)
    return conflict("--output-format stream-json needs --verbose", "Add --verbose to the command line.");
  if (arguments.include_partial_messages && !stream_output)
    return conflict("--include-partial-messages needs --output-format stream-json");
  if (arguments.forward_subagent_text && !stream_output)
    return conflict("--forward-subagent-text needs --output-format stream-json");
  if (arguments.include_hook_events && !stream_output)
    return conflict("--include-hook-events needs --output-format stream-json");
  if (!arguments.stream_only_flags.empty() && !stream_output)
    return conflict(fmt::format("{} needs --output-format stream-json", arguments.stream_only_flags.front()));
  if (arguments.stream_input && !stream_output)
    return conflict("--input-format stream-json needs --output-format stream-json");
  if (arguments.replay_user_messages && !arguments.stream_input)
    return conflict("--replay-user-messages needs --input-format stream-json");
  if (arguments.stream_input && !arguments.prompt.empty())
    return conflict("a prompt on the command line and --input-format stream-json exclude each other",
                    "Send the prompt as a message on standard input.");
  const bool goes_on = arguments.continue_session || arguments.resume;
  if (arguments.continue_session && arguments.resume)
    return conflict("--continue and --resume exclude each other", "Leave one of them out.");
  const bool may_pick = arguments.command == Command::kSession && !arguments.print && !arguments.stream_input;
  if (arguments.resume && arguments.resume->empty() && !may_pick)
    return conflict("--resume needs the id or the name of a session here",
                    "--continue goes on with the last one.");
  if (arguments.fork_session && !goes_on) return conflict("--fork-session needs --resume or --continue");
  if (!arguments.rewind_to.empty() && !goes_on)
    return conflict("--rewind-files needs --resume or --continue");
  if (!arguments.resume_at.empty() && !goes_on)
    return conflict("--resume-session-at needs --resume or --continue");
  if (arguments.session_id && goes_on && !arguments.fork_session)
    return conflict("--session-id with --resume or --continue needs --fork-session");
  if (arguments.system_prompt && arguments.system_prompt_file)
    return conflict("--system-prompt and --system-prompt-file exclude each other", "Leave one of them out.");
  return {};
}

Result<Arguments> parse_command(const Subcommand& command, Words words) {
  Arguments arguments;
  arguments.command = command.command;
  arguments.as_json = command.names == "auth status";
  AWL_TRY(CommandLine line, take_apart(words, command.flags()));
  arguments.words = std::exchange(line.words, {});
  AWL_CHECK(apply_all(line, arguments));
  if (arguments.command == Command::kHelp) {
    arguments.text = command_help(command);
  } else if (command.words.empty() && !arguments.words.empty()) {
    return conflict(fmt::format("awl {} takes no \"{}\"", command.names, arguments.words.front()),
                    fmt::format("`awl {} --help` lists its flags.", command.names));
  }
  return arguments;
}

Arguments refused(std::string text) {
  Arguments arguments;
  arguments.command = Command::kRefused;
  arguments.text = std::move(text);
  return arguments;
}

// A command is one only as the first word: `awl -p status` is a prompt. Nullopt: it is none.
std::optional<Result<Arguments>> parse_subcommand(Words words) {
  if (words.empty()) return std::nullopt;
  const std::string_view first = words.front();
  const Subcommand* command = nullptr;
  std::string name(first);
  size_t used = 1;
  if (words.size() > 1) {
    name = fmt::format("{} {}", first, words[1]);
    command = find_subcommand(name);
    used = 2;
  }
  if (command == nullptr) {
    name = first;
    command = find_subcommand(name);
    used = 1;
  }
  if (command == nullptr) return std::nullopt;
  if (!command->is_served()) return refused(fmt::format("awl {} {}", name, command->text));
  if (command->flags == nullptr) return std::nullopt;
  return parse_command(*command, words.subspan(used));
}

// `awl statsu` is a slip more likely than a prompt of one word.
Result<> check_for_slip(const CommandLine& line, const Arguments& arguments) {
  if (arguments.print || line.words.size() != 1 || line.words.front().contains(' ')) return {};
  const std::string_view near = nearest(line.words.front(), subcommand_names());
  if (near.empty()) return {};
  return conflict(fmt::format("there is no command {}. Did you mean awl {}?", line.words.front(), near),
                  "A prompt is given with -p.");
}

}  // namespace

Result<Arguments> parse_arguments(int argc, const char* const* argv) {
  Words words(argv, static_cast<size_t>(argc));
  if (!words.empty()) words = words.subspan(1);
  if (auto command = parse_subcommand(words)) return std::move(*command);
  AWL_TRY(const CommandLine line, take_apart(words, session_flags()));
  Arguments arguments;
  AWL_CHECK(apply_all(line, arguments));
  if (arguments.command == Command::kHelp) arguments.text = session_help();
  if (arguments.command != Command::kSession) return arguments;
  AWL_CHECK(check_for_slip(line, arguments));
  AWL_CHECK(check(arguments));
  return arguments;
}

}  // namespace awl::cli
