// What a scripted model looks at in a request.
#pragma once

#include <string>
#include <vector>

#include "json/json.h"

namespace awl::emulator {

/// The text of a message's or a tool result's content: a string, or its text blocks joined with newlines.
std::string text_of(const json::Value& content);

/// Index of the last user message without tool results: where the present turn began. 0 when there is none.
size_t turn_start(const json::Value& messages);

/// Assistant messages since turn_start(): how many answers the model has given in this turn.
size_t answers_in_turn(const json::Value& messages);

/// What the person asked in this turn: the last text of that message that is no reminder of the client's.
std::string question_of(const json::Value& messages);

/// Names of the offered tools, in order.
std::vector<std::string> offered_tools(const json::Value& request);

}  // namespace awl::emulator
