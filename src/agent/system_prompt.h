#pragma once

#include <optional>
#include <string>
#include <vector>

namespace awl::agent {

/// What the person said about the system prompt.
struct SystemPromptOptions {
  std::optional<std::string> replacement;  ///< --system-prompt: instead of the product's own
  std::string appended;                    ///< --append-system-prompt: the last text of it
  std::optional<std::string> agent;        ///< --agent: its prompt, instead of the product's own
  std::string style;                       ///< of an output style; the last text but what was appended
  bool drops_coding = false;               ///< the style leaves out how to work on code
  bool short_prompt = false;               ///< --bare: a few sentences instead of the product's own
  /// --exclude-dynamic-system-prompt-sections: this session's facts go into the first message. A replacement
  /// has no facts.
  bool facts_in_message = false;
};

/// The parts of the system prompt, most stable first: the product's voice, which is the same in every session
/// of a version, then this session's facts (`environment`) with what was appended. A replacement stands
/// alone.
std::vector<std::string> build_system_prompt(const SystemPromptOptions& options,
                                             const std::string& environment);

/// The facts as a block of the first message.
std::string facts_message(const std::string& environment);

}  // namespace awl::agent
