// What the tools about background tasks have in common.
#pragma once

#include <string>
#include <string_view>

#include "tools/background_tasks.h"

namespace awl::tools {

constexpr std::string_view kShellTaskType = "local_bash";  ///< as clients know it

/// The sentence for an id that nothing has, with the tasks that there are.
std::string no_such_task(std::string_view id, const BackgroundTasks& tasks);

/// "b1a2b3 (npm test)"
std::string name_of(const BackgroundTask& task);

}  // namespace awl::tools
