// Programs of the read-only table whose arguments need a look of their own.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "permission/read_only.h"

namespace awl::permission {

/// Why the words are not known to only read; nullopt when they do.
using SpecialCheck = std::optional<std::string> (*)(std::span<const Word> words, const ShellPlace& place);

/// nullptr: the table is enough for this program.
SpecialCheck find_special_check(std::string_view program);

/// A path that is read: known, and in the work folders. Defined in read_only.cpp.
std::optional<std::string> check_read_path(const Word& word, const ShellPlace& place);

/// A tool of developers that is asked for its version and nothing else.
bool asks_for_version(std::span<const Word> words);

/// True for a sed script that only prints, deletes and replaces lines, and neither writes files nor runs
/// anything.
bool is_harmless_sed_script(std::string_view script);

}  // namespace awl::permission
