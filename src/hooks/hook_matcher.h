// Which occurrences of an event a group of hooks is for. Source: product documentation, "hooks", "Matcher
// patterns".
#pragma once

#include <memory>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace awl::hooks {

/// "", "*": everything. Letters, digits, `_`, `-`, spaces, `,` and `|` alone: one of these names exactly.
/// Anything else: a regular expression of JavaScript, found anywhere in the name.
class HookMatcher {
 public:
  /// With `narrow`, as FileChanged and StopFailure read it: names are made of letters, digits and `_`, and
  /// only `|` separates them. Errors: kInvalidInput, for an expression that is none.
  static Result<HookMatcher> parse(std::string_view text, bool narrow);

  bool matches(std::string_view name) const;
  /// As it was written.
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  bool everything_ = false;
  std::vector<std::string> names_;
  std::shared_ptr<const std::regex> expression_;  // null: the names decide
};

}  // namespace awl::hooks
