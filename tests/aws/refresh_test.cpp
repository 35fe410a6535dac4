// What makes credentials good again: real commands, real locks, and a day's work in a moment.
#include <nlohmann/json.hpp>

#include "async/task_group.h"
#include "aws/cached_provider.h"
#include "aws/refresh_command.h"
#include "aws/services.h"
#include "aws/sso_token.h"
#include "os/file_lock.h"

namespace awl::aws {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;

class RefreshTest : public ChainTest {
 protected:
  std::unique_ptr<RefreshCommand> command(const std::string& line, std::chrono::milliseconds limit = 30s) {
    return make_refresh_command({.command = line,
                                 .environment = {"PATH=/usr/bin:/bin", "HOME=" + home_.path().string()},
                                 .folder = home_.path(),
                                 .output_descriptor = -1,
                                 .state_dir = home_.path() / "state",
                                 .limit = limit},
                                [this] { return now_; });
  }
  Result<> run(RefreshCommand& command, TimePoint noticed) {
    Result<> result;
    services_.run_served(store(command, noticed, result));
    return result;
  }
  static Task<> store(RefreshCommand& command, TimePoint noticed, Result<>& result) {
    result = co_await command.run(noticed);
  }
  Task<> run_all(const std::vector<std::unique_ptr<RefreshCommand>>& commands,
                 std::vector<Result<>>& results) {
    async::TaskGroup group(services_.executor());
    for (size_t i = 0; i < results.size(); ++i) group.spawn(store(*commands[i], now_, results[i]));
    co_await group.join();
  }
  static Task<> fetch_into(CredentialsProvider& chain, Result<Credentials>& result) {
    result = co_await chain.fetch();
  }
  Task<> fetch_all(const std::vector<std::unique_ptr<CredentialsChain>>& chains,
                   std::vector<Result<Credentials>>& found) {
    async::TaskGroup group(services_.executor());
    for (size_t i = 0; i < chains.size(); ++i) group.spawn(fetch_into(*chains[i], found[i]));
    co_await group.join();
  }
  static Task<> hold_and_release(os::Path file) {
    {
      auto held = co_await os::FileLock::acquire(file, 1s);
      EXPECT_TRUE(held);
      auto refused = co_await os::FileLock::acquire(file, 0ms);
      EXPECT_EQ(refused.error().kind, ErrorKind::kTimeout);
    }
    auto again = co_await os::FileLock::acquire(file, 0ms);
    EXPECT_TRUE(again);
  }
  std::string runs() const { return os::read_file(home_.path() / "runs").value_or(""); }

