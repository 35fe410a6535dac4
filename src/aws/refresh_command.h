// `awsAuthRefresh`: the person's own command that makes their AWS credentials good again.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "async/task.h"
#include "aws/cached_provider.h"
#include "base/clock.h"
#include "os/file.h"

namespace awl::aws {

struct RefreshOptions {
  std::string command;                   ///< a shell line, such as "aws sso login --profile dev"
  std::vector<std::string> environment;  ///< NAME=value of the command
  os::Path folder;                       ///< that it runs in
  std::string scope;                     ///< what else the outcome depends on: the profile, the home
  int output_descriptor = 2;             ///< where its output streams to: the person reads it
  os::Path state_dir;                    ///< for what the person's processes tell each other about it
  std::chrono::milliseconds limit{180'000};
};

class RefreshCommand {
 public:
  virtual ~RefreshCommand() = default;
  /// Makes the credentials good again, for somebody who found at `noticed` that they are not. Of all
  /// processes of the person that want this with the same command, one runs it; the others wait and take its
  /// outcome. A command that failed, or that ended well and did not help, is not run again for half a minute.
  /// Errors: kCredentials when it failed, or took too long.
  virtual Task<Result<>> run(TimePoint noticed) = 0;
};

std::unique_ptr<RefreshCommand> make_refresh_command(RefreshOptions options, Clock clock);

/// Asks `inner`; when it has no usable credentials, not even kept ones, runs `command` once and asks again.
/// `command` outlives it.
std::unique_ptr<CachedProvider> make_refreshing_provider(std::unique_ptr<CachedProvider> inner,
                                                         RefreshCommand& command, Clock clock);

}  // namespace awl::aws
