#pragma once

#include <string>
#include <string_view>

namespace awl {

/// A random UUID (RFC 9562, version 4), from the kernel's generator.
std::string make_uuid();
/// True for the 8-4-4-4-12 hexadecimal form, in any case.
bool is_uuid(std::string_view text);
/// `bytes` random bytes as lower-case hexadecimal.
std::string random_hex(size_t bytes);

}  // namespace awl
