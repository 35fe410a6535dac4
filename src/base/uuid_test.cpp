#include "base/uuid.h"

#include <gtest/gtest.h>

#include <set>

namespace awl {
namespace {

TEST(Uuid, EachIsNewAndOfVersion4) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string uuid = make_uuid();
    EXPECT_TRUE(is_uuid(uuid)) << uuid;
    EXPECT_EQ(uuid[14], '4') << uuid;
    EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos) << uuid;
    EXPECT_TRUE(seen.insert(uuid).second) << uuid;
  }
}

TEST(Uuid, RandomHexHasTheLengthAskedFor) {
  EXPECT_EQ(random_hex(0), "");
  EXPECT_EQ(random_hex(3).size(), 6U);
  EXPECT_NE(random_hex(600), random_hex(600));
}

}  // namespace
}  // namespace awl
