// The parts of messages_validator, one file each, and the checks they share.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "emulator/api_error.h"
#include "json/json.h"

namespace awl::emulator {

/// 400 "path: message".
std::unexpected<ApiError> invalid_at(std::string_view path, std::string_view message);
/// "path.name"
std::string join_path(std::string_view path, std::string_view name);
std::string join_path(std::string_view path, size_t index);

ApiResult<> require_object(const json::Value& value, const std::string& path);
/// A string that is there; it may be empty.
ApiResult<std::string> require_string(const json::Value& object, std::string_view key,
                                      const std::string& path);
/// Refuses every key of `object` that is not listed.
ApiResult<> allow_only(const json::Value& object, std::initializer_list<std::string_view> keys,
                       const std::string& path);

/// Tool definitions and tool_choice.
ApiResult<> validate_tools(const json::Value& request);
/// Roles, and every block by itself.
ApiResult<> validate_content(const json::Value& request);
/// Each tool_use with its one tool_result, in order; system messages in place; ids unique.
ApiResult<> validate_turns(const json::Value& messages);
/// cache_control: form, number, order of lifetimes, and where it must not be.
ApiResult<> validate_cache_control(const json::Value& request);

}  // namespace awl::emulator
