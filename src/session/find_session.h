// Which sessions there are, by their files.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "os/file.h"

namespace awl::session {

/// "<folder>/<id>.jsonl" of a session of the project; `projects` is <claude_dir>/projects.
os::Path transcript_path(const os::Path& projects, const os::Path& project_dir, const std::string& id);

/// The folder's name below projects: everything but letters and digits as "-".
std::string project_slug(const os::Path& project_dir);

/// The transcript with this id, of this project first, then of every other one; or the newest of this project
/// whose title is `wish`. Errors: kNotFound, naming what was looked for; kInvalidInput when several have the
/// title.
Result<os::Path> find_session(const os::Path& projects, const os::Path& project_dir, const std::string& wish);

/// The transcript of this project that was written to last. Errors: kNotFound.
Result<os::Path> newest_session(const os::Path& projects, const os::Path& project_dir);

/// Copies a transcript under a new id, every record with it. Errors: kIo and the like.
Result<> copy_session(const os::Path& from, const os::Path& to);

}  // namespace awl::session
