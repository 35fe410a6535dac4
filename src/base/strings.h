// Small text helpers that the standard library lacks.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace awl {

/// Without leading and trailing ASCII white space.
std::string_view trim(std::string_view text);
/// ASCII only.
std::string to_lower(std::string_view text);
/// Compares ASCII letters without case.
bool equals_ignore_case(std::string_view a, std::string_view b);
/// All pieces between separators, empty ones included; "" gives one empty piece.
std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
std::string replace_all(std::string text, std::string_view from, std::string_view to);
/// Whether all of the text fits a pattern in which `*` stands for any characters, also none.
bool matches_wildcards(std::string_view pattern, std::string_view text);
/// A whole decimal number without sign or spaces around it; nullopt when it is not one or overflows.
std::optional<long long> parse_integer(std::string_view text);
/// A switch of the environment: 1, true, yes, on in any case, spaces around allowed. Everything else is off.
bool is_truthy(std::string_view text);

}  // namespace awl
