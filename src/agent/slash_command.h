// Messages that begin with a slash: commands of the product, skills that the person invokes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace awl::agent {

struct SlashCommand {
  std::string name;       ///< without the slash
  std::string arguments;  ///< what follows it, trimmed
};

/// The command that a text is; nullopt: it is a message like any other (so is one that begins with a path).
std::optional<SlashCommand> parse_slash_command(std::string_view text);

/// The same of a message of one text, or of images and one text.
std::optional<SlashCommand> slash_command_of(const std::vector<std::string>& blocks);

/// What stands before the text of a skill that the person invoked, so that the model knows of it.
std::string describe_command(const SlashCommand& command);

/// A command that the product answers itself.
struct OwnCommand {
  std::string name;
  std::string description;
  std::string argument_hint;
};

const std::vector<OwnCommand>& own_commands();

}  // namespace awl::agent
