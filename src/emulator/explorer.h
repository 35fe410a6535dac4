// The built-in model: it answers questions about a repository by calling the tools it is offered and
// reporting what they gave. It is a script, not a language model, and says so in every answer.
//
// The course of a turn: list the files (and search, when the question names something to search for); read
// the README, a manifest and files that the question names; report. At most six requests a turn, whatever the
// tools answer.
#pragma once

#include <memory>

#include "emulator/message.h"

namespace awl::emulator {

std::unique_ptr<Model> make_explorer();

}  // namespace awl::emulator
