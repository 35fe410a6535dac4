#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "aws/credentials.h"
#include "base/clock.h"

namespace awl::aws {

struct ProcessProviderOptions {
  std::string command_line;              ///< credential_process
  std::string place;                     ///< "profile dev (/home/x/.aws/config:3)"
  std::vector<std::string> environment;  ///< NAME=value of the child
  std::chrono::milliseconds limit{60'000};
};

/// Runs the program of `credential_process` (no shell) and reads what it prints. Errors: kCredentials when it
/// cannot be started, fails (with the end of its standard error), takes too long or prints something else.
std::unique_ptr<CredentialsProvider> make_process_provider(ProcessProviderOptions options, Clock clock);

}  // namespace awl::aws
