// Hexadecimal, base64 and percent-encoding.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace awl {

/// Lower-case hexadecimal.
std::string to_hex(std::string_view bytes);

/// RFC 4648 section 4, padded.
std::string to_base64(std::string_view bytes);
/// RFC 4648 section 5, without padding.
std::string to_base64_url(std::string_view bytes);
/// The inverse of to_base64(); white space is skipped, anything else that is not base64 gives nullopt.
std::optional<std::string> from_base64(std::string_view text);

/// RFC 3986 percent-encoding of everything but unreserved characters; `keep` lists further ones left as they
/// are.
std::string percent_encode(std::string_view text, std::string_view keep = {});
/// The inverse; malformed escapes are left as they stand.
std::string percent_decode(std::string_view text);

}  // namespace awl
