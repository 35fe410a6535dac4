#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "aws/credentials.h"
#include "base/clock.h"
#include "os/file.h"

namespace awl::aws {

struct ExportOptions {
  std::string command;                   ///< a shell line
  std::vector<std::string> environment;  ///< NAME=value of the command
  os::Path folder;                       ///< that it runs in
  std::chrono::milliseconds limit{60'000};
};

/// `awsCredentialExport`: credentials that a command of the person prints, as {"Credentials": {…}} or as a
/// credential_process does. Its output is shown to nobody. Errors: kCredentials.
/// Source: product documentation, "amazon-bedrock".
std::unique_ptr<CredentialsProvider> make_export_provider(ExportOptions options, Clock clock);

}  // namespace awl::aws
