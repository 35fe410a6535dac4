// What a model loses of its work when its conversation is compacted, and gets again.
#pragma once

#include <string>
#include <vector>

#include "agent/skill_set.h"
#include "agent/tool_runner.h"
#include "tools/session.h"

namespace awl::agent {

/// Reminders: the texts of invoked skills (SkillSet::tell_again()), then the files that were read or changed
/// last, as they are now: at most five, 20 KB of each, what may be read without a question; they count as
/// read from then on. The task list follows with the next results.
std::vector<std::string> what_comes_along(tools::Session& session, SkillSet& skills, ToolRunner& runner);

}  // namespace awl::agent
