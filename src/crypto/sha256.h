// SHA-256 and HMAC (FIPS 180-4, RFC 2104), by nettle.
#pragma once

#include <string>
#include <string_view>

namespace awl::crypto {

/// 32 raw bytes.
std::string sha256(std::string_view bytes);
/// Lower-case hexadecimal.
std::string sha256_hex(std::string_view bytes);
/// 32 raw bytes.
std::string hmac_sha256(std::string_view key, std::string_view bytes);
/// Compares in a time that depends on the lengths alone.
bool constant_time_equal(std::string_view a, std::string_view b);

}  // namespace awl::crypto
