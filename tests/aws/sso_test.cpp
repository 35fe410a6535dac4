// `aws sso login` and `aws login`: what they leave on disk, exchanged and renewed.
#include <nlohmann/json.hpp>

#include "aws/services.h"
#include "aws/sso_token.h"
#include "crypto/sha256.h"

namespace awl::aws {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class SsoTest : public ChainTest {
 protected:
  SsoTest() {
    environment_.set("AWS_PROFILE", "dev");
    home_.write(
        ".aws/config",
        "[profile dev]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Developer\n"
        "[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = us-east-2\n");
    services_.answer = [this](const net::ServerRequest& request) { return serve(request); };
  }
  Reply serve(const net::ServerRequest& request) const {
    if (request.target == "/token") return {oidc_status_, oidc_body_};
    const std::string* token = net::find_header(request.headers, "x-amz-sso_bearer_token");
    if (token == nullptr || *token != good_token_) return {401, R"({"message":"Session token not found"})"};
    return {
        200,
        R"({"roleCredentials":{"accessKeyId":"ASIASSO","secretAccessKey":"s","sessionToken":"t","expiration":1767358800000}})"};
  }
  os::Path cache(const std::string& key = "corp") const {
    return sso_token_file(home_.path() / ".aws/sso/cache", key);
  }
  void write_token(const std::string& expires_at, bool renewable, const std::string& key = "corp") {
    json::Value token{{"startUrl", "https://corp.awsapps.com/start"},
                      {"accessToken", "access-1"},
                      {"expiresAt", expires_at}};
    if (renewable) {
      token["clientId"] = "client";
      token["clientSecret"] = "client-secret";
      token["registrationExpiresAt"] = "2026-03-01T00:00:00Z";
      token["refreshToken"] = "refresh-1";
    }
    home_.write(cache(key).lexically_relative(home_.path()).string(), json::dump(token));
  }

