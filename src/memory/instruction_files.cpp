#include "memory/instruction_files.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/strings.h"
#include "base/utf8.h"
#include "markdown/front_matter.h"
#include "memory/instruction_text.h"
#include "memory/notes.h"
#include "os/path.h"

namespace awl::memory {

namespace {

constexpr uint64_t kMaxInstructionBytes = 4 << 20;
constexpr int kMaxImportDepth = 4;
constexpr int kMaxRuleDepth = 10;
constexpr size_t kMaxPatterns = 200;

constexpr std::string_view kManagedKind = "instructions of the organisation";
constexpr std::string_view kUserKind = "the person's own instructions, for all projects";
constexpr std::string_view kProjectKind = "instructions of the project, checked in with it";
constexpr std::string_view kLocalKind = "the person's own instructions for this project";
constexpr std::string_view kIndexKind = "notes of earlier sessions in this project";

// Folders from the topmost down to `folder` itself.
std::vector<os::Path> folders_down_to(const os::Path& folder) {
  std::vector<os::Path> folders;
  for (os::Path at = folder;; at = at.parent_path()) {
    folders.push_back(at);
    if (at == at.parent_path()) break;
  }
  std::ranges::reverse(folders);
  return folders;
}

std::string type_of(std::string_view kind) {
  if (kind == kManagedKind) return "Managed";
  if (kind == kUserKind) return "User";
  if (kind == kProjectKind) return "Project";
  return kind == kLocalKind ? "Local" : "";
}

}  // namespace

std::vector<Instructions> InstructionFiles::load() {
  loaded_.clear();
  folders_.clear();
  path_rules_.clear();
  std::vector<Instructions> files;
  if (!trim(options_.managed_text).empty())
    files.push_back({options_.managed_dir / "managed-settings.json", std::string(kManagedKind),
                     options_.managed_text, "Managed"});
  add_file(options_.managed_dir / "CLAUDE.md", std::string(kManagedKind), true, files);
  if (options_.user) {
    add_file(options_.claude_dir / "CLAUDE.md", std::string(kUserKind), true, files);
    add_rules(options_.claude_dir / "rules", options_.project_dir, std::string(kUserKind), true, files);
  }
  for (const os::Path& folder : folders_down_to(options_.project_dir)) add_folder(folder, files);
  for (const os::Path& folder : options_.more_dirs) add_folder(folder, files);
  if (!options_.auto_memory.empty()) {
    if (auto text = os::read_file(options_.auto_memory, kMaxInstructionBytes); text && !trim(*text).empty())
      files.push_back({options_.auto_memory, std::string(kIndexKind), told_part(to_utf8(*text))});
  }
  for (Instructions& told : files) {
    if (told.load_reason.empty()) told.load_reason = "session_start";
  }
  return files;
}

std::vector<Instructions> InstructionFiles::load_for(const os::Path& file) {
  std::vector<Instructions> files;
  const os::Path folder = file.parent_path();
  if (os::is_within(folder, options_.project_dir) && folder != options_.project_dir) {
    for (const os::Path& nested : folders_down_to(folder)) {
      if (nested != options_.project_dir && os::is_within(nested, options_.project_dir))
        add_folder(nested, files);
    }
  }
  for (PathRule& rule : path_rules_) {
    if (rule.patterns.empty() || !os::is_within(file, rule.base)) continue;
    const std::string relative = file.lexically_relative(rule.base).string();
    const auto matches = [&relative](const tools::GlobPattern& pattern) { return pattern.matches(relative); };
    if (!std::ranges::any_of(rule.patterns, matches)) continue;
    rule.patterns.clear();
    rule.instructions.load_reason = "path_glob_match";
    files.push_back(std::move(rule.instructions));
  }
  for (Instructions& told : files) {
    if (told.load_reason.empty()) told.load_reason = "nested_traversal";
    told.trigger = file;
  }
  return files;
}

void InstructionFiles::add_folder(const os::Path& folder, std::vector<Instructions>& out) {
  if (!folders_.insert(folder).second) return;
  // The home folder's .claude is the person's, whatever the session works on.
  const bool is_users = folder / ".claude" == options_.claude_dir;
  if (options_.project) {
    add_file(folder / "CLAUDE.md", std::string(kProjectKind), false, out);
    if (!is_users) {
      add_file(folder / ".claude" / "CLAUDE.md", std::string(kProjectKind), false, out);
      add_rules(folder / ".claude" / "rules", folder, std::string(kProjectKind), false, out);
    }
  }
  if (options_.local) add_file(folder / "CLAUDE.local.md", std::string(kLocalKind), false, out);
}

void InstructionFiles::add_rules(const os::Path& folder, const os::Path& base, const std::string& kind,
                                 bool may_leave, std::vector<Instructions>& out) {
  // Breadth by depth, so that a link in a circle ends.
  std::vector<std::pair<os::Path, int>> waiting{{folder, 0}};
  std::set<os::Path> seen;
  while (!waiting.empty()) {
    const auto [at, depth] = waiting.back();
    waiting.pop_back();
    const auto names =
        seen.insert(os::resolve_links(at)).second ? os::list_directory(at) : std::vector<std::string>{};
    if (!names) continue;
    for (const std::string& name : *names) {
      const os::Path path = at / name;
      if (os::is_folder(path)) {
        if (depth < kMaxRuleDepth) waiting.emplace_back(path, depth + 1);
      } else if (path.extension() == ".md") {
        add_rule_file(path, base, kind, may_leave, out);
      }
    }
  }
}

void InstructionFiles::add_rule_file(const os::Path& path, const os::Path& base, const std::string& kind,
                                     bool may_leave, std::vector<Instructions>& out) {
  const auto text = os::read_file(path, kMaxInstructionBytes);
  if (!text || is_excluded(path)) return;
  const markdown::Document document = markdown::parse_document(to_utf8(*text));
  const std::vector<std::string> globs = markdown::text_list(document.fields, "paths");
  if (globs.empty()) return add_file(path, kind, may_leave, out);
  if (!loaded_.insert(os::resolve_links(path)).second) return;
  PathRule rule{{path, kind, strip_comments(document.body), type_of(kind), "", globs}, base, {}};
  for (const std::string& glob : globs) {
    auto pattern = tools::GlobPattern::compile(glob, /*any_depth=*/false);
    if (pattern && rule.patterns.size() < kMaxPatterns) rule.patterns.push_back(std::move(*pattern));
  }
  path_rules_.push_back(std::move(rule));
}

void InstructionFiles::add_file(const os::Path& path, const std::string& kind, bool may_leave,
                                std::vector<Instructions>& out) {
  const auto text = os::read_file(path, kMaxInstructionBytes);
  if (!text || (is_excluded(path) && kind != kManagedKind)) return;
  if (!loaded_.insert(os::resolve_links(path)).second) return;
  markdown::Document document = markdown::parse_document(to_utf8(*text));
  Instructions file{path, kind, strip_comments(document.body), type_of(kind)};
  if (!trim(file.text).empty()) out.push_back(file);
  add_imports(file, 1, may_leave, out);
}

void InstructionFiles::add_imports(const Instructions& file, int depth, bool may_leave,
                                   std::vector<Instructions>& out) {
  if (depth > kMaxImportDepth) return;
  for (const std::string& name : find_imports(file.text)) {
    const os::Path path = os::absolute_path(name, file.path.parent_path(), options_.home);
    if (!may_import(path, may_leave) || is_excluded(path) || loaded_.contains(os::resolve_links(path)))
      continue;
    const auto text = os::read_file(path, kMaxInstructionBytes);
    // A name that only looks like a path, or what is no text.
    if (!text || text->contains('\0')) continue;
    loaded_.insert(os::resolve_links(path));
    const Instructions imported{path,
                                fmt::format("named by {}", file.path.string()),
                                strip_comments(to_utf8(*text)),
                                file.memory_type,
                                "include",
                                {},
                                {},
                                file.path};
    if (!trim(imported.text).empty()) out.push_back(imported);
    add_imports(imported, depth + 1, may_leave, out);
  }
}

// What others checked in may not reach for files outside the project.
bool InstructionFiles::may_import(const os::Path& path, bool may_leave) const {
  if (may_leave) return true;
  const os::Path target = os::resolve_links(path);
  return os::is_within(target, options_.project_dir) ||
         std::ranges::any_of(options_.more_dirs,
                             [&target](const os::Path& folder) { return os::is_within(target, folder); });
}

bool InstructionFiles::is_excluded(const os::Path& path) const {
  const std::string resolved = os::resolve_links(path).string();
  return std::ranges::any_of(options_.excludes, [&](const std::string& exclude) {
    if (exclude == path.string() || exclude == resolved) return true;
    std::string_view glob = exclude;
    if (glob.starts_with('/')) glob.remove_prefix(1);
    const auto pattern = tools::GlobPattern::compile(glob, /*any_depth=*/false);
    return pattern && (pattern->matches(path.string().substr(1)) || pattern->matches(resolved.substr(1)));
  });
}

std::string describe(const std::vector<Instructions>& files) {
  if (files.empty()) return "";
  std::string out =
      "What follows was written down for you to heed in this project. Where two texts disagree, the later "
      "one counts; what the "
      "person says in the conversation comes before all of them.";
  for (const Instructions& file : files)
    out += fmt::format("\n\n## {} ({})\n\n{}", file.path.string(), file.kind, trim(file.text));
  return out;
}

}  // namespace awl::memory
