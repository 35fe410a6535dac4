// Memory files: what people write down for the model once, and it is told in every session.
// Source: product documentation, "memory".
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "os/file.h"
#include "tools/glob_pattern.h"

namespace awl::memory {

struct InstructionOptions {
  os::Path home;
  os::Path claude_dir;                ///< of the person's own file and rules
  os::Path managed_dir;               ///< of the organisation's file
  os::Path project_dir;               ///< where the session works; absolute, links resolved
  std::vector<os::Path> more_dirs;    ///< further folders whose files are loaded, too
  std::vector<std::string> excludes;  ///< claudeMdExcludes: paths and glob patterns of absolute paths
  std::string managed_text;           ///< claudeMd of the managed settings
  os::Path auto_memory;               ///< MEMORY.md of the notes that the model keeps; empty: none
  bool user = true;                   ///< --setting-sources
  bool project = true;
  bool local = true;
};

struct Instructions {
  os::Path path;
  std::string kind;  ///< for the model: "the person's instructions for all projects", …
  std::string text;
  // For hooks: why it was loaded, and of whom it is.
  std::string memory_type = {};         ///< User, Project, Local, Managed; empty: notes
  std::string load_reason = {};         ///< session_start, nested_traversal, path_glob_match, include
  std::vector<std::string> globs = {};  ///< of a rule's `paths`
  os::Path trigger = {};                ///< the file whose reading loaded it
  os::Path parent = {};                 ///< the file that names it
};

/// One per session.
class InstructionFiles {
 public:
  explicit InstructionFiles(InstructionOptions options) : options_(std::move(options)) {}

  /// What every session begins with, in order: managed, the person's, then from the topmost folder down to
  /// the project's each folder's files and rules. Imports stand behind the file that names them, four deep at
  /// most; those of project files that lead out of the project are not followed. Files that cannot be read or
  /// are larger than 4 MiB are left out.
  std::vector<Instructions> load();

  /// What comes with a file that was read: instructions of the folders between the project and it, and rules
  /// whose `paths` name it. Each is given once in a session.
  std::vector<Instructions> load_for(const os::Path& file);

 private:
  struct PathRule {
    Instructions instructions;
    os::Path base;  // of the patterns
    std::vector<tools::GlobPattern> patterns;
  };

  void add_folder(const os::Path& folder, std::vector<Instructions>& out);
  void add_rules(const os::Path& folder, const os::Path& base, const std::string& kind, bool may_leave,
                 std::vector<Instructions>& out);
  void add_rule_file(const os::Path& path, const os::Path& base, const std::string& kind, bool may_leave,
                     std::vector<Instructions>& out);
  void add_file(const os::Path& path, const std::string& kind, bool may_leave,
                std::vector<Instructions>& out);
  void add_imports(const Instructions& file, int depth, bool may_leave, std::vector<Instructions>& out);
  bool is_excluded(const os::Path& path) const;
  bool may_import(const os::Path& path, bool may_leave) const;

  InstructionOptions options_;
  std::set<os::Path> loaded_;   // files, links resolved
  std::set<os::Path> folders_;  // whose nested files were looked for
  std::vector<PathRule> path_rules_;
};

/// The block of a message that tells the model; "" for none.
std::string describe(const std::vector<Instructions>& files);

}  // namespace awl::memory
