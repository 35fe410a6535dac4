#include "tools/file_rules.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "base/utf8.h"
#include "crypto/sha256.h"
#include "os/path.h"
#include "os/resolved_file.h"

namespace awl::tools {

namespace {

// Names in the folder of `path` that differ only in case or in the extension; at most three.
std::string similar_names(const os::Path& path) {
  const auto names = os::list_directory(path.parent_path());
  if (!names || names->size() > 5000) return "";
  const std::string wanted = to_lower(path.filename().string());
  const std::string stem = to_lower(path.stem().string());
  std::vector<std::string> found;
  for (const std::string& name : *names) {
    const std::string lower = to_lower(name);
    if ((lower == wanted || to_lower(os::Path(name).stem().string()) == stem) && found.size() < 3)
      found.push_back(name);
  }
  return to_utf8(join(found, ", "));
}

}  // namespace

Result<os::Path> resolve_path(std::string_view text, const Session& session) {
  if (text.empty()) return fail(ErrorKind::kInvalidInput, "the path is empty");
  if (text.find('\0') != std::string_view::npos) {
    return fail(ErrorKind::kInvalidInput, "the path has a null byte in it: remove it");
  }
  return os::resolve_links(os::absolute_path(text, session.cwd, session.home));
}

Result<Access> path_access(const json::Value& input, std::string_view name, Access::Kind kind,
                           const Session& session) {
  AWL_TRY(os::Path path, resolve_path(json::string_or_empty(input, name), session));
  Access access;
  access.kind = kind;
  access.paths.push_back(std::move(path));
  return access;
}

std::string display_path(const os::Path& path, const Session& session) {
  if (path != session.cwd && os::is_within(path, session.cwd)) {
    return to_utf8(path.lexically_relative(session.cwd).string());
  }
  return to_utf8(path.string());
}

Result<os::FileInfo> stat_regular(const os::Path& path, std::string_view shown, const Session& session) {
  auto info = os::stat(path);
  if (!info && info.error().kind == ErrorKind::kNotFound) {
    std::string message =
        fmt::format("{} does not exist. The current folder is {}", shown, to_utf8(session.cwd.string()));
    if (const std::string names = may_read(session, path) ? similar_names(path) : ""; !names.empty()) {
      message += fmt::format(". In the folder of that path there is: {}", names);
    }
    return fail(ErrorKind::kNotFound, std::move(message));
  }
  if (!info) return info;
  if (info->type == os::FileInfo::Type::kDirectory) {
    return fail(ErrorKind::kInvalidInput,
                fmt::format("{} is a folder, not a file: list it with `ls` in Bash, or use Glob", shown));
  }
  if (info->type != os::FileInfo::Type::kRegular) {
    return fail(ErrorKind::kInvalidInput,
                fmt::format("{} is a device, pipe or socket, not a regular file", shown));
  }
  return info;
}

Knowledge knowledge_of(const Session& session, const os::Path& path, const os::FileInfo& info,
                       std::string_view bytes) {
  const auto found = session.seen_files.find(path);
  if (found == session.seen_files.end()) return Knowledge::kUnread;
  const SeenFile& seen = found->second;
  const bool same =
      looks_unchanged(seen, info) || (!seen.digest.empty() && crypto::sha256_hex(bytes) == seen.digest);
  if (!same) return Knowledge::kStale;
  return seen.partial ? Knowledge::kPartial : Knowledge::kCurrent;
}

bool looks_unchanged(const SeenFile& seen, const os::FileInfo& info) {
  return seen.modified_ns == info.modified_ns && seen.size_bytes == info.size_bytes;
}

bool may_read(const Session& session, const os::Path& path) {
  if (session.may_read) return session.may_read(path);
  if (os::is_within(path, session.project_dir)) return true;
  return std::any_of(session.additional_dirs.begin(), session.additional_dirs.end(),
                     [&path](const os::Path& folder) { return os::is_within(path, folder); });
}

void remember(Session& session, const os::Path& path, const os::FileInfo& info, std::string_view bytes,
              bool partial, std::string shown_range) {
  SeenFile seen;
  seen.modified_ns = info.modified_ns;
  seen.size_bytes = info.size_bytes;
  if (!bytes.empty() && bytes.size() <= kLargeFile && bytes.size() == info.size_bytes)
    seen.digest = crypto::sha256_hex(bytes);
  seen.partial = partial;
  seen.shown_range = std::move(shown_range);
  seen.order = ++session.times_seen;
  session.seen_files.insert_or_assign(path, std::move(seen));
}

Result<> write_and_remember(Session& session, const os::Path& path, std::string_view bytes) {
  AWL_CHECK(os::write_resolved_file(path, bytes));
  AWL_TRY(const os::FileInfo info, os::stat(path));
  remember(session, path, info, bytes);
  return {};
}

}  // namespace awl::tools
