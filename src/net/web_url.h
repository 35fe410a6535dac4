// Addresses as people, pages and models write them, made into the one form that is checked and requested.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "net/url.h"

namespace awl::net {

/// The host of a URL in its one spelling: lower case; letters outside ASCII as punycode (UTS 46); without a
/// final dot; every number form of an IPv4 address (short, octal, hexadecimal) as four decimals; IPv6 in
/// brackets as RFC 5952 writes it, returned without them. Errors: kInvalidInput with what is wrong.
Result<std::string> canonical_host(std::string_view text);

/// Like parse_url(), but for what somebody else wrote: spaces and letters outside ASCII are encoded, the host
/// is canonical, the fragment goes. Errors: kInvalidInput; also for a control character, a user name, a
/// backslash before the path, and more than 2,000 bytes.
Result<Url> parse_web_url(std::string_view text);

/// What `reference`, found on the page `base`, points to (RFC 3986, section 5), as parse_web_url() gives it.
/// Errors: kInvalidInput, also for schemes other than http and https.
Result<Url> resolve_reference(const Url& base, std::string_view reference);

/// True for "localhost", names below it, and loopback addresses.
bool is_loopback_host(std::string_view canonical_host);

}  // namespace awl::net
