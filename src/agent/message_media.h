// Images and documents in a message of the person or of a program, before it becomes part of a conversation.
#pragma once

#include <string>
#include <vector>

#include "async/task.h"
#include "base/error.h"
#include "tools/session.h"

namespace awl::agent {

/// Checks each image and document of `blocks` (JSON objects) against the API's limits and brings images that
/// are too large within them; what is within them keeps its bytes. `max_images`: what the API takes in a
/// request. Errors: kInvalidInput and those of make_sendable(), naming the block; `blocks` is then of no use.
Task<Result<>> fit_message_media(std::vector<std::string>& blocks, size_t max_count,
                                 const tools::Session& session);

}  // namespace awl::agent
