#include "os/path.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace awl::os {
namespace {

TEST(Path, MakesAbsolute) {
  EXPECT_EQ(absolute_path("a/../b", "/work", "/home/u"), "/work/b");
  EXPECT_EQ(absolute_path("~/x", "/work", "/home/u"), "/home/u/x");
  EXPECT_EQ(absolute_path("~", "/work", "/home/u"), "/home/u");
  EXPECT_EQ(absolute_path("/etc//./x/", "/work", "/home/u"), "/etc/x");
  EXPECT_EQ(absolute_path("~other", "/work", "/home/u"), "/work/~other");
  EXPECT_EQ(absolute_path("/", "/work", "/home/u"), "/");
}

TEST(Path, WithinIsByWholeComponents) {
  EXPECT_TRUE(is_within("/proj/a", "/proj"));
  EXPECT_TRUE(is_within("/proj", "/proj"));
  EXPECT_TRUE(is_within("/proj/a", "/proj/"));
  EXPECT_FALSE(is_within("/proj-evil/a", "/proj"));
  EXPECT_FALSE(is_within("/", "/proj"));
  EXPECT_TRUE(is_within("/anything", "/"));
}

TEST(Path, ResolvesLinksToNothing) {
  const Path folder =
      *make_private_directory(resolve_links(std::filesystem::temp_directory_path()), "awl-path-test-");
  ASSERT_TRUE(make_directories(folder / "in").has_value());
  ASSERT_EQ(::symlink("../out/new", (folder / "in/link").c_str()), 0);
  ASSERT_EQ(::symlink("link", (folder / "in/second").c_str()), 0);
  EXPECT_EQ(resolve_links(folder / "in/link"), folder / "out/new");
  EXPECT_EQ(resolve_links(folder / "in/second/file"), folder / "out/new/file");
  EXPECT_EQ(resolve_links(folder / "in/none/file"), folder / "in/none/file");
  ASSERT_EQ(::symlink("loop", (folder / "loop").c_str()), 0);
  EXPECT_EQ(resolve_links(folder / "loop"), folder / "loop");
  std::filesystem::remove_all(folder);
}

TEST(Path, ResolvesLinksOfTheExistingPart) {
  const Path folder =
      *make_private_directory(resolve_links(std::filesystem::temp_directory_path()), "awl-path-test-");
  ASSERT_TRUE(make_directories(folder / "real").has_value());
  ASSERT_EQ(::symlink("real", (folder / "link").c_str()), 0);
  EXPECT_EQ(resolve_links(folder / "link/new/file"), folder / "real/new/file");
  EXPECT_EQ(resolve_links(folder / "link/../x"), folder / "x");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace awl::os
