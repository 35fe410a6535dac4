#pragma once

#include <string>

#include "json/json.h"

namespace awl::protocol {

/// What a tool call is about, of its input: the command, the file, the pattern, the address, …, as the model
/// wrote it. Empty: nothing that says it.
std::string call_subject(const json::Value& input);

}  // namespace awl::protocol
