// Where an IP address leads: what a request that somebody else chose may not reach is told apart here.
#pragma once

#include <optional>
#include <string>
#include <string_view>

struct sockaddr;

namespace awl::net {

enum class AddressScope {
  kPublic,
  kLoopback,  ///< 127.0.0.0/8, ::1
  kPrivate,   ///< RFC 1918, shared (RFC 6598) and unique local addresses: a company's or a home's network
  kLocal,  ///< link-local (where clouds serve credentials), fd00:ec2::/32, unspecified, multicast, reserved
};

/// What a request may connect to. Addresses in other clothes (IPv4-mapped, NAT64, 6to4, Teredo) count as what
/// is inside.
enum class AddressReach {
  kAnywhere,
  kPublic,   ///< kPublic alone
  kPrivate,  ///< all but kLocal
};

/// Anything but IPv4 and IPv6 is kLocal.
AddressScope scope_of(const sockaddr& address);
/// Of an address as it is written, without brackets; nullopt when it is not one.
std::optional<AddressScope> scope_of_literal(std::string_view host);
/// "10.0.0.1", "fe80::1"; "?" for anything else.
std::string to_text(const sockaddr& address);

bool is_within_reach(AddressScope scope, AddressReach reach);

}  // namespace awl::net
