#include "os/process.h"

#include "async/task_group.h"
#include "base/strings.h"
#include "os/file.h"
#include "os/process_fixture.h"

namespace awl::os {
namespace {

using RunCommandTest = ProcessTest;

size_t count_descriptors() { return list_directory("/proc/self/fd")->size(); }

TEST_F(RunCommandTest, RunCommandCollectsBothStreams) {
  const auto result = command(shell("echo out; echo err >&2; exit 3"));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status.code, 3);
  EXPECT_EQ(result->out, "out\n");
  EXPECT_EQ(result->err, "err\n");
  EXPECT_FALSE(result->truncated);
}

TEST_F(RunCommandTest, WithoutInputStdinIsEmpty) {
  const auto result = command(options({"cat"}));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->out, "");
}

TEST_F(RunCommandTest, AMegabyteGoesThroughCat) {
  std::string text;
  while (text.size() < (1 << 20)) text += random_hex(512);
  const auto result = command(options({"cat"}), text);
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->out == text);
}

TEST_F(RunCommandTest, InputThatNobodyReadsIsNoProblem) {
  const auto result = command(options({"true"}), std::string(1 << 20, 'x'));
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->status.ok());
}

TEST_F(RunCommandTest, OutputIsBounded) {
  const auto result =
      command(shell("head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2; exit 4"), {}, 20s, 1000);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->out.size(), 1000u);
  EXPECT_EQ(result->err.size(), 1000u);
  EXPECT_TRUE(result->truncated);
  EXPECT_EQ(result->status.code, 4);
}

TEST_F(RunCommandTest, TheLimitKillsTheGroup) {
  const auto result = command(shell("sleep 1000 & echo $! > pid; wait"), {}, 100ms);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kTimeout);
  const auto pid = parse_integer(trim(read_file(folder_ / "pid").value_or("")));
  ASSERT_TRUE(pid);
  expect_gone(static_cast<pid_t>(*pid));
}

TEST_F(RunCommandTest, AGrandchildThatHoldsThePipeDoesNotHang) {
  const auto begin = std::chrono::steady_clock::now();
  const auto result = command(shell("sleep 1000 & echo $!"));
  ASSERT_TRUE(result);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
  const auto pid = parse_integer(trim(result->out));
  ASSERT_TRUE(pid);
  expect_gone(static_cast<pid_t>(*pid));
}

TEST_F(RunCommandTest, ManyAtOnceWithoutLeaks) {
  command(options({"true"}));  // the loop opens its own descriptors on first use
  const size_t before = count_descriptors();
  int right = 0;
  auto body = [&]() -> Task<bool> {
    async::TaskGroup group(io_.get_executor());
    auto one = [&](int number) -> Task<> {
      const auto result =
          co_await run_command(shell(fmt::format("cat; exit {}", number)), std::to_string(number), 60s);
      if (result && result->status.code == number && result->out == std::to_string(number)) ++right;
    };
    for (int i = 0; i < 40; ++i) group.spawn(one(i));
    co_await group.join();
    co_return true;
  };
  run(body());
  EXPECT_EQ(right, 40);
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(command(options({"no-such-program-here"}), "input"));
  }
  EXPECT_EQ(count_descriptors(), before);
}

}  // namespace
}  // namespace awl::os
