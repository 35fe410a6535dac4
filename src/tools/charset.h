#pragma once

#include <string>
#include <string_view>

namespace awl::tools {

/// The bytes of a page as UTF-8. The encoding is that of a byte order mark, else `charset` (of the
/// Content-Type header, may be empty), else what an HTML page declares near its beginning, else UTF-8 when it
/// is that, else windows-1252. What is malformed becomes U+FFFD.
std::string decode_page(std::string bytes, std::string_view charset, bool is_html);

}  // namespace awl::tools
