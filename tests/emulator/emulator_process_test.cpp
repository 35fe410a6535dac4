// The executable: command line, files, signals.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <thread>

#include "base/strings.h"
#include "client.h"
#include "emulator/config.h"
#include "net/curl_client.h"
#include "os/file.h"

namespace awl::emulator {
namespace {

using namespace testing;

/// Starts the executable and stops it with SIGTERM.
class EmulatorProcess : public ::testing::Test {
 protected:
  void SetUp() override {
    auto folder = os::make_private_directory(std::filesystem::temp_directory_path(), "emulator-test-");
    ASSERT_TRUE(folder);
    folder_ = *folder;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  pid_t start(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), AWL_EMULATOR);
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    const std::string output = (folder_ / "output").string();
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC,
                                     0600);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    pid_t child = 0;
    EXPECT_EQ(posix_spawn(&child, AWL_EMULATOR, &actions, nullptr, argv.data(), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    return child;
  }
  static int wait_for(pid_t child) {
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  std::string output() { return os::read_file(folder_ / "output").value_or(""); }
  std::string wait_for_port() {
    for (int i = 0; i < 1000; ++i) {
      if (const auto text = os::read_file(folder_ / "port")) return std::string(trim(*text));
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ADD_FAILURE() << "no port file";
    return "";
  }

  os::Path folder_;
};

TEST_F(EmulatorProcess, ServesRecordsAndEndsCleanly) {
  const pid_t child =
      start({"--port", "0", "--port-file", (folder_ / "port").string(), "--record",
             (folder_ / "record").string(), "--workspace", kWorkspace, "--access-key", "AKIDME:mine"});
  const std::string base = "http://127.0.0.1:" + wait_for_port();
  boost::asio::io_context loop(1);
  const auto client = net::make_curl_client(loop.get_executor(), {});
  Answer answer;
  const auto ask = [&]() -> Task<> {
    net::HttpRequest request = request_to(base, kAsk);
    sign(request, *parse_access_key("AKIDME:mine"));
    answer = co_await exchange(*client, std::move(request));
  };
  boost::asio::co_spawn(loop, ask(), [](std::exception_ptr error) { EXPECT_FALSE(error); });
  loop.run();
  EXPECT_EQ(answer.status, 200) << answer.body << answer.broken;
  EXPECT_TRUE(answer.body.contains("message_stop"));
  const auto record = os::read_file(folder_ / "record");
  ASSERT_TRUE(record);
  EXPECT_TRUE(record->contains(R"("auth":"sigv4","status":200)")) << *record;
  EXPECT_EQ(kill(child, SIGTERM), 0);
  EXPECT_EQ(wait_for(child), 0);
  EXPECT_TRUE(output().contains("export ANTHROPIC_AWS_BASE_URL=" + base)) << output();
}

TEST_F(EmulatorProcess, MistakesGetASentenceAndExitCode) {
  EXPECT_EQ(wait_for(start({"--port", "70000"})), 2);
  EXPECT_TRUE(output().contains("70000")) << output();
  EXPECT_EQ(wait_for(start({"--address", "0.0.0.0"})), 2);
  EXPECT_TRUE(output().contains("--allow-remote")) << output();
  EXPECT_EQ(wait_for(start({"--scenario", "/nonexistent.json"})), 1);
  EXPECT_TRUE(output().contains("/nonexistent.json")) << output();
  EXPECT_EQ(wait_for(start({"--policy", "/nonexistent.json"})), 1);
  EXPECT_TRUE(output().contains("/nonexistent.json")) << output();
  EXPECT_EQ(wait_for(start({"--help"})), 0);
  EXPECT_EQ(wait_for(start({"--version"})), 0);
  EXPECT_TRUE(output().contains("awl-emulator ")) << output();
}

}  // namespace
}  // namespace awl::emulator
