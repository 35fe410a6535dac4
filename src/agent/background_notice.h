#pragma once

#include <string>

#include "protocol/event.h"
#include "tools/background_tasks.h"

namespace awl::agent {

/// What the model is told when a background command ended: a text with the task's id, status and output file.
std::string background_notice(const tools::BackgroundTask& task);

/// The same for a face.
protocol::TaskChanged to_task_changed(const tools::BackgroundTask& task);

}  // namespace awl::agent
