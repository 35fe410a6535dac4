// Faults and limits in JSON files.
#pragma once

#include <vector>

#include "emulator/fault.h"
#include "emulator/node.h"
#include "emulator/rate_limiter.h"

namespace awl::emulator {

/// A list; each fault is a text ("status=529,every=3") or an object with the same names ({"status": 529,
/// "every": 3}; effects without a number are true). Errors: kInvalidInput.
Result<std::vector<FaultRule>> read_fault_rules(const Node& node);

/// An object with the fields of Limits. Errors: kInvalidInput.
Result<Limits> read_limits(const Node& node);

}  // namespace awl::emulator
