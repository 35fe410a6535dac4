// The configuration file, for what does not fit on a command line. The format is described in
// docs/emulator.md.
#pragma once

#include "emulator/config.h"
#include "os/file.h"

namespace awl::emulator {

/// What the file says, over `base`. Relative paths in it are relative to its folder; policies that it names
/// are read. `warnings` receives a sentence for each part that is valid and has no effect. Errors: kParse,
/// kInvalidInput ("file:line: place: …"), and those of reading files.
Result<Config> load_config(const os::Path& file, Config base, TimePoint now,
                           std::vector<std::string>& warnings);
/// The same for a text that is at hand.
Result<Config> parse_config(std::string text, const os::Path& file, Config base, TimePoint now,
                            std::vector<std::string>& warnings);

}  // namespace awl::emulator
