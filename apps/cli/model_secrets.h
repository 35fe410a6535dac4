// The variables that authenticate the model's calls, and are no business of the commands that the agent runs.
#pragma once

#include "base/environment.h"

namespace awl::cli {

/// Overwrites the values of the model's secrets in an `environ`-style array with blanks, so that no other
/// process reads them there. Take the snapshot first.
void wipe_model_secrets(char** entries);

/// Removes the model's secrets.
void unset_model_secrets(Environment& environment);

}  // namespace awl::cli
