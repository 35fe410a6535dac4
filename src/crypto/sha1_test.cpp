#include "crypto/sha1.h"

#include <gtest/gtest.h>

namespace awl::crypto {
namespace {

// FIPS 180-4 example values, and the name that the AWS CLI gives to the token of the SSO session "corp".
TEST(Sha1, KnownValues) {
  EXPECT_EQ(sha1_hex(""), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  EXPECT_EQ(sha1_hex("abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(sha1_hex("corp"), "ee0bfd2552fbd840c02cc48b6e823320543c450f");
}

}  // namespace
}  // namespace awl::crypto