  std::string good_token_ = "access-1";
  int oidc_status_ = 200;
  std::string oidc_body_ = R"({"accessToken":"access-2","expiresIn":3600,"refreshToken":"refresh-2"})";
};

TEST_F(SsoTest, TheTokenOfTheSessionIsExchanged) {
  write_token("2026-01-02T18:00:00Z", false);
  const auto found = fetch();
  ASSERT_TRUE(found) << describe(found.error());
  EXPECT_EQ(found->access_key_id, "ASIASSO");
  EXPECT_EQ(found->expiration, testing::at_hour(13));
  ASSERT_EQ(services_.requests.size(), 1U);
  EXPECT_EQ(services_.requests[0].target,
            "/federation/credentials?role_name=Developer&account_id=123456789012");
}

TEST_F(SsoTest, TheLegacyForm) {
  home_.write(".aws/config",
              "[profile dev]\nsso_start_url = https://old/start\nsso_region = us-east-2\nsso_account_id = "
              "1\nsso_role_name = R\n");
  write_token("2026-01-02T18:00:00Z", false, "https://old/start");
  EXPECT_EQ(fetch()->access_key_id, "ASIASSO");
}

TEST_F(SsoTest, AnExpiredTokenIsRenewedAndStoredWithAllElseKept) {
  write_token("2026-01-02T11:00:00Z", true);
  good_token_ = "access-2";
  EXPECT_EQ(fetch()->access_key_id, "ASIASSO");
  ASSERT_EQ(services_.requests.size(), 2U);
  const auto asked = json::parse(services_.requests[0].body);
  ASSERT_TRUE(asked);
  EXPECT_EQ(json::string_or_empty(*asked, "grantType"), "refresh_token");
  EXPECT_EQ(json::string_or_empty(*asked, "refreshToken"), "refresh-1");
  EXPECT_EQ(json::string_or_empty(*asked, "clientSecret"), "client-secret");
  const auto stored = json::parse(*os::read_file(cache()));
  EXPECT_EQ(json::string_or_empty(*stored, "accessToken"), "access-2");
  EXPECT_EQ(json::string_or_empty(*stored, "refreshToken"), "refresh-2");
  EXPECT_EQ(json::string_or_empty(*stored, "expiresAt"), "2026-01-02T13:00:00Z");
  EXPECT_EQ(json::string_or_empty(*stored, "startUrl"), "https://corp.awsapps.com/start");
  EXPECT_TRUE(fetch());  // from the cache: no further renewal
  EXPECT_EQ(services_.requests.size(), 3U);
}

TEST_F(SsoTest, ATokenThatIsStillGoodServesWhenItsRenewalFails) {
  write_token("2026-01-02T12:03:00Z", true);
  oidc_status_ = 400;
  oidc_body_ = R"({"error":"invalid_grant"})";
  EXPECT_EQ(fetch()->access_key_id, "ASIASSO");
}

TEST_F(SsoTest, WhenSigningInHelpsItSaysSo) {
  const auto expect_sign_in = [this](const std::string& why) {
    const Error failed = error();
    EXPECT_EQ(failed.kind, ErrorKind::kCredentials);
    EXPECT_THAT(failed.message, AllOf(HasSubstr("\"dev\""), HasSubstr(why), Not(HasSubstr("refresh-1"))));
    EXPECT_THAT(failed.hint, HasSubstr("aws sso login --profile dev"));
  };
  expect_sign_in("nobody has signed in yet");
  write_token("2026-01-02T11:00:00Z", false);
  expect_sign_in("expired at 2026-01-02T11:00:00");
  EXPECT_TRUE(services_.requests.empty());
  write_token("2026-01-02T11:00:00Z", true);
  oidc_status_ = 400;
  oidc_body_ = R"({"error":"invalid_grant"})";
  expect_sign_in("invalid_grant");
  write_token("2026-01-02T18:00:00Z", false);
  good_token_ = "another";
  expect_sign_in("does not accept its token");
  home_.write(cache().lexically_relative(home_.path()).string(), "{torn");
  expect_sign_in("not a JSON object");
}

TEST_F(SsoTest, ARoleThatIsNotAssigned) {
  write_token("2026-01-02T18:00:00Z", false);
  services_.answer = [](const net::ServerRequest&) { return Reply{403, R"({"message":"No access"})"}; };
  EXPECT_THAT(describe(error()), AllOf(HasSubstr("role Developer in account 123456789012"),
                                       HasSubstr("No access"), HasSubstr("sso_role_name")));
}

class LoginTest : public ChainTest {
 protected:
  LoginTest() {
    environment_.set("AWS_PROFILE", "console");
    home_.write(".aws/config", "[profile console]\nlogin_session = arn:aws:iam::1:user/x\n");
  }
  void write_login(const std::string& text) {
    home_.write(".aws/login/cache/" + crypto::sha256_hex("arn:aws:iam::1:user/x") + ".json", text);
  }
  static std::string login(const std::string& id, const std::string& expires_at) {
    return R"({"accessToken":{"accessKeyId":")" + id +
           R"(","secretAccessKey":"s","sessionToken":"t","expiresAt":")" + expires_at +
           R"("},"refreshToken":"r"})";
  }
};

TEST_F(LoginTest, TheCachedCredentialsAndTheirRotation) {
  const auto chain = make();
  write_login(login("ASIAONE", "2026-01-02T12:15:00Z"));
  const auto found = services_.fetch(*chain);
  ASSERT_TRUE(found) << describe(found.error());
  EXPECT_EQ(found->access_key_id, "ASIAONE");
  EXPECT_EQ(found->expiration, testing::at_hour(12) + std::chrono::minutes(15));
  write_login(login("ASIATWO", "2026-01-02T12:30:00Z"));
  EXPECT_EQ(services_.fetch(*chain)->access_key_id, "ASIATWO");
}

TEST_F(LoginTest, AbsentExpiredMalformed) {
  EXPECT_THAT(describe(error()),
              AllOf(HasSubstr("nobody has signed in"), HasSubstr("aws login --profile console")));
  write_login(login("ASIAONE", "2026-01-02T11:15:00Z"));
  EXPECT_THAT(error().message, HasSubstr("expired at"));
  write_login(login("ASIAONE", "soon"));
  EXPECT_THAT(error().message, HasSubstr("no expiresAt"));
  write_login("[]");
  EXPECT_THAT(error().message, HasSubstr("not what the AWS CLI writes"));
  write_login(R"({"accessToken":{"accessKeyId":"A"}})");
  EXPECT_THAT(error().message, HasSubstr("secretAccessKey is not"));
}

}  // namespace
}  // namespace awl::aws
