#include "hooks/hook_matcher.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/strings.h"

namespace awl::hooks {

namespace {

bool is_name_character(char c, bool narrow) {
  const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  return word || c == '|' || (!narrow && (c == '-' || c == ' ' || c == ','));
}

}  // namespace

Result<HookMatcher> HookMatcher::parse(std::string_view text, bool narrow) {
  HookMatcher matcher;
  matcher.text_ = text;
  matcher.everything_ = text.empty() || text == "*";
  if (matcher.everything_) return matcher;
  if (std::ranges::all_of(text, [narrow](char c) { return is_name_character(c, narrow); })) {
    size_t begin = 0;
    for (size_t i = 0; i <= text.size(); ++i) {
      if (i < text.size() && text[i] != '|' && (narrow || text[i] != ',')) continue;
      const std::string_view name = trim(text.substr(begin, i - begin));
      if (!name.empty()) matcher.names_.emplace_back(name);
      begin = i + 1;
    }
    return matcher;
  }
  try {
    matcher.expression_ = std::make_shared<std::regex>(std::string(text), std::regex::ECMAScript);
  } catch (const std::regex_error& error) {
    return fail(ErrorKind::kInvalidInput,
                fmt::format("the matcher {} is no regular expression: {}", text, error.what()));
  }
  return matcher;
}

bool HookMatcher::matches(std::string_view name) const {
  if (everything_) return true;
  if (expression_ == nullptr) return std::ranges::find(names_, name) != names_.end();
  try {
    return std::regex_search(name.begin(), name.end(), *expression_);
  } catch (const std::regex_error&) {
    return true;  // too complex for this name: a hook too many is better than one too few
  }
}

}  // namespace awl::hooks
