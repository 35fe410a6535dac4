// Which AWS credentials model calls would be signed with.
#pragma once

#include <string>
#include <vector>

#include "aws/credentials.h"
#include "cli/network_setup.h"
#include "cli/session_setup.h"

namespace awl::cli {

struct Identity {
  bool asked = false;  ///< false: model calls are not signed
  std::string access_key_id;
  std::string source;
  std::string expiration;
  std::string problem;  ///< why there are none; empty: there are some
  std::vector<aws::ChainStep> trace;
};

/// Asks the sources of credentials as a session would, and no platform.
Identity find_identity(const Setup& setup, const NetworkSetup& network);

}  // namespace awl::cli
