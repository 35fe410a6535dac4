// What a tool call is about to touch: the subject of a permission decision.
#pragma once

#include <string>
#include <vector>

#include "os/file.h"

namespace awl::permission {

/// Paths are resolved as the tool will open them.
struct Access {
  enum class Kind {
    kNone,     ///< the agent's own state
    kRead,     ///< reads `paths` (a folder: everything below it)
    kEdit,     ///< creates or changes `paths`
    kShell,    ///< runs `command` in the session's current folder
    kNetwork,  ///< requests `url`
  };
  Kind kind = Kind::kNone;
  std::vector<os::Path> paths;
  std::string command;
  std::string url;
  bool confirmed = false;  ///< a person said yes to exactly this call
  bool needs_person =
      false;  ///< it is about what the person says: no rule and no mode answers in their place
};

}  // namespace awl::permission
