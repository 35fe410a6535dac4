#include "agent/slash_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "json/json.h"

namespace awl::agent {

std::optional<SlashCommand> parse_slash_command(std::string_view text) {
  text = trim(text);
  if (text.size() < 2 || text.front() != '/') return std::nullopt;
  const size_t end = std::min(text.find_first_of(" \t\n"), text.size());
  const std::string_view name = text.substr(1, end - 1);
  const auto is_part = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80 ||
           c == '-' || c == '_' || c == ':' || c == '.';
  };
  // /tmp/foo is a path; apps/web:deploy is a skill of a folder below.
  const size_t colon = name.rfind(':');
  const bool of_folder = name.contains('/') && colon != std::string_view::npos && colon > name.rfind('/');
  const bool fits = std::ranges::all_of(name, [&](char c) { return is_part(c) || (c == '/' && of_folder); });
  if (!fits) return std::nullopt;
  return SlashCommand{std::string(name), std::string(trim(text.substr(end)))};
}

std::optional<SlashCommand> slash_command_of(const std::vector<std::string>& blocks) {
  std::optional<SlashCommand> command;
  for (const std::string& written : blocks) {
    const auto block = json::parse(written);
    const std::string type = block ? json::string_or_empty(*block, "type") : "";
    if (type == "text" && command) return std::nullopt;
    if (type != "text") continue;
    command = parse_slash_command(json::string_or_empty(*block, "text"));
    if (!command) return std::nullopt;
  }
  return command;
}

std::string describe_command(const SlashCommand& command) {
  std::string text = fmt::format("<command-message>{}</command-message>\n<command-name>/{}</command-name>",
                                 command.name, command.name);
  if (!command.arguments.empty()) text += fmt::format("\n<command-args>{}</command-args>", command.arguments);
  return text;
}

const std::vector<OwnCommand>& own_commands() {
  static const std::vector<OwnCommand> kCommands{
      {"add-dir", "Work in a further folder, too", "FOLDER"},
      {"clear", "Begin the conversation anew", ""},
      {"compact", "Put a summary in the place of the conversation", "[wishes]"},
      {"config", "Show or change your settings", "[key=value ...]"},
      {"context", "What fills the model's window", "[all]"},
      {"cost", "What the session has cost so far", ""},
      {"init", "Look at the repository and write its CLAUDE.md", "[wishes]"},
      {"memory", "Which memory files the model was told", ""}};
  return kCommands;
}

}  // namespace awl::agent
