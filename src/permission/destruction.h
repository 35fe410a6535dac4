// What some programs destroy beyond the files of this machine: git, aws, terraform, kubectl.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "permission/shell_parse.h"

namespace awl::permission {

/// Why running `words` destroys what nobody gets back, or may (its verb comes out of an expansion); nullopt:
/// it does not, as far as this knows. Rules for parts of a command do not allow such a one.
std::optional<std::string> find_destruction(std::span<const Word> words);

}  // namespace awl::permission
