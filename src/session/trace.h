#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "os/file.h"

namespace awl::session {

/// One call to the model.
struct TracedCall {
  std::string timestamp;
  std::string model;
  std::string request_id;      ///< the API's; empty: it gave none
  std::string aws_request_id;  ///< x-amzn-requestid
  std::string principal;       ///< how it was authenticated, without secrets
  std::string workspace;
  std::string agent_id;  ///< of the subagent that made it; empty: the session itself
  int64_t duration_ms = 0;
  double cost_usd = 0;
  int64_t input_tokens = 0;  ///< neither read from nor written to the cache
  int64_t cache_read_tokens = 0;
  int64_t cache_write_tokens = 0;
  int64_t output_tokens = 0;
};

/// A message of the person and what it led to.
struct TracedTurn {
  std::string prompt;
  std::string timestamp;
  std::vector<std::string> tools;  ///< names, in the order of the calls
  std::vector<TracedCall> calls;   ///< in the order in which they ended, with those of subagents
};

/// In the order of the file, what was gone back behind included. Lines that cannot be read are passed over.
/// Errors: kNotFound, kIo.
Result<std::vector<TracedTurn>> trace_session(const os::Path& file);

}  // namespace awl::session
