#include "permission/search_rules.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <deque>
#include <filesystem>
#include <set>
#include <span>

#include "os/path.h"
#include "permission/tool_rules.h"
#include "permission/wrappers.h"

namespace awl::permission {
namespace {

constexpr size_t kMaxEntries = 50'000;

/// Names that a search skips.
struct Exclusion {
  std::string pattern;
  bool files = true;
  bool folders = true;
};

struct Search {
  std::vector<const Word*> operands;  ///< each word that may name what is searched
  bool here = false;                  ///< without an operand: the current folder
  bool follows_links = false;
  std::vector<Exclusion> exclusions;
};

struct Searcher {
  std::string_view name;
  std::string_view flags_with_value;  ///< short ones, by letter
  bool always_recursive = false;
};
constexpr std::array<Searcher, 9> kSearchers = {{{"grep", "efmABCdD"},
                                                 {"egrep", "efmABCdD"},
                                                 {"fgrep", "efmABCdD"},
                                                 {"rgrep", "efmABCdD", true},
                                                 {"rg", "ABCdeEfgjmMrtT", true},
                                                 {"git", "efmABCO", true},
                                                 {"ag", "ABCGmp", true},
                                                 {"ack", "ABCm", true},
                                                 {"ug", "efmABCdDgt", true}}};
constexpr std::array<std::string_view, 27> kLongWithValue = {
    "--regexp",  "--file",        "--max-count",   "--context",     "--after-context", "--before-context",
    "--include", "--exclude",     "--directories", "--exclude-dir", "--exclude-from",  "--devices",
    "--label",   "--glob",        "--iglob",       "--type",        "--type-not",      "--max-depth",
    "--replace", "--max-columns", "--threads",     "--sort",        "--sortr",         "--encoding",
    "--engine",  "--ignore-file", "--max-filesize"};

bool is_flag(const Word& word) { return word.text.size() > 1 && word.text[0] == '-'; }
bool is_long(std::string_view text) { return text.starts_with("--"); }

bool has_short(std::string_view text, std::string_view letters) {
  return !is_long(text) && text.find_first_of(letters, 1) != std::string_view::npos;
}

/// True when the next word may be this flag's value. GNU programs take long flags abbreviated.
bool may_take_next(const Searcher& searcher, std::string_view text) {
  if (is_long(text)) {
    return text.size() > 2 &&
           std::ranges::any_of(kLongWithValue, [&](std::string_view flag) { return flag.starts_with(text); });
  }
  return text.find_first_of(searcher.flags_with_value, 1) == text.size() - 1;
}

bool gives_pattern(const Searcher& searcher, std::string_view text) {
  if (searcher.name == "ag" || searcher.name == "ack") return false;
  if (is_long(text))
    return text == "--regexp" || text == "--file" || text.starts_with("--regexp=") ||
           text.starts_with("--file=");
  const size_t value = text.find_first_of(searcher.flags_with_value, 1);
  return value != std::string_view::npos && (text[value] == 'e' || text[value] == 'f');
}

bool is_recursive(const Searcher& searcher, std::span<const Word> words) {
  if (searcher.always_recursive) return true;
  return std::ranges::any_of(words, [](const Word& word) {
    const std::string_view text = word.text;
    if (text.ends_with("recurse")) return true;
    return is_flag(word) && (has_short(text, "rR") || text.starts_with("--rec") || text.starts_with("--der"));
  });
}

bool follows_links(const Word& word) {
  const std::string_view text = word.text;
  return is_flag(word) && (has_short(text, "RLf") || text.starts_with("--der") || text == "--follow");
}

/// Collects the exclusions by name. A flag that includes may take them back: then there are none.
class Exclusions {
 public:
  explicit Exclusions(std::string_view program) : by_glob_(program == "rg"), program_(program) {}

  void add(std::string_view flag, std::string_view value) {
    if (by_glob_) {
      if (flag.starts_with("--iglob")) taken_back_ = true;
      if (flag != "--glob" && flag != "-g") return;
      if (!value.starts_with('!')) taken_back_ = true;
      value = value.substr(std::min<size_t>(value.size(), 1));
      const bool folder = value.ends_with('/');
      if (folder) value.remove_suffix(1);
      keep({std::string(value), !folder, true});
    } else {
      if (flag.starts_with("--inc")) taken_back_ = true;
      if (flag == "--exclude") keep({std::string(value), true, program_ == "diff"});
      if (flag == "--exclude-dir") keep({std::string(value), false, true});
    }
  }

