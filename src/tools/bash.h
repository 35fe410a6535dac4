#pragma once

#include <chrono>
#include <memory>

#include "tools/process_watch.h"
#include "tools/tool.h"

namespace awl::tools {

/// What tests make smaller.
struct BashOptions {
  OutputGuard guard = {};
  uint64_t max_kept_bytes = 64ULL << 20;       ///< of an output file that stays for the model to read
  std::chrono::milliseconds stop_grace{2000};  ///< between SIGTERM and SIGKILL
  /// How long what the shell left running may take to end and still counts as a part of the command.
  std::chrono::milliseconds settle_time{60};
  std::chrono::milliseconds start_file_limit{3000};  ///< what the person's start-up file may take
};

std::unique_ptr<Tool> make_bash_tool(BashOptions options);

}  // namespace awl::tools
