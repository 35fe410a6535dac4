#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <cstring>

#include "base/strings.h"

namespace awl::net {

namespace {

using Ipv6Bytes = std::array<uint8_t, 16>;

struct Range4 {
  uint32_t first;
  int bits;
  AddressScope scope;
};

constexpr uint32_t quad(uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
  return a << 24U | b << 16U | c << 8U | d;
}

// The IANA registry of special-purpose IPv4 addresses; what is not in it is public.
constexpr std::array kRanges4 = {
    Range4{quad(0, 0, 0, 0), 8, AddressScope::kLocal},
    Range4{quad(10, 0, 0, 0), 8, AddressScope::kPrivate},
    Range4{quad(100, 64, 0, 0), 10, AddressScope::kPrivate},
    Range4{quad(127, 0, 0, 0), 8, AddressScope::kLoopback},
    Range4{quad(168, 63, 129, 16), 32, AddressScope::kLocal},  // Azure's service for its virtual machines
    Range4{quad(169, 254, 0, 0), 16, AddressScope::kLocal},
    Range4{quad(172, 16, 0, 0), 12, AddressScope::kPrivate},
    Range4{quad(192, 0, 0, 0), 24, AddressScope::kLocal},
    Range4{quad(192, 0, 2, 0), 24, AddressScope::kLocal},
    Range4{quad(192, 88, 99, 0), 24, AddressScope::kLocal},
    Range4{quad(192, 168, 0, 0), 16, AddressScope::kPrivate},
    Range4{quad(198, 18, 0, 0), 15, AddressScope::kPrivate},
    Range4{quad(198, 51, 100, 0), 24, AddressScope::kLocal},
    Range4{quad(203, 0, 113, 0), 24, AddressScope::kLocal},
    Range4{quad(224, 0, 0, 0), 3, AddressScope::kLocal},  // multicast, reserved, broadcast
};

AddressScope scope_of_ipv4(uint32_t address) {
  for (const Range4& range : kRanges4) {
    if (((address ^ range.first) >> static_cast<unsigned>(32 - range.bits)) == 0) return range.scope;
  }
  return AddressScope::kPublic;
}

uint32_t ipv4_at(const Ipv6Bytes& bytes, size_t at) {
  return quad(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]);
}

bool starts_with(const Ipv6Bytes& bytes, std::initializer_list<uint8_t> prefix) {
  return std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

AddressScope scope_of_ipv6(const Ipv6Bytes& bytes) {
  if (starts_with(bytes, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0})) {
    const bool is_mapped = bytes[10] == 0xFF && bytes[11] == 0xFF;
    if (is_mapped) return scope_of_ipv4(ipv4_at(bytes, 12));
    if (bytes[10] == 0 && bytes[11] == 0 && ipv4_at(bytes, 12) == 1) return AddressScope::kLoopback;
    return AddressScope::kLocal;  // unspecified, and the forms of old that nobody serves
  }
  // NAT64 and 6to4 gateways go on to the IPv4 address inside.
  if (starts_with(bytes, {0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0}))
    return scope_of_ipv4(ipv4_at(bytes, 12));
  if (starts_with(bytes, {0x20, 0x02})) return scope_of_ipv4(ipv4_at(bytes, 2));
  if (starts_with(bytes, {0x20, 0x01, 0, 0})) return scope_of_ipv4(~ipv4_at(bytes, 12));  // Teredo
  if (starts_with(bytes, {0xFD, 0x00, 0x0E, 0xC2})) return AddressScope::kLocal;  // services of EC2 instances
  if ((bytes[0] & 0xFEU) == 0xFC) return AddressScope::kPrivate;
  if (starts_with(bytes, {0x20, 0x01, 0x0D, 0xB8})) return AddressScope::kLocal;  // documentation
  // Only 2000::/3 is given to hosts of the public network.
  return (bytes[0] & 0xE0U) == 0x20 ? AddressScope::kPublic : AddressScope::kLocal;
}

}  // namespace

AddressScope scope_of(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, &address, sizeof in);
    return scope_of_ipv4(ntohl(in.sin_addr.s_addr));
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 in{};
    std::memcpy(&in, &address, sizeof in);
    Ipv6Bytes bytes{};
    std::memcpy(bytes.data(), &in.sin6_addr, bytes.size());
    return scope_of_ipv6(bytes);
  }
  return AddressScope::kLocal;
}

std::optional<AddressScope> scope_of_literal(std::string_view host) {
  const std::string text(host);
  if (text.contains('\0')) return std::nullopt;
  in_addr v4{};
  if (::inet_pton(AF_INET, text.c_str(), &v4) == 1) return scope_of_ipv4(ntohl(v4.s_addr));
  Ipv6Bytes v6{};
  if (::inet_pton(AF_INET6, text.c_str(), v6.data()) == 1) return scope_of_ipv6(v6);
  return std::nullopt;
}

std::string to_text(const sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const char* written = nullptr;
  if (address.sa_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, &address, sizeof in);
    written = ::inet_ntop(AF_INET, &in.sin_addr, text.data(), text.size());
  } else if (address.sa_family == AF_INET6) {
    sockaddr_in6 in{};
    std::memcpy(&in, &address, sizeof in);
    written = ::inet_ntop(AF_INET6, &in.sin6_addr, text.data(), text.size());
  }
  return written == nullptr ? "?" : written;
}

bool is_within_reach(AddressScope scope, AddressReach reach) {
  if (reach == AddressReach::kAnywhere) return true;
  if (reach == AddressReach::kPublic) return scope == AddressScope::kPublic;
  return scope != AddressScope::kLocal;
}

}  // namespace awl::net
