// Changes one value of a JSON text and leaves every other byte as it is.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"

namespace awl::config {

/// The text of the value at `path` (keys from the outside in); nullopt: there is none. `text` is valid JSON.
std::optional<std::string_view> find_json_text(std::string_view text, std::span<const std::string> path);

/// `text` with `value_json` at `path`: objects on the way are made when they are missing. Empty or blank text
/// stands for {}. Errors: kParse (`text` is no JSON object), kInvalidInput (something on the way is no
/// object).
Result<std::string> set_json_text(std::string_view text, std::span<const std::string> path,
                                  std::string_view value_json);

/// `text` without the member at `path`; the same text when there is none. Errors: kParse.
Result<std::string> remove_json_text(std::string_view text, std::span<const std::string> path);

}  // namespace awl::config
