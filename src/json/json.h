// JSON at the edges of the program. Key order and unknown fields survive; nothing here throws on bad input.
// Include <nlohmann/json.hpp> in the .cpp that looks inside a Value.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace awl::json {

using Value = nlohmann::ordered_json;

constexpr int kMaxDepth = 512;

/// Parses one JSON text. Invalid UTF-8 and lone surrogates become U+FFFD. Errors: kParse, with line and
/// column; also for values nested deeper than kMaxDepth, which would exhaust the stack of whoever walks them.
Result<Value> parse(std::string_view text);
/// Compact form, always valid UTF-8.
std::string dump(const Value& value);
/// Indented by `spaces`, with a newline at the end.
std::string dump_pretty(const Value& value, int spaces = 2);
/// `text` as a JSON string literal, quotes included; invalid UTF-8 becomes U+FFFD.
std::string quote(std::string_view text);

// Reading one field of an object. Absent, of another type, or `object` is no object: nullopt / nullptr.
const Value* find(const Value& object, std::string_view key);
std::optional<std::string> get_string(const Value& object, std::string_view key);
std::optional<long long> get_integer(const Value& object, std::string_view key);
std::optional<double> get_number(const Value& object, std::string_view key);
std::optional<bool> get_bool(const Value& object, std::string_view key);

/// The string of `key`, or "" when there is none.
std::string string_or_empty(const Value& object, std::string_view key);
/// The strings of the list `key`; what else it holds is left out. Empty when there is none.
std::vector<std::string> strings_of(const Value& object, std::string_view key);

}  // namespace awl::json
