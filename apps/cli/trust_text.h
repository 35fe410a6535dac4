#pragma once

#include <string>

#include "config/trust.h"

namespace awl::cli {

/// "trusted", "not trusted any more" or "not trusted".
std::string state_of(const config::Trust& trust);

/// What a folder starts by itself, as lines for a person; what is new since it was trusted is marked.
std::string describe_items(const config::Trust& trust);

}  // namespace awl::cli
