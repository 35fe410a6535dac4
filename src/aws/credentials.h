// AWS credentials and where they come from.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "async/task.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/secret.h"

namespace awl::aws {

struct Credentials {
  std::string access_key_id;
  Secret secret_access_key;
  Secret session_token;                 ///< empty for long-term keys
  std::optional<TimePoint> expiration;  ///< nullopt: unknown or never
  std::string source;                   ///< for people: "environment", "profile dev in ~/.aws/credentials"
};

/// One place that credentials can come from. Each lives in a file of its own: environment_provider.cpp, …
class CredentialsProvider {
 public:
  virtual ~CredentialsProvider() = default;
  /// For the trace and for messages: "environment", "shared files (profile dev)".
  virtual std::string name() const = 0;
  /// kNotFound: this source is not configured, the chain asks the next one. Any other error ends the chain: a
  /// source that is configured and broken is never skipped silently.
  virtual Task<Result<Credentials>> fetch() = 0;
};

/// What each provider of a chain answered, in order; for status and doctor. No secrets.
struct ChainStep {
  std::string provider;
  std::string outcome;  ///< "found", "not configured", or the error's sentence
  std::chrono::milliseconds took{};
};

class CredentialsChain : public CredentialsProvider {
 public:
  virtual const std::vector<ChainStep>& trace() const = 0;
};

/// Asks each provider in turn until one has credentials. When none has: kCredentials, naming what was tried.
/// When all of them together take longer than `limit`: kTimeout, naming the one that was being asked.
std::unique_ptr<CredentialsChain> make_chain(std::vector<std::unique_ptr<CredentialsProvider>> providers,
                                             std::chrono::milliseconds limit = std::chrono::minutes(1));

}  // namespace awl::aws
