// SHA-1 (FIPS 180-4), by nettle. Only to find files that other tools name by it; nothing is protected with
// it.
#pragma once

#include <string>
#include <string_view>

namespace awl::crypto {

/// Lower-case hexadecimal.
std::string sha1_hex(std::string_view bytes);

}  // namespace awl::crypto
