#pragma once

#include <string>

#include "base/error.h"
#include "json/value.h"

namespace awl::acp {

/// The content of a prompt as content blocks of the Messages API, a JSON list: texts, images, files that are
/// named (as mentions, which are shown to the model) and files that come along. Errors: kInvalidInput: a
/// block of another kind, or none.
Result<std::string> to_message_content(const json::Value& prompt);

}  // namespace awl::acp
