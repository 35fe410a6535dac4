// A server in the place of the AWS services that credentials come from, and a set-up that points to it.
#pragma once

#include <gmock/gmock.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "aws/default_chain.h"
#include "aws/test_support.h"
#include "base/encoding.h"
#include "base/strings.h"
#include "net/loop.h"

namespace awl::aws {

struct Reply {
  int status = 200;
  std::string body;
};

/// Answers each request with `answer`, and keeps what it was asked.
class Services : public net::ServedLoop {
 public:
  using Answer = std::function<Reply(const net::ServerRequest&)>;

  Services()
      : net::ServedLoop([this](const net::ServerRequest& request, net::ResponseWriter& response) {
          return serve(request, response);
        }) {}

  Answer answer = [](const net::ServerRequest&) { return Reply{404, ""}; };
  std::vector<net::ServerRequest> requests;

  Result<Credentials> fetch(CredentialsProvider& provider) {
    Result<Credentials> result = fail(ErrorKind::kInternal, "the loop did not run");
    run_served(store(provider, result));
    return result;
  }

 private:
  static Task<> store(CredentialsProvider& provider, Result<Credentials>& result) {
    result = co_await provider.fetch();
  }
  Task<> serve(const net::ServerRequest& request, net::ResponseWriter& response) {
    requests.push_back(request);
    Reply reply = answer(request);
    std::ignore = co_await response.respond(reply.status, {}, std::move(reply.body));
  }
};

/// The fields of a form body.
inline std::map<std::string, std::string> form_of(const net::ServerRequest& request) {
  std::map<std::string, std::string> fields;
  for (const std::string_view part : split(request.body, '&')) {
    const size_t equals = part.find('=');
    if (equals == std::string_view::npos) continue;
    fields[percent_decode(part.substr(0, equals))] = percent_decode(part.substr(equals + 1));
  }
  return fields;
}

/// One person's machine: HOME, variables that point to the services, the time.
class ChainTest : public ::testing::Test {
 protected:
  ChainTest() {
    environment_.set("HOME", home_.path().string());
    environment_.set("AWS_ENDPOINT_URL", services_.url(""));
    environment_.set("AWS_EC2_METADATA_DISABLED", "true");
    environment_.set("AWS_REGION", "eu-west-1");
  }
  std::unique_ptr<CredentialsChain> make() {
    return make_default_chain({environment_, services_.client(), testing::fixed_clock(testing::at_hour(12))});
  }
  Result<Credentials> fetch() {
    const auto chain = make();
    return services_.fetch(*chain);
  }
  Error error() {
    auto result = fetch();
    EXPECT_FALSE(result);
    return result ? Error{} : result.error();
  }

  testing::TemporaryHome home_;
  Environment environment_;
  Services services_;
};

}  // namespace awl::aws
