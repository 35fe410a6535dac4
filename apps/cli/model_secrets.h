// The variables that authenticate the model's calls, and are no business of the commands that the agent runs.
#pragma once

#include "base/environment.h"

namespace awl::cli {

/// Overwrites the values of the model's secrets in an `environ`-style array with blanks, so that no other
/// process reads them there; with `clouds_too` those of unset_cloud_credentials() as well. Take the snapshot
/// first.
void wipe_secrets(char** entries, bool clouds_too);

/// Removes the model's secrets.
void unset_model_secrets(Environment& environment);

/// Removes the credentials of Anthropic, AWS and other clouds, and of CI services
/// (CLAUDE_CODE_SUBPROCESS_ENV_SCRUB).
void unset_cloud_credentials(Environment& environment);

}  // namespace awl::cli
