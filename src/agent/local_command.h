// Messages that the product answers itself.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace awl::agent {

/// `/compact` and what follows it in a message of that text alone; nullopt: it is another message.
std::optional<std::string> compact_wishes(const std::vector<std::string>& blocks);

}  // namespace awl::agent
