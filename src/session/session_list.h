// What is known of sessions without reading them through, and what people change about them.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "os/file.h"

namespace awl::session {

struct SessionInfo {
  os::Path file;
  std::string id;
  std::string title;        ///< of --name or a rename; empty: none
  std::string tag;          ///< empty: none
  std::string prompt;       ///< the first one, on one line, shortened
  std::string folder;       ///< that it ran in
  std::string branch;       ///< of git, when it began
  std::string pr_url;       ///< of the pull request that it made; empty: none
  std::string entry_point;  ///< "cli", or what drove it: "sdk-cli" for awl -p, "sdk-ts", …
  int64_t modified_ns = 0;
  uint64_t size_bytes = 0;

  /// A person sat at a terminal.
  bool is_interactive() const { return !entry_point.starts_with("sdk"); }
  /// What people know it by.
  const std::string& name() const { return title.empty() ? prompt : title; }
};

/// Reads the start and the end of a transcript (64 KiB each, as the official SDK does). Errors: kNotFound,
/// kIo.
Result<SessionInfo> describe_session(const os::Path& file);

/// The sessions below a folder of projects/, the newest first.
std::vector<SessionInfo> list_sessions(const os::Path& folder);
/// The same of all projects.
std::vector<SessionInfo> list_all_sessions(const os::Path& projects);

/// A line of the transcript that holds `words`, ignoring the case of ASCII letters, cut to what is around
/// them; empty: none does.
std::string find_in_session(const os::Path& file, const std::string& words);

/// Empty `tag`: it has none any more. Errors: kInvalidInput (empty title), kPermissionDenied (a process
/// writes to the session), kIo.
Result<> rename_session(const os::Path& file, const std::string& title);
Result<> tag_session(const os::Path& file, const std::string& tag);

/// The transcript and everything that is kept beside it. Errors: kPermissionDenied (a process writes to it),
/// kIo.
Result<> delete_session(const os::Path& file);

/// The conversation for people, as Markdown. Errors: those of restore().
Result<std::string> export_session(const os::Path& file);

}  // namespace awl::session
