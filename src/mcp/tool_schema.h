// Input schemas of servers' tools, as the Messages API takes them.
#pragma once

#include <string>

#include "json/value.h"

namespace awl::mcp {

/// An object schema without anyOf, oneOf or allOf at its root: their properties are merged, and `note` says
/// which belong together. What is no object schema becomes one that allows everything.
json::Value make_api_schema(const json::Value& schema, std::string& note);

}  // namespace awl::mcp
