#include "net/address.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace awl::net {
namespace {

TEST(Address, ScopesOfIpv4) {
  using enum AddressScope;
  const std::pair<const char*, AddressScope> cases[] = {
      {"8.8.8.8", kPublic},         {"1.1.1.1", kPublic},         {"9.255.255.255", kPublic},
      {"10.0.0.0", kPrivate},       {"10.255.255.255", kPrivate}, {"11.0.0.0", kPublic},
      {"100.63.255.255", kPublic},  {"100.64.0.1", kPrivate},     {"100.127.255.255", kPrivate},
      {"100.128.0.0", kPublic},     {"127.0.0.1", kLoopback},     {"127.255.255.254", kLoopback},
      {"168.63.129.16", kLocal},    {"169.254.169.254", kLocal},  {"169.254.170.2", kLocal},
      {"169.253.0.1", kPublic},     {"172.15.255.255", kPublic},  {"172.16.0.1", kPrivate},
      {"172.31.255.255", kPrivate}, {"172.32.0.0", kPublic},      {"192.168.1.1", kPrivate},
      {"192.169.0.0", kPublic},     {"0.0.0.0", kLocal},          {"0.1.2.3", kLocal},
      {"224.0.0.1", kLocal},        {"255.255.255.255", kLocal},  {"198.18.0.1", kPrivate},
      {"192.0.0.192", kLocal},
  };
  for (const auto& [text, scope] : cases) EXPECT_EQ(scope_of_literal(text), scope) << text;
}

TEST(Address, ScopesOfIpv6AndOfWhatIsInsideIt) {
  using enum AddressScope;
  const std::pair<const char*, AddressScope> cases[] = {
      {"2606:4700::1111", kPublic},
      {"::1", kLoopback},
      {"::", kLocal},
      {"::2", kLocal},
      {"::127.0.0.1", kLocal},
      {"fe80::1", kLocal},
      {"fec0::1", kLocal},
      {"ff02::1", kLocal},
      {"fc00::1", kPrivate},
      {"fd12:3456::1", kPrivate},
      {"fd00:ec2::254", kLocal},
      {"::ffff:127.0.0.1", kLoopback},
      {"::ffff:169.254.169.254", kLocal},
      {"::ffff:10.1.2.3", kPrivate},
      {"::ffff:8.8.8.8", kPublic},
      {"64:ff9b::a9fe:a9fe", kLocal},
      {"64:ff9b::808:808", kPublic},
      {"2002:7f00:1::", kLoopback},
      {"2002:a9fe:a9fe::1", kLocal},
      {"2001:0:1:2:3:4:80ff:fffe", kLoopback},  // Teredo: the address is stored inverted
      {"2001:db8::1", kLocal},
      {"64:ff9b:1::a00:1", kLocal},
  };
  for (const auto& [text, scope] : cases) EXPECT_EQ(scope_of_literal(text), scope) << text;
}

TEST(Address, OnlyAddressesAreLiterals) {
  for (const char* text :
       {"", "localhost", "1.2.3", "0x7f.1", "256.1.1.1", "fe80::1%eth0", "[::1]", "1.2.3.4 "})
    EXPECT_FALSE(scope_of_literal(text)) << text;
  EXPECT_FALSE(scope_of_literal(std::string_view("127.0.0.1\0x", 11)));
}

TEST(Address, ReachIsWhatItSays) {
  using enum AddressScope;
  for (const AddressScope scope : {kPublic, kLoopback, kPrivate, kLocal}) {
    EXPECT_TRUE(is_within_reach(scope, AddressReach::kAnywhere));
    EXPECT_EQ(is_within_reach(scope, AddressReach::kPublic), scope == kPublic);
    EXPECT_EQ(is_within_reach(scope, AddressReach::kPrivate), scope != kLocal);
  }
}

TEST(Address, SocketsOfOtherFamiliesAreLocal) {
  sockaddr other{};
  other.sa_family = AF_UNIX;
  EXPECT_EQ(scope_of(other), AddressScope::kLocal);
  EXPECT_EQ(to_text(other), "?");
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_addr.s_addr = htonl(0x0A000001);
  const auto& generic = reinterpret_cast<const sockaddr&>(in);
  EXPECT_EQ(scope_of(generic), AddressScope::kPrivate);
  EXPECT_EQ(to_text(generic), "10.0.0.1");
}

}  // namespace
}  // namespace awl::net
