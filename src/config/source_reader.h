// One settings file, read into the merged settings.
#pragma once

#include "config/settings.h"

namespace awl::config {

/// Adds what the source says to `settings`, which hold what those of lower precedence said. `root` is its
/// JSON object. What the source may not decide is left out; that and what has the wrong type is among the
/// problems.
void read_source(const SettingsSource& source, json::Value root, bool trusted, Settings& settings);

}  // namespace awl::config
