// What the file tools agree on: which file a path means, and when a file may be changed.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "os/file.h"
#include "tools/session.h"
#include "tools/tool.h"

namespace awl::tools {

/// The path that `text` means: absolute or below the shell's current folder, `~` allowed, links resolved.
/// Access checks and tools use this one alone. Errors: kInvalidInput, when it is empty or has a null byte.
Result<os::Path> resolve_path(std::string_view text, const Session& session);

/// The path of the string argument `name`, as an Access of `kind`.
Result<Access> path_access(const json::Value& input, std::string_view name, Access::Kind kind,
                           const Session& session);

/// `path` relative to the shell's current folder when it is below it. Valid UTF-8.
std::string display_path(const os::Path& path, const Session& session);

/// A regular file's data. `shown` names it in errors. Errors: kNotFound (with names that are close),
/// kInvalidInput for folders and devices, those of os::stat.
Result<os::FileInfo> stat_regular(const os::Path& path, std::string_view shown, const Session& session);

enum class Knowledge {
  kUnread,   ///< the model has not seen the file
  kPartial,  ///< only the first page, because the file is too long
  kStale,    ///< it has changed since
  kCurrent,  ///< the model knows what is there
};
/// `bytes`: the file's content now. A file that was only touched is current.
Knowledge knowledge_of(const Session& session, const os::Path& path, const os::FileInfo& info,
                       std::string_view bytes);

/// True when time and size are those of the file as it was seen.
bool looks_unchanged(const SeenFile& seen, const os::FileInfo& info);

/// True when reading `path` needs no question, so that its content may also show in the answers of an edit.
bool may_read(const Session& session, const os::Path& path);

/// Remembers `path` as seen with `bytes` (empty: too large to keep a digest of).
void remember(Session& session, const os::Path& path, const os::FileInfo& info, std::string_view bytes,
              bool partial = false, std::string shown_range = {});

/// Writes `bytes`, creates missing folders, and remembers what was written. Errors: those of os.
Result<> write_and_remember(Session& session, const os::Path& path, std::string_view bytes);

/// Files above this have no digest, and results don't repeat their content.
constexpr uint64_t kLargeFile = 1 << 20;
/// The most that is loaded to be changed.
constexpr uint64_t kMaxEditableFile = 256 << 20;

}  // namespace awl::tools
