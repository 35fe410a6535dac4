#pragma once

#include <optional>
#include <string>
#include <vector>

namespace awl::agent {

/// What the person said about the system prompt.
struct SystemPromptOptions {
  std::optional<std::string> replacement;  ///< --system-prompt: instead of the product's own
  std::string appended;                    ///< --append-system-prompt: the last text of it
};

/// The parts of the system prompt, most stable first: the product's voice, which is the same in every session
/// of a version, then this session's facts (`environment`) with what was appended. A replacement stands
/// alone.
std::vector<std::string> build_system_prompt(const SystemPromptOptions& options,
                                             const std::string& environment);

}  // namespace awl::agent
