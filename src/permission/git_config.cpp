#include "permission/git_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/strings.h"
#include "os/path.h"

namespace awl::permission {
namespace {

constexpr uint64_t kMaxConfigBytes = 1 << 20;
constexpr uint64_t kMaxIndexBytes = 256 << 20;
constexpr size_t kMaxSubmodules = 500;
constexpr int kMaxNesting = 8;

using Finding = std::optional<std::string>;

bool is_boolean(const std::optional<std::string>& value) {
  static constexpr std::array<std::string_view, 9> kBooleans = {"true", "false", "yes", "no", "on",
                                                                "off",  "1",     "0",   ""};
  return !value || std::ranges::any_of(
                       kBooleans, [&](std::string_view known) { return equals_ignore_case(*value, known); });
}

/// The filters that git-lfs sets up. It runs programs of its own by the keys of is_lfs_program.
bool is_stock_filter(std::string_view command) {
  static constexpr std::array<std::string_view, 5> kStock = {
      "git-lfs clean -- %f", "git-lfs smudge -- %f", "git-lfs smudge --skip -- %f", "git-lfs filter-process",
      "git-lfs filter-process --skip"};
  return std::ranges::find(kStock, command) != kStock.end();
}

bool is_lfs_program(std::string_view rest, std::string_view variable) {
  return rest.starts_with("extension.") || rest.starts_with("customtransfer.") ||
         variable == "standalonetransferagent";
}

/// A helper's plain name and flags: git-credential-NAME of the system.
bool is_plain_helper(std::string_view value) {
  return std::ranges::all_of(value, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '=' || c == ' ';
  });
}

/// True for a key that names a program, or lets git use one, whatever the section.
bool names_program(std::string_view variable) {
  static constexpr std::array<std::string_view, 10> kNames = {
      "driver",  "textconv",   "external",      "editor", "gitproxy",
      "askpass", "uploadpack", "showsignature", "vcs",    "difffilter"};
  return variable.ends_with("command") || variable.ends_with("cmd") || variable.ends_with("program") ||
         std::ranges::find(kNames, variable) != kNames.end();
}

/// core.worktree and core.hooksPath are looked at elsewhere.
bool is_dangerous(const GitSetting& setting) {
  const std::string_view key = setting.key;
  const std::string_view section = key.substr(0, key.find('.'));
  const std::string rest = to_lower(key.substr(std::min(key.size(), section.size() + 1)));
  const std::string_view variable = key.substr(key.rfind('.') + 1);
  const std::string_view value = setting.value ? std::string_view(*setting.value) : std::string_view();
  for (const std::string_view any : {"include", "includeif", "alias", "man", "browser", "hook"}) {
    if (section == any) return true;
  }
  if (section == "filter" && (variable == "clean" || variable == "smudge" || variable == "process"))
    return !is_stock_filter(value);
  if (section == "pager" || variable == "pager" || variable == "fsmonitor") return !is_boolean(setting.value);
  // They start git in submodules that only a commit names.
  if (key == "status.submodulesummary") return true;
  if (key == "diff.submodule") return value == "diff";
  if (section == "protocol") return variable == "allow";
  if (section == "credential" && variable == "helper") return !is_plain_helper(value);
  if (section == "lfs" && is_lfs_program(rest, variable)) return true;
  return names_program(variable);
}

/// A repository: `git_dir` is that of this work tree, `common_dir` the one that all its work trees share.
struct Repository {
  os::Path work_tree;
  os::Path git_dir;
  os::Path common_dir;
};

/// A pipe would keep us waiting.
Result<std::string> read_regular(const os::Path& file, uint64_t max_bytes = kMaxConfigBytes) {
  AWL_TRY(const os::FileInfo info, os::stat(file));
  if (info.type != os::FileInfo::Type::kRegular)
    return fail(ErrorKind::kInvalidInput, fmt::format("{} is not a file", file.string()));
  return os::read_file(file, max_bytes);
}

/// Without the line feeds at its end, as git reads its links.
std::string read_line(const os::Path& file) {
  std::string text = read_regular(file).value_or("");
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  return text;
}

Repository open_repository(os::Path work_tree, os::Path git_dir) {
  os::Path common_dir = git_dir;
  if (const std::string common = read_line(git_dir / "commondir"); !common.empty())
    common_dir = git_dir / common;
  return {std::move(work_tree), std::move(git_dir), std::move(common_dir)};
}

/// What git may take for a repository in exactly this folder: better one too many.
std::vector<Repository> repositories_at(const os::Path& folder) {
  std::vector<Repository> found;
  const os::Path dot_git = folder / ".git";
  if (os::is_folder(dot_git)) {
    found.push_back(open_repository(folder, dot_git));
  } else if (os::path_exists(dot_git)) {
    const std::string link = read_line(dot_git);
    if (link.starts_with("gitdir: ")) found.push_back(open_repository(folder, folder / link.substr(8)));
  }
  // A bare repository needs no name, and a git folder may be the current one.
  std::error_code ignored;
  const bool bare = std::filesystem::symlink_status(folder / "HEAD", ignored).type() !=
                        std::filesystem::file_type::not_found &&
                    os::path_exists(folder / "objects") && os::path_exists(folder / "refs");
  if (bare || os::path_exists(folder / "commondir")) found.push_back(open_repository(folder, folder));
  return found;
}

/// git runs this hook when a status or diff writes what it learned about files to the index.
Finding check_hooks(const os::Path& hooks) {
  if (os::path_exists(hooks / "post-index-change")) return "hooks/post-index-change";
  return std::nullopt;
}

Finding check_file(const Repository& repository, const os::Path& file) {
  const auto text = read_regular(file);
  if (!text) {
    if (text.error().kind == ErrorKind::kNotFound) return std::nullopt;
    return fmt::format("a file {} that cannot be read", file.filename().string());
  }
  const auto settings = parse_git_config(*text);
  if (!settings) return fmt::format("a file {} that cannot be read", file.filename().string());
  for (const GitSetting& setting : *settings) {
    if (is_dangerous(setting)) return setting.key;
    const std::string value = setting.value.value_or("");
    if (setting.key == "core.worktree") {
      // That of a submodule leads back to it.
      const os::Path target = os::resolve_links(repository.git_dir / value);
      if (target.lexically_relative(os::resolve_links(repository.work_tree)) != ".") return setting.key;
    }
    // The home folder is the person's own.
    if (setting.key == "core.hookspath" && !value.empty() && !value.starts_with('~')) {
      for (const os::Path& base : {repository.work_tree, repository.git_dir}) {
        if (auto finding = check_hooks(base / value)) return finding;
      }
    }
  }
  return std::nullopt;
}

uint32_t read_number(std::string_view bytes, size_t at, size_t size) {
  uint32_t number = 0;
  for (size_t i = 0; i < size; ++i) number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  return number;
}

constexpr uint32_t kSubmoduleMode = 0xE000;
/// Files, programs, links, folders of a sparse index, submodules.
constexpr std::array<uint32_t, 5> kFileModes = {0x81A4, 0x81ED, 0xA000, 0x4000, kSubmoduleMode};

/// The submodules' paths in an index; nullopt: it is not known which there are.
std::optional<std::vector<std::string>> list_submodules(std::string_view index, size_t hash_size) {
  // The mode of a submodule. Most indexes have none, and need no closer look.
  if (!index.contains(std::string_view("\0\0\xE0\0", 4))) return std::vector<std::string>();
  if (index.size() < 12 || !index.starts_with("DIRC")) return std::nullopt;
  const uint32_t version = read_number(index, 4, 4);
  const uint32_t count = read_number(index, 8, 4);
  if (version != 2 && version != 3) return std::nullopt;
  std::vector<std::string> paths;
  size_t at = 12;
  for (uint32_t i = 0; i < count; ++i) {
    size_t name = at + 40 + hash_size + 2;
    if (name + 2 > index.size()) return std::nullopt;
    if ((read_number(index, name - 2, 2) & 0x4000U) != 0) name += 2;
    const size_t end = index.find('\0', name);
    if (end == std::string_view::npos) return std::nullopt;
    const uint32_t mode = read_number(index, at + 24, 4);
    if (std::ranges::find(kFileModes, mode) == kFileModes.end()) return std::nullopt;
    if (mode == kSubmoduleMode) paths.emplace_back(index.substr(name, end - name));
    at += (end - at + 8) / 8 * 8;
  }
  if (paths.size() > kMaxSubmodules) return std::nullopt;
  return paths;
}

bool uses_sha256(const Repository& repository) {
  const std::string text = read_regular(repository.common_dir / "config").value_or("");
  const auto settings = parse_git_config(text);
  return settings && std::ranges::any_of(*settings, [](const GitSetting& setting) {
           return setting.key == "extensions.objectformat" && setting.value == "sha256";
         });
}

Finding check_repository(const Repository& repository, int nesting);

/// git looks into submodules with their own configuration.
Finding check_submodules(const Repository& repository, int nesting) {
  const Finding unknown = "submodules that are not known";
  const auto names = os::list_directory(repository.git_dir);
  if (!names) return std::nullopt;
  const bool split_index =
      std::ranges::any_of(*names, [](const std::string& name) { return name.starts_with("sharedindex."); });
  if (split_index) return unknown;
  const auto index = read_regular(repository.git_dir / "index", kMaxIndexBytes);
  if (!index) return index.error().kind == ErrorKind::kNotFound ? std::nullopt : unknown;
  const auto submodules = list_submodules(*index, uses_sha256(repository) ? 32 : 20);
  if (!submodules) return unknown;
  if (nesting >= kMaxNesting && !submodules->empty()) return unknown;
  for (const std::string& path : *submodules) {
    for (const Repository& inner : repositories_at(repository.work_tree / path)) {
      if (auto finding = check_repository(inner, nesting + 1)) return path + ": " + *finding;
    }
  }
  return std::nullopt;
}

Finding check_repository(const Repository& repository, int nesting) {
  std::vector<os::Path> folders{repository.git_dir};
  if (repository.common_dir != repository.git_dir) folders.push_back(repository.common_dir);
  for (const os::Path& folder : folders) {
    for (const char* file : {"config", "config.worktree"}) {
      if (auto finding = check_file(repository, folder / file)) return finding;
    }
    if (auto finding = check_hooks(folder / "hooks")) return finding;
  }
  return check_submodules(repository, nesting);
}

}  // namespace

std::optional<std::string> find_program_key(const os::Path& folder) {
  for (os::Path at = os::resolve_links(folder);; at = at.parent_path()) {
    for (const Repository& repository : repositories_at(at)) {
      if (auto finding = check_repository(repository, 0)) return finding;
    }
    if (at == at.parent_path()) return std::nullopt;
  }
}

std::optional<std::string> read_git_branch(const os::Path& folder) {
  constexpr std::string_view kPrefix = "ref: refs/heads/";
  for (os::Path at = os::resolve_links(folder);; at = at.parent_path()) {
    for (const Repository& repository : repositories_at(at)) {
      const std::string head = read_line(repository.git_dir / "HEAD");
      if (head.starts_with(kPrefix)) return head.substr(kPrefix.size());
      return std::nullopt;
    }
    if (at == at.parent_path()) return std::nullopt;
  }
}

}  // namespace awl::permission
