// Where a headless session writes: standard output in its format, and for a person who watches, progress and
// a log.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/network_setup.h"
#include "cli/session_setup.h"
#include "headless/debug_output.h"
#include "headless/output.h"
#include "headless/progress_output.h"
#include "headless/status_line.h"

namespace awl::cli {

class SessionOutput {
 public:
  /// `problems` gets a sentence when the log of --debug cannot be written. Once the descriptor `stop` can be
  /// read, no write waits for long any more.
  SessionOutput(const Arguments& arguments, const Setup& setup, const std::string& session_id, int stop,
                std::vector<std::string>& problems);

  headless::Output& output() { return *outermost_; }
  headless::ByteSink& out() { return *out_; }
  /// nullptr: nobody watches.
  headless::ProgressOutput* progress() { return progress_.get(); }
  /// What the set-up says, for the log.
  void log_setup(const Setup& setup, const NetworkSetup& network);
  /// A sentence when standard output could not be written for another reason than a reader that went away.
  std::string failure() const;

 private:
  void open_log(const Arguments& arguments, const Setup& setup, const std::string& session_id, int stop,
                std::vector<std::string>& problems);

  std::unique_ptr<headless::ByteSink> out_;
  std::unique_ptr<headless::ByteSink> err_;
  std::unique_ptr<headless::StatusLine> line_;
  std::unique_ptr<headless::ByteSink> err_above_;
  std::unique_ptr<headless::Output> format_;
  std::unique_ptr<headless::ProgressOutput> progress_;
  std::unique_ptr<headless::DebugLog> log_;
  std::unique_ptr<headless::Output> logged_;
  headless::Output* outermost_ = nullptr;
};

}  // namespace awl::cli
