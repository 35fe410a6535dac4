#include "config/shared_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <filesystem>
namespace awl::config {
namespace {

constexpr int kProcesses = 50;
constexpr int kUpdates = 1'000;

class SharedFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    // In memory where there is such a place: each update is synced.
    std::string name =
        std::filesystem::is_directory("/dev/shm") ? "/dev/shm/awl-shared-XXXXXX" : "/tmp/awl-shared-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    file_ = folder_ / "state.json";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  os::Path folder_;
  os::Path file_;
};

// A list of numbers, one for each process and one for all.
std::array<long, kProcesses + 1> numbers_in(std::string_view text) {
  std::array<long, kProcesses + 1> numbers{};
  const char* at = text.data();
  const char* const end = at + text.size();
  for (long& number : numbers) {
    at = std::from_chars(at, end, number).ptr;
    if (at < end) ++at;
  }
  return numbers;
}

// Adds one to the process's own number and to the one that all share.
Result<std::string> count_up(std::string_view before, size_t own) {
  auto numbers = numbers_in(before);
  ++numbers[own];
  ++numbers[kProcesses];
  return fmt::format("{}", fmt::join(numbers, " "));
}

TEST_F(SharedFileTest, FiftyProcessesLoseNothing) {
  std::vector<pid_t> children;
  for (int i = 0; i < kProcesses; ++i) {
    const pid_t pid = ::fork();
    ASSERT_GE(pid, 0);
    if (pid == 0) {
      const auto own = static_cast<size_t>(i);
      for (int n = 0; n < kUpdates; ++n) {
        const auto done =
            update_file(file_, [own](std::string_view before) { return count_up(before, own); });
        if (!done) {
          std::fprintf(stderr, "%s\n", describe(done.error()).c_str());
          ::_exit(1);
        }
      }
      ::_exit(0);
    }
    children.push_back(pid);
  }
  for (const pid_t pid : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(pid, &status, 0), pid);
    EXPECT_EQ(status, 0);
  }
  const auto text = os::read_file(file_);
  ASSERT_TRUE(text);
  const auto numbers = numbers_in(*text);
  EXPECT_EQ(numbers[kProcesses], kProcesses * kUpdates);
  for (size_t i = 0; i < kProcesses; ++i) EXPECT_EQ(numbers[i], kUpdates);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);  // nothing lies about
}

TEST_F(SharedFileTest, AFailedChangeLeavesTheFile) {
  ASSERT_TRUE(os::write_file_atomic(file_, "{}", 0640));
  const auto failed = update_file(
      file_, [](std::string_view) -> Result<std::string> { return fail(ErrorKind::kInvalidInput, "no"); });
  EXPECT_FALSE(failed);
  EXPECT_EQ(os::read_file(file_), "{}");
  ASSERT_TRUE(
      update_file(file_, [](std::string_view) -> Result<std::string> { return std::string("{\"a\":1}"); }));
  EXPECT_EQ(os::stat(file_)->mode, 0640U);
}

}  // namespace
}  // namespace awl::config
