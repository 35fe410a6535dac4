// The log of --debug: what happened, a line each, for whoever looks for a cause.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "headless/output.h"

namespace awl::headless {

class DebugLog {
 public:
  /// `filter` lists categories between commas; with "!" before it a category is left out; empty: all are in.
  DebugLog(std::unique_ptr<ByteSink> file, std::string_view filter, Clock clock);
  /// `text` on one line with time and category. Credentials in it are hidden.
  void write(std::string_view category, std::string_view text);

 private:
  bool wants(std::string_view category) const;

  std::unique_ptr<ByteSink> file_;
  std::string filter_;
  Clock clock_;
};

/// Writes what happens to `log` and passes it on. Both outlive it.
std::unique_ptr<Output> make_debug_output(Output& inner, DebugLog& log);

}  // namespace awl::headless
