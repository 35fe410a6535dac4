#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace awl::net {

/// A host name with letters outside ASCII as DNS knows it ("bücher.de" is "xn--bcher-kva.de"), by libidn2,
/// which is loaded on first use. Errors: kInvalidInput, when it is no host name; kUnsupported without the
/// library.
Result<std::string> to_ascii_host(std::string_view utf8);

}  // namespace awl::net
