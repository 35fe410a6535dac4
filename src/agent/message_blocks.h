// What the API would refuse in the content of a person's message.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"

namespace awl::agent {

/// True when `blocks` are texts without a visible character, and nothing else.
bool is_blank(const std::vector<std::string>& blocks);

/// The text blocks, with line breaks between them.
std::string text_of(const std::vector<std::string>& blocks);

/// Takes the texts without a visible character out: the API refuses a message for one of them.
void drop_blank_texts(std::vector<std::string>& blocks);

/// kInvalidInput when a block is no JSON object with a type: the API would refuse it, and with it every later
/// request of the conversation.
Result<> check_blocks(const std::vector<std::string>& blocks);

}  // namespace awl::agent
