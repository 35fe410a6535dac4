#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace awl::tools {

/// A compiled file name pattern: `*` and `?` within a name, `[a-z]` and `[!a-z]`, `{a,b}`, `**` for any
/// folders, `\` before a character that is meant itself. Matched name by name on the way down, so that a walk
/// skips what cannot match.
class GlobPattern {
 public:
  /// With `any_depth`, a pattern without a slash matches in every folder. Errors: kInvalidInput, when the
  /// braces stand for too many patterns, or `..` follows a wildcard.
  static Result<GlobPattern> compile(std::string_view pattern, bool any_depth);

  /// How far each alternative has matched on the way to a folder; empty: nothing below can match.
  using State = std::vector<std::pair<uint32_t, uint32_t>>;
  State start() const;
  State enter(const State& state, std::string_view folder_name) const;
  bool matches_file(const State& state, std::string_view name) const;

  /// The whole of a relative path, for tests and single checks.
  bool matches(std::string_view path) const;

 private:
  using Segments = std::vector<std::string>;
  void add_with_skips(State& state, uint32_t alternative, uint32_t segment) const;

  std::vector<Segments> alternatives_;
};

/// `pattern` cut behind its last folder without wildcards: "src/a/**/*.ts" gives {"src/a/", "**/*.ts"},
/// "*.ts" {"", "*.ts"}.
std::pair<std::string_view, std::string_view> split_literal_folder(std::string_view pattern);

}  // namespace awl::tools
