#include "session/pull_request.h"

#include <gtest/gtest.h>

namespace awl::session {
namespace {

TEST(PullRequestTest, ItIsFoundInWhatProgramsPrint) {
  const auto found =
      find_pull_request("Creating…\nhttps://docs.example/x\nhttps://github.com/o/n/pull/12/files\n");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->url, "https://github.com/o/n/pull/12");
  EXPECT_EQ(found->repository, "o/n");
  EXPECT_EQ(found->number, "12");
  EXPECT_EQ(find_pull_request(R"({"url":"https://gitlab.example/g/s/r/-/merge_requests/3"})")->repository,
            "g/s/r");
  EXPECT_EQ(find_pull_request("https://bitbucket.org/w/r/pull-requests/9")->number, "9");
  for (const char* none : {"", "https://", "https://x", "https://github.com/o/n/pull/",
                           "http://github.com/o/n/pull/1", "https://github.com/o/n/issues/1"})
    EXPECT_FALSE(find_pull_request(none)) << none;
}

TEST(PullRequestTest, APersonMayWriteItsNumberOrItsAddress) {
  const std::string url = "https://github.com/o/n/pull/12";
  for (const char* written :
       {"12", "#12", "https://github.com/o/n/pull/12", "https://github.com/o/n/pull/12/files"})
    EXPECT_TRUE(names_pull_request(written, url)) << written;
  for (const char* written : {"1", "2", "", "https://github.com/o/m/pull/12"})
    EXPECT_FALSE(names_pull_request(written, url)) << written;
  EXPECT_FALSE(names_pull_request("", ""));
}

TEST(PullRequestTest, OnlyCommandsThatMakeOneCount) {
  EXPECT_TRUE(makes_pull_request("git push && gh pr create --fill"));
  EXPECT_TRUE(makes_pull_request("glab mr create"));
  EXPECT_FALSE(makes_pull_request("gh pr view 12"));
}

}  // namespace
}  // namespace awl::session
