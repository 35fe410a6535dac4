// One line at the bottom of a terminal that is drawn over again and leaves nothing behind.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "headless/byte_sink.h"

namespace awl::headless {

class StatusLine {
 public:
  /// `terminal` outlives the line. `columns` is asked at each drawing.
  StatusLine(ByteSink& terminal, std::function<int()> columns, bool dim);
  ~StatusLine();
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  /// Draws `text` and `tail` on one line; `text` is cut to leave room for the tail. Neither holds control
  /// characters.
  void show(std::string_view text, std::string_view tail);
  void hide();

 private:
  ByteSink& terminal_;
  std::function<int()> columns_;
  bool dim_;
  bool visible_ = false;
};

/// Writes to `terminal` above the line: the line is hidden until it is shown again. Both outlive the sink.
std::unique_ptr<ByteSink> make_sink_above(StatusLine& line, ByteSink& terminal);

}  // namespace awl::headless
