// A URL that is accepted has one spelling, and nothing in it hides another host.
#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "net/address.h"
#include "net/web_url.h"

namespace {

void check(const awl::net::Url& url) {
  const auto again = awl::net::parse_web_url(url.to_string());
  // Only its length, which grows by encoding, may speak against it.
  if (!again) {
    if (url.to_string().size() <= 2000) std::abort();
    return;
  }
  if (again->to_string() != url.to_string() || again->host != url.host) std::abort();
  const bool is_plain = std::ranges::all_of(url.host, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || std::string_view("-._:").contains(c);
  });
  if (!is_plain || url.host.empty()) std::abort();
  // What the system's resolver would read as a number is one here too.
  const bool is_number = url.host.find_first_not_of("0123456789.") == std::string::npos;
  if (is_number && !awl::net::scope_of_literal(url.host)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto url = awl::net::parse_web_url(text)) check(*url);
  const awl::net::Url base = *awl::net::parse_web_url("https://base.example/a/b?c");
  if (const auto url = awl::net::resolve_reference(base, text)) check(*url);
  return 0;
}
