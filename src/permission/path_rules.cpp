#include "permission/path_rules.h"

#include <fnmatch.h>
#include <glob.h>

#include <algorithm>
#include <array>

#include "base/strings.h"
#include "os/path.h"

namespace awl::permission {
namespace {

constexpr size_t kMaxGlobMatches = 2'000;

std::vector<std::string> components_below(const os::Path& path, const os::Path& folder) {
  std::vector<std::string> parts;
  for (const auto& part : path.lexically_relative(folder)) {
    if (part != "." && !part.empty()) parts.push_back(part.string());
  }
  return parts;
}

std::vector<std::string> segments_of(std::string_view pattern) {
  std::vector<std::string> segments;
  for (const std::string_view segment : split(pattern, '/')) {
    if (!segment.empty() && segment != ".") segments.emplace_back(segment);
  }
  return segments;
}

/// True when the segments match the first `n` components for some n: what is below a matched folder is
/// matched too.
bool matches_segments(const std::vector<std::string>& segments, const std::vector<std::string>& parts) {
  // reachable[j]: the segments so far can end after j components.
  std::vector<bool> reachable(parts.size() + 1, false);
  reachable[0] = true;
  for (size_t i = 0; i < segments.size(); ++i) {
    std::vector<bool> following(parts.size() + 1, false);
    const bool last = i + 1 == segments.size();
    for (size_t j = 0; j <= parts.size(); ++j) {
      if (!reachable[j]) continue;
      if (segments[i] == "**") {
        // At the end it stands for at least one component, elsewhere for any number.
        for (size_t k = last ? j + 1 : j; k <= parts.size(); ++k) following[k] = true;
        break;
      }
      if (j < parts.size() && ::fnmatch(segments[i].c_str(), parts[j].c_str(), 0) == 0)
        following[j + 1] = true;
    }
    reachable = std::move(following);
  }
  return std::ranges::find(reachable, true) != reachable.end();
}

struct Pattern {
  os::Path anchor;
  std::vector<std::string> segments;
};

Pattern compile(const Rule& rule, const Situation& situation, bool is_allow) {
  std::string_view text = rule.specifier;
  Pattern pattern{situation.project_dir, {}};
  bool anchored = true;
  if (text.starts_with("//")) {
    pattern.anchor = "/";
  } else if (text.starts_with("~/") || text == "~") {
    pattern.anchor = situation.home;
    text.remove_prefix(1);
  } else if (text.starts_with("/")) {
    pattern.anchor = rule.base;
  } else {
    anchored = is_allow && text.starts_with("./");
  }
  pattern.segments = segments_of(text);
  if (!anchored) {
    const size_t count = pattern.segments.size();
    const bool one_folder =
        (count == 2 && pattern.segments[1] == "**") || (count == 1 && text.ends_with('/'));
    const bool any_depth = one_folder ? !is_allow : count == 1;
    if (any_depth) pattern.segments.insert(pattern.segments.begin(), "**");
  }
  return pattern;
}

bool matches(const Pattern& pattern, const os::Path& path) {
  for (const os::Path& anchor : {pattern.anchor, os::resolve_links(pattern.anchor)}) {
    if (anchor.empty() || !os::is_within(path, anchor)) continue;
    if (matches_segments(pattern.segments, components_below(path, anchor))) return true;
  }
  return false;
}

constexpr std::array<std::string_view, 9> kProtectedFolders = {
    ".git", ".vscode", ".idea", ".husky", ".cargo", ".devcontainer", ".yarn", ".mvn", ".claude"};
constexpr std::array<std::string_view, 34> kProtectedFiles = {".gitconfig",
                                                              ".gitmodules",
                                                              ".bashrc",
                                                              ".bash_profile",
                                                              ".bash_login",
                                                              ".bash_aliases",
                                                              ".bash_logout",
                                                              ".zshrc",
                                                              ".zprofile",
                                                              ".zshenv",
                                                              ".zlogin",
                                                              ".zlogout",
                                                              ".profile",
                                                              ".envrc",
                                                              ".npmrc",
                                                              ".yarnrc",
                                                              ".yarnrc.yml",
                                                              ".pnp.cjs",
                                                              ".pnp.loader.mjs",
                                                              ".pnpmfile.cjs",
                                                              "bunfig.toml",
                                                              ".bunfig.toml",
                                                              ".bazelrc",
                                                              ".bazelversion",
                                                              ".bazeliskrc",
                                                              ".pre-commit-config.yaml",
                                                              "lefthook.yml",
                                                              "lefthook.yaml",
                                                              ".lefthook.yml",
                                                              ".lefthook.yaml",
                                                              "gradle-wrapper.properties",
                                                              "maven-wrapper.properties",
                                                              ".devcontainer.json",
                                                              ".ripgreprc"};
constexpr std::array<std::string_view, 3> kMoreProtectedFiles = {"pyrightconfig.json", ".mcp.json",
                                                                 ".claude.json"};

template <typename List>
bool contains_name(const List& list, std::string_view name) {
  return std::ranges::any_of(list, [&](std::string_view entry) { return equals_ignore_case(entry, name); });
}

bool is_protected(const std::vector<std::string>& parts) {
  for (size_t i = 0; i < parts.size(); ++i) {
    const bool has_next = i + 1 < parts.size();
    if (equals_ignore_case(parts[i], ".config") && has_next && equals_ignore_case(parts[i + 1], "git"))
      return true;
    if (parts[i] == ".claude" && has_next && parts[i + 1] == "worktrees") continue;
    if (contains_name(kProtectedFolders, parts[i])) return true;
  }
  return !parts.empty() &&
         (contains_name(kProtectedFiles, parts.back()) || contains_name(kMoreProtectedFiles, parts.back()));
}

}  // namespace

Spellings spell_path(std::string_view text, const os::Path& cwd, const os::Path& home) {
  Spellings spellings{os::absolute_path(text, cwd, home)};
  // Not normalised first: the kernel follows `link` before it applies the `..` of `link/..`.
  os::Path raw = cwd / text;
  if (text == "~") raw = home;
  if (text.starts_with("~/")) raw = home / text.substr(2);
  for (os::Path resolved : {os::resolve_links(raw), os::resolve_links(spellings[0])}) {
    if (resolved != resolved.root_path() && !resolved.has_filename()) resolved = resolved.parent_path();
    if (std::ranges::find(spellings, resolved) == spellings.end()) spellings.push_back(std::move(resolved));
  }
  return spellings;
}

std::optional<std::vector<Spellings>> spell_word(const Word& word, const std::vector<os::Path>& cwds,
                                                 const os::Path& home) {
  std::vector<Spellings> all;
  if (word.text.contains('\0')) return std::nullopt;
  if (word.is_literal()) {
    // A quoted tilde is a name.
    const std::string text = word.text.starts_with('~') && !word.tilde ? "./" + word.text : word.text;
    for (const os::Path& cwd : cwds) all.push_back(spell_path(text, cwd, home));
    return all;
  }
  if (!word.is_known_glob() || word.tilde) return std::nullopt;
  for (const os::Path& cwd : cwds) {
    std::string prefix;
    for (const char c : cwd.string()) {
      if (std::string_view("*?[]\\").contains(c)) prefix += '\\';
      prefix += c;
    }
    const std::string pattern = word.pattern.starts_with('/') ? word.pattern : prefix + "/" + word.pattern;
    glob_t found{};
    const int status = ::glob(pattern.c_str(), 0, nullptr, &found);
    const size_t count = status == 0 ? found.gl_pathc : 0;
    for (size_t i = 0; i < std::min(count, kMaxGlobMatches); ++i)
      all.push_back(spell_path(found.gl_pathv[i], cwd, home));
    ::globfree(&found);
    if (count > kMaxGlobMatches || (status != 0 && status != GLOB_NOMATCH)) return std::nullopt;
    // Without a match the word stays as it is; and files may come while the command runs.
    all.push_back(spell_path(word.text, cwd, home));
  }
  return all;
}

bool is_in_work_folders(const Spellings& path, const Situation& situation) {
  std::vector<os::Path> folders{situation.project_dir, os::resolve_links(situation.project_dir)};
  for (const os::Path& folder : situation.additional_dirs) {
    folders.push_back(folder);
    folders.push_back(os::resolve_links(folder));
  }
  return std::ranges::all_of(path, [&](const os::Path& spelling) {
    return std::ranges::any_of(
        folders, [&](const os::Path& folder) { return !folder.empty() && os::is_within(spelling, folder); });
  });
}

bool path_rule_allows(const Rule& rule, const Spellings& path, const Situation& situation) {
  const Pattern pattern = compile(rule, situation, true);
  return std::ranges::all_of(path, [&](const os::Path& spelling) { return matches(pattern, spelling); });
}

bool path_rule_restricts(const Rule& rule, const Spellings& path, const Situation& situation) {
  const PathRestriction restriction(rule, situation);
  return std::ranges::any_of(path, [&](const os::Path& spelling) { return restriction.matches(spelling); });
}

PathRestriction::PathRestriction(const Rule& rule, const Situation& situation) {
  Pattern pattern = compile(rule, situation, false);
  anchors_ = {pattern.anchor};
  if (os::Path resolved = os::resolve_links(pattern.anchor); resolved != pattern.anchor)
    anchors_.push_back(std::move(resolved));
  if (pattern.segments.size() > 1 && pattern.segments.back() == "**")
    folder_segments_.assign(pattern.segments.begin(), pattern.segments.end() - 1);
  segments_ = std::move(pattern.segments);
}

bool PathRestriction::matches(const os::Path& path) const {
  return std::ranges::any_of(anchors_, [&](const os::Path& anchor) {
    if (anchor.empty() || !os::is_within(path, anchor)) return false;
    const std::vector<std::string> parts = components_below(path, anchor);
    return matches_segments(segments_, parts) ||
           (!folder_segments_.empty() && matches_segments(folder_segments_, parts));
  });
}

bool PathRestriction::may_match_below(const os::Path& folder) const {
  return std::ranges::any_of(anchors_, [&](os::Path prefix) {
    for (const std::string& segment : segments_) {
      if (segment.find_first_of("*?[\\") != std::string::npos) break;
      prefix /= segment;
    }
    return os::is_within(prefix, folder) || os::is_within(folder, prefix);
  });
}

bool is_protected_path(const Spellings& path, const Situation& situation) {
  return std::ranges::any_of(path, [&](const os::Path& spelling) {
    for (const os::Path& folder : {situation.project_dir, os::resolve_links(situation.project_dir)}) {
      if (os::is_within(spelling, folder)) return is_protected(components_below(spelling, folder));
    }
    return is_protected(components_below(spelling, "/"));
  });
}

bool is_critical_path(const Spellings& path, const Situation& situation) {
  return std::ranges::any_of(path, [&](const os::Path& spelling) {
    if (spelling == "/" || spelling.parent_path() == "/" || spelling == situation.home) return true;
    return os::is_within(situation.project_dir, spelling) || os::is_within(situation.cwd, spelling);
  });
}

}  // namespace awl::permission