  std::vector<Exclusion> take() { return taken_back_ ? std::vector<Exclusion>() : std::move(all_); }

 private:
  void keep(Exclusion exclusion) {
    const bool plain = !exclusion.pattern.empty() && !exclusion.pattern.contains('/');
    if (plain && program_ != "git" && program_ != "ag" && program_ != "ack")
      all_.push_back(std::move(exclusion));
  }

  bool by_glob_;
  std::string_view program_;
  bool taken_back_ = false;
  std::vector<Exclusion> all_;
};

void note_joined_exclusion(const Word& word, Exclusions& exclusions) {
  const std::string_view text = word.text;
  const size_t equals = text.find('=');
  if (!word.is_literal() && !word.is_known_glob()) return;
  if (is_long(text) && equals != std::string_view::npos) {
    exclusions.add(text.substr(0, equals), text.substr(equals + 1));
  } else if (text.starts_with("-g") && text.size() > 2) {
    exclusions.add("-g", text.substr(2));
  } else if (!is_long(text) && text.size() > 2 && text.contains('g')) {
    exclusions.add("-g", {});  // a glob in a group of flags is not looked at
  }
}

/// A program that searches for a pattern.
std::optional<Search> to_pattern_search(const Searcher& searcher, std::span<const Word> words) {
  if (!is_recursive(searcher, words)) return std::nullopt;
  // Of `git -C folder grep`, what stands in front of it.
  size_t first = 0;
  if (searcher.name == "git") {
    while (first < words.size() && words[first].text != "grep") ++first;
    if (first == words.size()) return std::nullopt;
  }
  Search search;
  Exclusions exclusions(searcher.name);
  bool only_operands = false, pattern_given = false, perhaps_value = false, lists_files = false;
  size_t counted = 0;
  for (size_t i = 1; i < words.size(); ++i) {
    const Word& word = words[i];
    search.follows_links = search.follows_links || follows_links(word);
    if (i == first) continue;
    if (perhaps_value || i < first) {
      if (word.is_literal()) exclusions.add(words[i - 1].text, word.text);
      // A value that looks like a flag may be one, should the flag before have no value.
      if (!is_flag(word)) search.operands.push_back(&word);
      perhaps_value = false;
    } else if (!only_operands && word.text == "--") {
      only_operands = true;
    } else if (!only_operands && is_flag(word)) {
      note_joined_exclusion(word, exclusions);
      lists_files = lists_files || (searcher.name == "rg" && word.text == "--files");
      pattern_given = pattern_given || gives_pattern(searcher, word.text);
      perhaps_value = may_take_next(searcher, word.text);
    } else {
      // What is not given by a flag is the first word.
      const bool is_pattern = ++counted == 1 && !pattern_given && !word.splits;
      if (!is_pattern || word.is_literal()) search.operands.push_back(&word);
    }
  }
  if (lists_files) return std::nullopt;
  search.here = counted < (pattern_given ? 1U : 2U);
  search.exclusions = exclusions.take();
  return search;
}

/// A program that reads the folders it is given.
std::optional<Search> to_copy_search(std::string_view name, std::span<const Word> words) {
  const auto any_flag = [&](std::string_view letters, std::string_view long_flag) {
    return std::ranges::any_of(words.subspan(1), [&](const Word& word) {
      return is_flag(word) && (has_short(word.text, letters) || word.text.starts_with(long_flag));
    });
  };
  bool recursive = name == "rsync";
  if (name == "diff") recursive = any_flag("r", "--rec");
  if (name == "cp") recursive = any_flag("rRa", "--rec") || any_flag("a", "--arch");
  if (name == "zip") recursive = any_flag("rR", "--rec");
  if (name == "tar")
    recursive = any_flag("cru", "--create") ||
                (words.size() > 1 && words[1].text.find_first_of("cru") != std::string::npos);
  if (!recursive) return std::nullopt;
  Search search;
  Exclusions exclusions(name);
  for (const Word& word : words.subspan(1)) {
    if (!is_flag(word)) {
      search.operands.push_back(&word);
    } else if (name == "diff") {
      note_joined_exclusion(word, exclusions);
    }
  }
  // The last one is where it goes.
  if ((name == "cp" || name == "rsync") && !search.operands.empty()) search.operands.pop_back();
  search.follows_links = name == "diff" || any_flag("Lh", "--deref") || any_flag("L", "--copy-links");
  search.exclusions = exclusions.take();
  return search;
}

std::optional<Search> to_search(std::span<const Word> words) {
  const std::string_view name = base_name(words[0].text);
  for (const Searcher& searcher : kSearchers) {
    if (searcher.name == name) return to_pattern_search(searcher, words);
  }
  return to_copy_search(name, words);
}

/// Looks below a folder, the nearest first.
class FolderWalk {
 public:
  FolderWalk(const PathRestriction& restriction, const Search& search)
      : restriction_(restriction), search_(search) {}

