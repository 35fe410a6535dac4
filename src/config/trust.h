// Has the person said that they trust a folder? Kept in ~/.claude.json:
// projects[path].hasTrustDialogAccepted.
#pragma once

#include "config/locations.h"

namespace awl::config {

/// True when the project folder, or a folder above it, was accepted. A file that cannot be read or parsed:
/// false.
bool is_trusted(const Locations& locations);

}  // namespace awl::config
