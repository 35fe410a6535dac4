// A transcript on disk: one JSON record a line, appended and never changed.
// Source: product documentation, "claude-directory" and "agent-sdk__session-storage".
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "os/descriptor.h"
#include "os/file.h"

namespace awl::session {

/// Appends records; each is one write(2), so that a process that dies loses at most the one it was writing.
class TranscriptFile {
 public:
  /// Opens `path` for appending (0600, its folder 0700; created when it is not there) and keeps other
  /// processes from writing to it meanwhile. A record that a dead process left torn is closed with a line
  /// break. Errors: kPermissionDenied when another process writes to it; kIo and the like.
  static Result<std::unique_ptr<TranscriptFile>> open(const os::Path& path);

  /// `record` is a JSON object without line breaks. Errors: kIo (a full disk, for instance); a part that was
  /// written is closed with the next record.
  Result<> append(std::string_view record);

 private:
  explicit TranscriptFile(os::FileDescriptor file) : file_(std::move(file)) {}
  os::FileDescriptor file_;
  bool torn_ = false;
};

}  // namespace awl::session
