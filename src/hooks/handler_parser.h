// One handler as it is written in JSON.
#pragma once

#include <string>

#include "hooks/hook_table.h"

namespace awl::hooks {

/// Errors: kInvalidInput: a type that is unknown or that the event does not run, a field that is missing or
/// of another type.
Result<HookHandler> parse_handler(const std::string& event, const json::Value& written,
                                  const HookSource& source);

}  // namespace awl::hooks
