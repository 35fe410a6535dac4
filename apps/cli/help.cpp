#include "cli/help.h"

#include <fmt/format.h>

#include "base/strings.h"

namespace awl::cli {

namespace {

constexpr size_t kColumn = 34;
constexpr size_t kWidth = 100;

// `text` from column kColumn on, broken between words.
std::string wrap(std::string_view text) {
  std::string out;
  size_t used = 0;
  for (const std::string_view word : split(text, ' ')) {
    if (used > 0 && used + 1 + word.size() > kWidth - kColumn) {
      out += "\n" + std::string(kColumn, ' ');
      used = 0;
    }
    if (used > 0) out += ' ';
    out += word;
    used += word.size() + 1;
  }
  return out;
}

std::string line(std::string_view left, std::string_view text) {
  std::string out = fmt::format("  {}", left);
  if (out.size() + 2 > kColumn) {
    out += "\n" + std::string(kColumn, ' ');
  } else {
    out.append(kColumn - out.size(), ' ');
  }
  return out + wrap(text) + "\n";
}

std::string flag_line(const Flag& flag) {
  std::string left;
  // The usual long name, then a short one; the other long ones are only other spellings.
  for (const std::string_view name : split(flag.names, ',')) {
    if (name == flag.name() || !name.starts_with("--"))
      left += (left.empty() ? "" : ", ") + std::string(name);
  }
  if (!flag.value.empty())
    left += flag.takes == Takes::kOptionalEqual ? fmt::format("[={}]", flag.value)
                                                : fmt::format(" {}", flag.value);
  return line(left, flag.text);
}

std::string group_text(std::span<const Flag> flags, Group group) {
  std::string out;
  for (const Flag& flag : flags) {
    if (flag.group == group) out += flag_line(flag);
  }
  return out;
}

}  // namespace

std::string session_help() {
  std::string out =
      "Awl, a coding agent for the terminal, made for Claude Platform on AWS.\n"
      "\n"
      "  awl [flags] [prompt]       a conversation on this terminal, which begins with the prompt\n"
      "  awl -p [flags] [prompt]    answers the prompt and exits; it may also come, or go on, on standard "
      "input\n"
      "  awl COMMAND [flags]\n"
      "\n"
      "Commands\n";
  for (const Subcommand& command : subcommands()) {
    if (command.is_served()) out += line(command.name(), command.text);
  }
  constexpr std::pair<Group, std::string_view> kGroups[] = {{Group::kRun, "Running"},
                                                            {Group::kOutput, "Input and output"},
                                                            {Group::kModel, "The model"},
                                                            {Group::kTools, "Tools and permissions"},
                                                            {Group::kPrompt, "The prompt"},
                                                            {Group::kSession, "The session"},
                                                            {Group::kOther, "Settings and logs"}};
  for (const auto& [group, title] : kGroups)
    out += fmt::format("\n{}\n{}", title, group_text(session_flags(), group));
  out +=
      "\n"
      "Flags are written --flag VALUE or --flag=VALUE. A flag with \"...\" takes every word up to the next "
      "flag, so\n"
      "write the prompt before it, or after \"--\". Further flags of Claude Code are taken when they change "
      "nothing\n"
      "here, and refused by name when they do.\n"
      "\n"
      "Exit codes: 0 when the last answer is no error; 1 for an error, also of the command line; 130, 143 … "
      "when a\n"
      "signal ended the run before its result.\n";
  return out;
}

std::string command_help(const Subcommand& command) {
  return fmt::format("{}\n\n  awl {} [flags]{}{}\n\n{}", command.about, command.name(),
                     command.words.empty() ? "" : " ", command.words,
                     group_text(command.flags(), Group::kRun));
}

}  // namespace awl::cli
