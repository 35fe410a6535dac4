// Read rules against commands that read everything below a folder: grep -r, rg, git grep, diff -r ...
#pragma once

#include <vector>

#include "permission/bash_rules.h"
#include "permission/path_rules.h"
#include "permission/read_only.h"

namespace awl::permission {

/// What a search would read that a rule names. kPerhaps: there is too much to look at, or it is not known
/// where the search runs.
struct SearchFinding {
  Match match = Match::kNo;
  os::Path path;  ///< when kYes
};

/// A Read rule of the deny or ask list, against all searches among the invocations. Walks the folders that
/// may hold what the rule names, up to some ten thousand entries.
SearchFinding check_searches(const Rule& rule, const std::vector<std::vector<Word>>& invocations,
                             const ShellPlace& place);
/// The same for one search of one folder.
SearchFinding check_folder(const Rule& rule, const Spellings& folder, const Situation& situation);

/// Tells what the search would read, and how to search without it.
Verdict denied_below(const Rule& rule, const os::Path& path);

}  // namespace awl::permission