  TimePoint now_ = testing::at_hour(12);
  const std::string counted_ = "echo run >> runs";
};

TEST_F(RefreshTest, WhoWaitedTakesTheOutcome) {
  const auto first = command(counted_);
  const auto second = command(counted_);
  EXPECT_TRUE(run(*first, now_ - 1s));
  EXPECT_TRUE(run(*second, now_ - 1s));  // noticed before the first had ended
  EXPECT_EQ(runs(), "run\n");
  now_ += 1min;
  EXPECT_TRUE(run(*second, now_));
  EXPECT_EQ(runs(), "run\nrun\n");
}

TEST_F(RefreshTest, ManyAtOnceRunOne) {
  std::vector<std::unique_ptr<RefreshCommand>> commands;
  std::vector<Result<>> results(5);
  for (size_t i = 0; i < results.size(); ++i) commands.push_back(command(counted_));
  services_.run_served(run_all(commands, results));
  for (const Result<>& result : results) EXPECT_TRUE(result);
  EXPECT_EQ(runs(), "run\n");
}

TEST_F(RefreshTest, OneThatFailsOrDoesNotHelpIsNotLooped) {
  const auto fails = command(counted_ + "; exit 3");
  EXPECT_THAT(run(*fails, now_).error().message, HasSubstr("exit code 3"));
  EXPECT_THAT(run(*fails, now_).error().message, HasSubstr("failed at"));
  EXPECT_EQ(runs(), "run\n");
  now_ += 31s;
  EXPECT_FALSE(run(*fails, now_));
  EXPECT_EQ(runs(), "run\nrun\n");
  const auto useless = command("true");
  EXPECT_TRUE(run(*useless, now_));
  now_ += 1s;
  EXPECT_THAT(run(*useless, now_).error().message, HasSubstr("did not help"));
}

TEST_F(RefreshTest, ItsTimeIsLimited) {
  const auto slow = command("exec sleep 1000", 50ms);
  const auto result = run(*slow, now_);
  ASSERT_FALSE(result);
  EXPECT_THAT(describe(result.error()), AllOf(HasSubstr("did not end"), HasSubstr("sleep 1000")));
}

TEST_F(RefreshTest, ALockIsGivenUpWithItsHolder) {
  const os::Path file = home_.path() / "locks" / "one.lock";
  services_.run_served(hold_and_release(file));
}

TEST_F(RefreshTest, AnSsoTokenIsExchangedOnceForAll) {
  environment_.set("AWS_PROFILE", "dev");
  home_.write(".aws/config",
              "[profile dev]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = R\n"
              "[sso-session corp]\nsso_start_url = https://x/start\nsso_region = us-east-2\n");
  const json::Value token{{"accessToken", "old"},
                          {"expiresAt", "2026-01-02T11:00:00Z"},
                          {"clientId", "c"},
                          {"clientSecret", "s"},
                          {"refreshToken", "serves-once"}};
  home_.write(sso_token_file(".aws/sso/cache", "corp").string(), json::dump(token));
  int exchanges = 0;
  services_.answer = [&exchanges](const net::ServerRequest& request) {
    if (request.target == "/token")
      return ++exchanges == 1 ? Reply{200, R"({"accessToken":"new","expiresIn":3600})"}
                              : Reply{400, R"({"error":"invalid_grant"})"};
    return Reply{200,
                 R"({"roleCredentials":{"accessKeyId":"ASIASSO","secretAccessKey":"s","sessionToken":"t"}})"};
  };
  std::vector<std::unique_ptr<CredentialsChain>> chains;
  std::vector<Result<Credentials>> found;
  for (int i = 0; i < 4; ++i) {
    chains.push_back(make_default_chain(
        {environment_, services_.client(), testing::fixed_clock(now_), home_.path() / "state"}));
    found.emplace_back(fail(ErrorKind::kInternal, "not asked"));
  }
  services_.run_served(fetch_all(chains, found));
  for (const auto& credentials : found) EXPECT_TRUE(credentials) << describe(credentials.error());
  EXPECT_EQ(exchanges, 1);
}

// A job of three hours in CI: its identity token rotates every ten minutes, its role lasts an hour. Whenever
// it asks, it has credentials that are good for minutes to come, and they were got with the token of the day.
TEST_F(RefreshTest, ALongJobNeverHoldsExpiredCredentials) {
  environment_.set("AWS_WEB_IDENTITY_TOKEN_FILE", (home_.path() / "token").string());
  environment_.set("AWS_ROLE_ARN", "arn:aws:iam::1:role/ci");
  std::string token;
  services_.answer = [&](const net::ServerRequest& request) {
    EXPECT_EQ(form_of(request).at("WebIdentityToken"), token);
    return Reply{200, fmt::format("<AccessKeyId>ASIA{}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
                                  "<SessionToken>t</SessionToken><Expiration>{}</Expiration>",
                                  services_.requests.size(), format_iso8601(now_ + 1h))};
  };
  const Clock clock = [this] { return now_; };
  const auto cached =
      make_cached_provider(make_default_chain({environment_, services_.client(), clock}), clock);
  for (int minute = 0; minute < 180; minute += 2) {
    token = fmt::format("jwt-{}", minute / 10);
    home_.write("token", token);
    const auto credentials = services_.fetch(*cached);
    ASSERT_TRUE(credentials) << describe(credentials.error());
    EXPECT_GT(*credentials->expiration, now_ + 4min) << minute;
    now_ += 2min;
  }
  EXPECT_EQ(services_.requests.size(), 4U);
}

}  // namespace
}  // namespace awl::aws
