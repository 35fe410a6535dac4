// Has the person said that they trust a folder, and is it still what they trusted? That they did is kept in
// ~/.claude.json (projects[path].hasTrustDialogAccepted); what it was then, in a file of Awl's own.
#pragma once

#include <string>
#include <vector>

#include "config/executable_config.h"
#include "config/locations.h"

namespace awl::config {

struct Trust {
  bool trusted = false;
  bool accepted = false;              ///< the person once did
  bool moved = false;                 ///< another file system is mounted there since then
  std::vector<ExecutableItem> items;  ///< what the folder starts by itself, now
  std::vector<std::string> added;     ///< labels of those that are new or not what they were
  std::vector<std::string> removed;

  /// A sentence about why an accepted folder is not trusted; empty: it is, or it never was accepted.
  std::string problem() const;
};

/// The folder itself or one above it must have been accepted. `state_file` says what the folder was then; of
/// one that it does not know (another program asked the person) it keeps what is there now. A file that
/// cannot be read or written: as if it were not there.
Trust look_at_trust(const Locations& locations, const os::Path& state_file);

/// The person trusts the folder as it is now. Errors: kParse (~/.claude.json is no JSON), kIo and the like.
Result<> accept_folder(const Locations& locations, const os::Path& state_file);
/// They do not any more. A folder above it that they trust still counts. Errors: as above.
Result<> revoke_folder(const Locations& locations, const os::Path& state_file);

}  // namespace awl::config
