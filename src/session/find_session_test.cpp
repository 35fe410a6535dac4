#include "session/find_session.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/uuid.h"

namespace awl::session {
namespace {

class FindSessionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    projects_ = os::make_private_directory(std::filesystem::temp_directory_path(), "awl-find-").value();
  }
  void TearDown() override { std::filesystem::remove_all(projects_); }

  os::Path put(const os::Path& project, const std::string& text, int age_s) {
    const os::Path path = transcript_path(projects_, project, make_uuid());
    std::filesystem::create_directories(path.parent_path());
    EXPECT_TRUE(os::write_file_atomic(path, text));
    std::filesystem::last_write_time(
        path, std::filesystem::file_time_type::clock::now() - std::chrono::seconds(age_s));
    return path;
  }

  os::Path projects_;
};

TEST_F(FindSessionTest, TheFolderIsNamedAfterTheProject) {
  EXPECT_EQ(project_slug("/home/me/My Dir_1.x"), "-home-me-My-Dir-1-x");
}

TEST_F(FindSessionTest, TheNewestOfTheFolderGoesOn) {
  put("/w", "{}\n", 100);
  const os::Path newest = put("/w", "{}\n", 5);
  put("/w", "", 1);
  put("/other", "{}\n", 0);
  EXPECT_EQ(newest_session(projects_, "/w").value(), newest);
  EXPECT_EQ(newest_session(projects_, "/none").error().kind, ErrorKind::kNotFound);
}

TEST_F(FindSessionTest, ByIdFromAnyFolderByNameFromThisOne) {
  const os::Path other = put("/other",
                             R"({"type":"custom-title","customTitle":"t","sessionId":"x"})"
                             "\n",
                             0);
  EXPECT_EQ(find_session(projects_, "/w", other.stem()).value(), other);
  EXPECT_EQ(find_session(projects_, "/other", "t").value(), other);
  EXPECT_FALSE(find_session(projects_, "/w", "t"));
  const auto none = find_session(projects_, "/w", "550e8400-e29b-41d4-a716-446655440000");
  EXPECT_NE(describe(none.error()).find("550e8400-e29b-41d4-a716-446655440000"), std::string::npos);
}

TEST_F(FindSessionTest, TheLastTitleCounts) {
  const auto title = [](const char* text) {
    return std::string(R"({"type":"custom-title","customTitle":")") + text + "\"}\n";
  };
  put("/w", title("old") + "{}\n" + title("new"), 0);
  EXPECT_TRUE(find_session(projects_, "/w", "new"));
  EXPECT_FALSE(find_session(projects_, "/w", "old"));
}

TEST_F(FindSessionTest, ACopyHasItsOwnId) {
  const os::Path from = put("/w", "", 0);
  const std::string id = from.stem();
  ASSERT_TRUE(os::write_file_atomic(from, R"({"sessionId":")" + id + R"(","text":")" + id + "\"}\n"));
  const os::Path to = transcript_path(projects_, "/w", make_uuid());
  ASSERT_TRUE(copy_session(from, to));
  EXPECT_EQ(os::read_file(to).value(),
            R"({"sessionId":")" + to.stem().string() + R"(","text":")" + id + "\"}\n");
}

}  // namespace
}  // namespace awl::session
