#pragma once

#include <string>
#include <string_view>

namespace awl::html {

/// `text` with its character references ("&amp;", "&#x20AC;") replaced. What is none, or unknown, stays.
std::string decode_references(std::string_view text);

}  // namespace awl::html
