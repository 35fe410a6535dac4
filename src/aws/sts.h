// The Security Token Service. Source: AWS STS API Reference, version 2011-06-15.
#pragma once

#include <optional>
#include <string>

#include "async/task.h"
#include "aws/credentials.h"
#include "base/clock.h"
#include "net/http.h"

namespace awl::aws {

/// Where STS is asked.
struct StsPlace {
  std::string endpoint;  ///< without a slash at the end
  std::string region;    ///< that the request is signed for
};

struct RoleRequest {
  std::string role_arn;
  std::string session_name;
  std::string external_id;        ///< empty: none
  std::string policy;             ///< a session policy that narrows the role, JSON; empty: none
  std::optional<int> duration_s;  ///< nullopt: STS's own (an hour)
};

struct CallerIdentity {
  std::string arn;
  std::string account;
};

class StsClient {
 public:
  /// `http` outlives the client.
  StsClient(net::HttpClient& http, StsPlace place, Clock clock);

  /// AssumeRole, signed with `base`. Errors: kCredentials with what STS said and what to do about it; those
  /// of call_service().
  Task<Result<Credentials>> assume_role(RoleRequest role, Credentials base);
  /// AssumeRoleWithWebIdentity, which is not signed.
  Task<Result<Credentials>> assume_role_with_web_identity(RoleRequest role, Secret token);
  Task<Result<CallerIdentity>> get_caller_identity(Credentials credentials);

 private:
  Task<Result<std::string>> call(std::string form, std::optional<Credentials> signer, std::string action);
  net::HttpRequest make_request(const std::string& form, const std::optional<Credentials>& signer) const;

  net::HttpClient& http_;
  StsPlace place_;
  Clock clock_;
};

}  // namespace awl::aws
