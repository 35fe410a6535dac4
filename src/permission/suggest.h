// Which rules a person could save so that they are not asked about a call again.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "permission/policy.h"

namespace awl::permission {

/// Allow rules as settings files write them; at most kMaxSuggested of each kind.
struct Suggestions {
  std::vector<std::string> exact;  ///< this call and no other; for a shell command one for each of its parts
  std::vector<std::string> wider;  ///< the same program and subcommand, whatever follows; empty: no such rule
};

constexpr size_t kMaxSuggested = 5;

/// What would let this call run, tried out with decide(): empty when no rule would, or when one that would
/// allows more than it says. Changes of files have none: those are a matter of the mode.
Suggestions suggest_rules(const Rules& rules, const Situation& situation, std::string_view tool_name,
                          const Access& access, const json::Value& input);

}  // namespace awl::permission
