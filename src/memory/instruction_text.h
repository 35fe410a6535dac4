// What a memory file says once it is read: without its comments, and which other files it names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace awl::memory {

/// Without HTML comments that begin a line; those in code stay.
std::string strip_comments(std::string_view text);

/// The `@path`s of a text, as written, in order, each once: after white space or at the start of a line, and
/// not in code.
std::vector<std::string> find_imports(std::string_view text);

}  // namespace awl::memory
