// What settings files decide about a session while it runs. Source: product documentation, "settings", "When
// edits take effect".
#pragma once

#include <string>
#include <vector>

#include "base/environment.h"
#include "base/error.h"
#include "hooks/hook_table.h"
#include "os/file.h"
#include "permission/policy.h"

namespace awl::agent {

/// What of the settings a running session follows.
struct SettingsPart {
  permission::Rules rules;        ///< of files alone, without those of flags
  std::vector<os::Path> folders;  ///< additionalDirectories
  hooks::HookTable hooks;         ///< of the scope "settings"
  Environment child_environment;
  std::vector<std::string> problems;  ///< sentences for the person
};

struct ChangedFile {
  std::string source;  ///< as matchers of ConfigChange name it: user_settings, project_settings, …
  os::Path file;
};

/// Looks at the files when it is asked; nothing runs in between.
class SettingsWatch {
 public:
  virtual ~SettingsWatch() = default;
  /// Files that are not what they were the last time.
  virtual std::vector<ChangedFile> take_changes() = 0;
  /// Errors: a file cannot be used; then everything stays as it was.
  virtual Result<SettingsPart> read() = 0;
};

/// Puts `after` in the place of `before` among the rules of a session, and leaves all others.
void replace_rules(permission::Rules& rules, const permission::Rules& before, const permission::Rules& after);

}  // namespace awl::agent
