// Paths of a call: how they are spelled, whether they are in the work folders, and which Read and Edit rules
// match.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "os/file.h"
#include "permission/policy.h"
#include "permission/shell_parse.h"

namespace awl::permission {

/// Every absolute path that names one thing: as written, and with its links resolved as the kernel does it.
/// An allowance must hold for all of them, a denial for any.
using Spellings = std::vector<os::Path>;

/// `~` and `~/` are the home folder.
Spellings spell_path(std::string_view text, const os::Path& cwd, const os::Path& home);
/// A word of a shell command, once for each folder that the shell may be in; globs are expanded now.
/// nullopt: what it names cannot be known.
std::optional<std::vector<Spellings>> spell_word(const Word& word, const std::vector<os::Path>& cwds,
                                                 const os::Path& home);

/// True when every spelling is in the project folder or an additional one.
bool is_in_work_folders(const Spellings& path, const Situation& situation);

/// True when a pattern in gitignore syntax of an allow rule covers every spelling.
bool path_rule_allows(const Rule& rule, const Spellings& path, const Situation& situation);
/// True when the pattern of a deny or ask rule matches any spelling.
bool path_rule_restricts(const Rule& rule, const Spellings& path, const Situation& situation);

/// The pattern of a deny or ask rule, made ready for many paths.
class PathRestriction {
 public:
  PathRestriction(const Rule& rule, const Situation& situation);
  bool matches(const os::Path& path) const;
  /// False when nothing at or below `folder` can match.
  bool may_match_below(const os::Path& folder) const;

 private:
  std::vector<os::Path> anchors_;
  std::vector<std::string> segments_;
  std::vector<std::string> folder_segments_;  ///< X of X/**, which also names X itself
};

/// Files and folders whose change could make something run later, or change the agent's own rules. They are
/// protected whether or not they exist.
bool is_protected_path(const Spellings& path, const Situation& situation);

/// The root, a folder in it, the home folder, or a work folder or one of its parents: what `rm` must never
/// take silently.
bool is_critical_path(const Spellings& path, const Situation& situation);

}  // namespace awl::permission