  SearchFinding run(const os::Path& folder) {
    enter(folder);
    while (!pending_.empty()) {
      const os::Path current = std::move(pending_.front());
      pending_.pop_front();
      std::error_code error;
      for (std::filesystem::directory_iterator it(current, error), end; !error && it != end;
           it.increment(error)) {
        if (++entries_ > kMaxEntries) return {Match::kPerhaps, {}};
        if (look_at(*it)) return {Match::kYes, it->path()};
      }
    }
    return {};
  }

 private:
  void enter(const os::Path& folder) {
    if (search_.follows_links && !seen_.insert(os::resolve_links(folder)).second) return;
    if (search_.follows_links || restriction_.may_match_below(folder)) pending_.push_back(folder);
  }

  bool look_at(const std::filesystem::directory_entry& entry) {
    std::error_code error;
    const bool is_link = entry.is_symlink(error);
    if (is_link && !search_.follows_links) return false;
    const bool is_folder = entry.is_directory(error);
    const std::string name = entry.path().filename().string();
    for (const Exclusion& exclusion : search_.exclusions) {
      if (!(is_folder ? exclusion.folders : exclusion.files)) continue;
      if (::fnmatch(exclusion.pattern.c_str(), name.c_str(), 0) == 0) return false;
    }
    if (restriction_.matches(entry.path())) return true;
    if (is_link && restriction_.matches(os::resolve_links(entry.path()))) return true;
    if (is_folder) enter(is_link ? os::resolve_links(entry.path()) : entry.path());
    return false;
  }

  const PathRestriction& restriction_;
  const Search& search_;
  std::deque<os::Path> pending_;
  std::set<os::Path> seen_;
  size_t entries_ = 0;
};

SearchFinding check_spellings(const PathRestriction& restriction, const Search& search,
                              const Spellings& folder) {
  SearchFinding strongest;
  for (const os::Path& spelling : folder) {
    if (!os::is_folder(spelling)) continue;
    SearchFinding finding = FolderWalk(restriction, search).run(spelling);
    if (finding.match > strongest.match) strongest = std::move(finding);
  }
  return strongest;
}

}  // namespace

SearchFinding check_folder(const Rule& rule, const Spellings& folder, const Situation& situation) {
  return check_spellings(PathRestriction(rule, situation), Search(), folder);
}

SearchFinding check_searches(const Rule& rule, const std::vector<std::vector<Word>>& invocations,
                             const ShellPlace& place) {
  const PathRestriction restriction(rule, *place.situation);
  SearchFinding strongest;
  const auto check = [&](const Search& search, const Spellings& folder) {
    SearchFinding finding = check_spellings(restriction, search, folder);
    if (finding.match > strongest.match) strongest = std::move(finding);
  };
  for (const std::vector<Word>& words : invocations) {
    const std::optional<Search> search = to_search(words);
    if (!search) continue;
    bool known = !place.unknown_folder;
    if (search->here) {
      for (const os::Path& cwd : place.cwds) check(*search, {cwd});
    }
    for (const Word* word : search->operands) {
      // A path of git's own kind, such as `:/`, is below the repository's root.
      if (base_name(words[0].text) == "git" && word->text.starts_with(':')) known = false;
      const auto paths = spell_word(*word, place.cwds, place.situation->home);
      known = known && paths.has_value();
      if (!paths) continue;
      for (const Spellings& path : *paths) check(*search, path);
    }
    if (!known && strongest.match == Match::kNo) strongest.match = Match::kPerhaps;
  }
  return strongest;
}

Verdict denied_below(const Rule& rule, const os::Path& path) {
  Verdict verdict = denied_by(rule);
  verdict.reason += fmt::format(
      ": the search would read {}. Search in other folders, or leave it out by its name (grep -r "
      "--exclude=NAME "
      "--exclude-dir=NAME, rg -g '!NAME')",
      path.string());
  return verdict;
}

}  // namespace awl::permission
