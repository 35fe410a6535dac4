#include "base/encoding.h"

#include <gtest/gtest.h>

namespace awl {
namespace {

TEST(Encoding, Hex) { EXPECT_EQ(to_hex(std::string_view("\x00\xff\x10", 3)), "00ff10"); }

TEST(Encoding, Base64MatchesRfc4648) {
  const std::pair<std::string, std::string> cases[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : cases) {
    EXPECT_EQ(to_base64(plain), encoded);
    EXPECT_EQ(from_base64(encoded), plain);
  }
  EXPECT_EQ(from_base64("Zm9\nv"), "foo");
  EXPECT_EQ(to_base64_url("\xFB\xFF\xBF!"), "-_-_IQ");
  EXPECT_EQ(to_base64_url(""), "");
  EXPECT_EQ(from_base64("Zm*v"), std::nullopt);
  EXPECT_EQ(from_base64("Zg==Zg"), std::nullopt);
}

TEST(Encoding, PercentRoundTrip) {
  EXPECT_EQ(percent_encode("a b/ü~"), "a%20b%2F%C3%BC~");
  EXPECT_EQ(percent_encode("a/b", "/"), "a/b");
  EXPECT_EQ(percent_decode("a%20b%2f%zz%4"), "a b/%zz%4");
  EXPECT_EQ(percent_decode("%41"), "A");
}

}  // namespace
}  // namespace awl
