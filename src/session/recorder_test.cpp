#include "session/recorder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "base/strings.h"
#include "base/uuid.h"

namespace awl::session {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class RecorderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = os::make_private_directory(std::filesystem::temp_directory_path(), "awl-recorder-").value();
    options_.file = folder_ / "projects" / (make_uuid() + ".jsonl");
    options_.session_id = options_.file.stem();
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Recorder make() {
    return {options_, [] { return TimePoint(); },
            [this](std::string p) { problems_.push_back(std::move(p)); }};
  }
  static protocol::MessageAccepted message(const std::string& text) {
    return {make_uuid(), "\"" + text + "\""};
  }

  os::Path folder_;
  RecorderOptions options_;
  std::vector<std::string> problems_;
};

TEST_F(RecorderTest, TheFileIsMadeWithTheFirstMessageAndIsPrivate) {
  Recorder recorder = make();
  recorder.on_event(protocol::SessionStarted{});
  EXPECT_FALSE(os::path_exists(options_.file));
  recorder.on_event(message("hi"));
  EXPECT_EQ(os::stat(options_.file)->mode & 0777U, 0600U);
  EXPECT_EQ(os::stat(options_.file.parent_path())->mode & 0777U, 0700U);
}

TEST_F(RecorderTest, ANameIsWrittenFirst) {
  options_.name = "my \"task\"";
  Recorder recorder = make();
  recorder.on_event(message("hi"));
  EXPECT_TRUE(
      os::read_file(options_.file)->starts_with(R"({"type":"custom-title","customTitle":"my \"task\"")"));
}

TEST_F(RecorderTest, TwoProcessesDoNotWriteToOneSession) {
  Recorder first = make();
  first.on_event(message("one"));
  Recorder second = make();
  second.on_event(message("two"));
  second.on_event(message("three"));
  ASSERT_THAT(problems_, SizeIs(1));
  EXPECT_THAT(problems_[0], HasSubstr("--fork-session"));
  EXPECT_FALSE(os::read_file(options_.file)->contains("two"));
}

TEST_F(RecorderTest, AFullDiskIsToldOnceAndTheSessionGoesOn) {
  Recorder recorder = make();
  recorder.on_event(message("one"));
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit full{.rlim_cur = os::stat(options_.file)->size_bytes + 10, .rlim_max = before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &full);
  recorder.on_event(message("two"));
  recorder.on_event(message("three"));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  ASSERT_THAT(problems_, SizeIs(1));
  EXPECT_THAT(problems_[0], HasSubstr("not saved from here on"));
}

}  // namespace
}  // namespace awl::session
