// credential_process: a real program.
#include <filesystem>

#include "aws/process_provider.h"
#include "aws/services.h"

namespace awl::aws {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class ProcessTest : public ChainTest {
 protected:
  ProcessTest() {
    environment_.set("AWS_PROFILE", "p");
    environment_.set("PATH", "/usr/bin:/bin");
  }
  void write_program(const std::string& script, const std::string& arguments = "") {
    home_.write("my tool", "#!/bin/sh\n" + script);
    std::filesystem::permissions(home_.path() / "my tool", std::filesystem::perms::owner_all);
    home_.write(".aws/config", fmt::format("[profile p]\ncredential_process = \"{}\" {}\n",
                                           (home_.path() / "my tool").string(), arguments));
  }
};

TEST_F(ProcessTest, ItsOutputWithQuotedArgumentsAndNoShell) {
  write_program(
      R"(printf '{"Version":1,"AccessKeyId":"%s","SecretAccessKey":"s","Expiration":"2026-01-02T13:00:00Z"}' "$1$2")",
      "'ASIA ' '$HOME'");
  EXPECT_THAT(error().message, HasSubstr("AccessKeyId contains a space"));
  write_program(
      R"(printf '{"Version":1,"AccessKeyId":"%s","SecretAccessKey":"s","Expiration":"2026-01-02T13:00:00Z"}' "$1")",
      "'$HOME'");
  const auto found = fetch();
  ASSERT_TRUE(found) << describe(found.error());
  EXPECT_EQ(found->access_key_id, "$HOME");
  EXPECT_EQ(found->expiration, testing::at_hour(13));
  EXPECT_THAT(found->source, HasSubstr("profile p"));
}

TEST_F(ProcessTest, ItIsRunAnewEachTime) {
  write_program(R"(n=$(cat "$HOME/n" 2>/dev/null); n=$((n+1)); echo $n > "$HOME/n"
printf '{"Version":1,"AccessKeyId":"ASIA%s","SecretAccessKey":"s"}' $n)");
  const auto chain = make();
  EXPECT_EQ(services_.fetch(*chain)->access_key_id, "ASIA1");
  EXPECT_EQ(services_.fetch(*chain)->access_key_id, "ASIA2");
}

TEST_F(ProcessTest, FailedMalformedExpired) {
  write_program("echo 'token expired for ASIAIOSFODNN7EXAMPLE' >&2; exit 3");
  const Error failed = error();
  EXPECT_EQ(failed.kind, ErrorKind::kCredentials);
  EXPECT_THAT(failed.message, AllOf(HasSubstr("exit code 3"), HasSubstr("token expired"),
                                    HasSubstr(".aws/config:2"), Not(HasSubstr("ASIAIOSFODNN7EXAMPLE"))));
  write_program("echo hello secret");
  EXPECT_THAT(error().message, AllOf(HasSubstr("not JSON"), Not(HasSubstr("secret"))));
  write_program(
      R"(echo '{"Version":1,"AccessKeyId":"A","SecretAccessKey":"s","Expiration":"2026-01-02T11:00:00Z"}')");
  EXPECT_THAT(error().message, HasSubstr("expired at"));
  home_.write(".aws/config", "[profile p]\ncredential_process = /nonexistent/tool\n");
  EXPECT_THAT(error().message, HasSubstr("/nonexistent/tool"));
  home_.write(".aws/config", "[profile p]\ncredential_process = 'open\n");
  EXPECT_THAT(error().message, HasSubstr("quote is opened"));
}

TEST_F(ProcessTest, OneThatDoesNotEndIsKilled) {
  write_program("exec sleep 1000");
  const auto provider =
      make_process_provider({.command_line = fmt::format("'{}'", (home_.path() / "my tool").string()),
                             .place = "a test",
                             .environment = environment_.to_entries(),
                             .limit = std::chrono::milliseconds(50)},
                            testing::fixed_clock(testing::at_hour(12)));
  const auto result = services_.fetch(*provider);
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("did not end"));
}

}  // namespace
}  // namespace awl::aws
