#include "base/environment.h"

#include <gtest/gtest.h>

namespace awl {
namespace {

TEST(Environment, ReadsAnEnvironArray) {
  const char* const entries[] = {"A=1", "EMPTY=", "WITH=a=b", "nonsense", nullptr};
  const Environment environment = Environment::from_array(entries);
  EXPECT_EQ(environment.find("A"), "1");
  EXPECT_EQ(environment.find("EMPTY"), "");
  EXPECT_EQ(environment.get("WITH"), "a=b");
  EXPECT_EQ(environment.find("nonsense"), std::nullopt);
  EXPECT_FALSE(environment.has("EMPTY"));
  EXPECT_TRUE(environment.is_on("A"));
}

TEST(Environment, GivesEntriesSortedByName) {
  Environment environment;
  environment.set("B", "2");
  environment.set("A", "1");
  environment.set("C", "3");
  environment.unset("C");
  EXPECT_EQ(environment.to_entries(), (std::vector<std::string>{"A=1", "B=2"}));
}

}  // namespace
}  // namespace awl
