// Files as they were before a message changed them. Source: product documentation, "checkpointing".
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/error.h"
#include "os/file.h"

namespace awl::session {

struct RewindOutcome {
  std::vector<std::string> files;    ///< that differ, and (unless it is a trial) were put back
  std::vector<std::string> skipped;  ///< sentences: files that could not be put back
};

/// Kept in a folder of the session: an index, one JSON object a line, and a copy of each file before its
/// first change after each message. What commands change is not in it.
class Checkpoints {
 public:
  explicit Checkpoints(os::Path folder);

  /// The next changes belong to this message.
  void begin_message(std::string uuid);
  /// Call it before a file is changed: keeps what it is now, once a message. A file that cannot be kept (too
  /// large, no room) is passed over: the change goes on.
  void save(const os::Path& file);

  /// Puts every file back that changed since that message. Errors: kNotFound: there was no such message, or
  /// nothing is kept of it.
  Result<RewindOutcome> rewind(const std::string& message_uuid, bool dry_run) const;

 private:
  struct Entry {
    std::string message;
    os::Path file;
    std::string copy;  // its name in the folder; empty: the file was not there
    unsigned mode = 0;
  };
  void read_index();

  os::Path folder_;
  std::vector<std::string> messages_;
  std::vector<Entry> entries_;
  std::string message_;
};

}  // namespace awl::session
