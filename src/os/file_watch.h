// Tells when files change, whatever changes them.
#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "async/task.h"
#include "base/error.h"
#include "os/file.h"

namespace awl::os {

struct FileChange {
  enum class Kind { kAdded, kChanged, kRemoved };
  Path path;
  Kind kind = Kind::kChanged;
};

/// Linux's inotify on the folders that hold the files: a file need not be there yet.
class FileWatch {
 public:
  explicit FileWatch(const Executor& executor);

  /// Errors: kIo, when the folder cannot be watched.
  Result<> add(const Path& file);
  bool empty() const { return files_.empty(); }
  /// Tells of changes until it is cancelled.
  Task<> run(std::function<void(const FileChange&)> tell);

 private:
  boost::asio::posix::stream_descriptor events_;
  std::set<Path> files_;
  std::map<int, Path> folders_;  // by watch
};

}  // namespace awl::os
