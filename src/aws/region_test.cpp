#include "aws/region.h"

#include <gmock/gmock.h>

#include "aws/test_support.h"

namespace awl::aws {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class RegionTest : public ::testing::Test {
 protected:
  RegionTest() { environment_.set("HOME", home_.path().string()); }

  testing::TemporaryHome home_;
  Environment environment_;
};

TEST_F(RegionTest, FourSourcesInOrder) {
  ResolvedRegion region = resolve_region(environment_);
  EXPECT_EQ(region.region, "us-east-1");
  EXPECT_EQ(region.source, "default");
  EXPECT_THAT(region.skipped, IsEmpty());

  home_.write(".aws/config", "[default]\nregion=us-west-1\n[profile dev]\nregion = eu-west-1 # near\n");
  region = resolve_region(environment_);
  EXPECT_EQ(region.region, "us-west-1");
  environment_.set("AWS_PROFILE", "dev");
  region = resolve_region(environment_);
  EXPECT_EQ(region.region, "eu-west-1");
  EXPECT_EQ(region.source, "profile dev (" + home_.config_path() + ":4)");

  home_.write(".aws/credentials", "[dev]\nregion = eu-west-3\n");
  EXPECT_EQ(resolve_region(environment_).region, "eu-west-3");

  environment_.set("AWS_DEFAULT_REGION", "ap-southeast-2");
  region = resolve_region(environment_);
  EXPECT_EQ(region.region, "ap-southeast-2");
  EXPECT_EQ(region.source, "AWS_DEFAULT_REGION");

  environment_.set("AWS_REGION", "ca-central-1");
  EXPECT_EQ(resolve_region(environment_).region, "ca-central-1");
  environment_.set("AWS_REGION", "");
  region = resolve_region(environment_);
  EXPECT_EQ(region.region, "ap-southeast-2");
  EXPECT_THAT(region.skipped, IsEmpty());
}

TEST_F(RegionTest, MalformedValuesAreSkippedAndNamed) {
  home_.write(".aws/credentials", "[default]\nregion = evil.example/\n");
  home_.write(".aws/config", "[default]\nregion = eu-west-1\n");
  environment_.set("AWS_REGION", "us-east-1.evil.example");
  environment_.set("AWS_DEFAULT_REGION", "us east 1");
  const ResolvedRegion region = resolve_region(environment_);
  EXPECT_EQ(region.region, "eu-west-1");
  ASSERT_EQ(region.skipped.size(), 3U);
  EXPECT_THAT(region.skipped[0], HasSubstr("AWS_REGION is not shaped like"));
  EXPECT_THAT(region.skipped[1], HasSubstr("AWS_DEFAULT_REGION"));
  EXPECT_THAT(region.skipped[2], HasSubstr(home_.credentials_path() + ":2"));
}

TEST_F(RegionTest, ShapesOfNames) {
  for (const std::string bad : {"US-EAST-1", "-x", "x-", "a/b", "a.b", " us-east-1", "us-east-1\n", "é"}) {
    environment_.set("AWS_REGION", bad);
    EXPECT_EQ(resolve_region(environment_).source, "default") << bad;
  }
  environment_.set("AWS_REGION", std::string(64, 'a'));
  EXPECT_EQ(resolve_region(environment_).source, "default");
  for (const std::string good : {"us-gov-west-1", "x", "local"}) {
    environment_.set("AWS_REGION", good);
    EXPECT_EQ(resolve_region(environment_).region, good);
  }
}

TEST_F(RegionTest, AMissingProfileIsNamed) {
  environment_.set("AWS_PROFILE", "gone");
  const ResolvedRegion region = resolve_region(environment_);
  EXPECT_EQ(region.source, "default");
  ASSERT_EQ(region.skipped.size(), 1U);
  EXPECT_THAT(region.skipped[0], HasSubstr("profile gone"));
}

TEST_F(RegionTest, ABrokenFileIsSkippedAndNamed) {
  home_.write(".aws/config", "nonsense\n");
  const ResolvedRegion region = resolve_region(environment_);
  EXPECT_EQ(region.region, "us-east-1");
  ASSERT_EQ(region.skipped.size(), 1U);
  EXPECT_THAT(region.skipped[0], AllOf(HasSubstr("profile default"), HasSubstr(home_.config_path() + ":1")));
}

}  // namespace
}  // namespace awl::aws
