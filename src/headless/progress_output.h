#pragma once

#include <memory>

#include "async/task.h"
#include "headless/output.h"
#include "headless/status_line.h"

namespace awl::headless {

/// Shows on `line` what goes on, and passes everything on to another output.
class ProgressOutput : public Output {
 public:
  /// Draws once a second, until cancelled.
  virtual Task<> run() = 0;
};

/// Both outlive it. Answers are written by `inner` with the line hidden.
std::unique_ptr<ProgressOutput> make_progress_output(Output& inner, StatusLine& line);

}  // namespace awl::headless
