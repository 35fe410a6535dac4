// Going on with a turn that the last run did not end. Source: product documentation, "env-vars".
#pragma once

#include <string>

#include "base/clock.h"
#include "base/environment.h"
#include "session/restore.h"

namespace awl::cli {

/// What is said to the model in the person's place: with CLAUDE_CODE_RESUME_INTERRUPTED_TURN, when the
/// session ended in mid-turn and is no older than CLAUDE_CODE_RESUME_INTERRUPTED_TURN_MAX_AGE_MS. The words
/// are those of CLAUDE_CODE_RESUME_PROMPT, if it is set. Empty: nothing.
std::string words_to_go_on(const session::RestoredSession& restored, const Environment& environment,
                           TimePoint now);

}  // namespace awl::cli
