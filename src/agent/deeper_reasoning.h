#pragma once

#include <optional>
#include <string>
#include <vector>

namespace awl::agent {

/// The block that goes with a message of the person that asks for deeper reasoning on its turn, by the word
/// "ultrathink" in one of its texts; nullopt for every other message. `blocks` are JSON content blocks.
/// Source: product documentation, "model-config".
std::optional<std::string> deeper_reasoning_block(const std::vector<std::string>& blocks);

}  // namespace awl::agent
