// The bottom of a terminal, which is drawn over again, below what has been said, which scrolls away.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace awl::tui {

struct Size {
  int columns = 80;
  int rows = 24;
};

/// What stands at the bottom.
struct Frame {
  std::vector<std::string> lines;  ///< painted, none wider than the terminal
  int cursor_row = -1;             ///< in `lines`; -1: no cursor is shown
  int cursor_column = 0;
};

class Screen {
 public:
  using Write = std::function<void(std::string_view)>;
  Screen(Write write, Size size) : write_(std::move(write)), size_(size) {}

  /// Lines that stay, above the frame; written with the next draw().
  void print(std::vector<std::string> lines);
  /// Of a frame that is higher than the terminal the lowest lines are shown.
  void draw(Frame frame);
  /// The terminal has another size; what is drawn was reflowed by it.
  void resize(Size size);
  /// Something else was on the terminal meanwhile: what was drawn is left as it is.
  void forget() { drawn_.clear(), cursor_row_ = 0; }
  /// Nothing is at the bottom any more; the cursor is at the start of a line.
  void leave();
  Size size() const { return size_; }

 private:
  Write write_;
  Size size_;
  std::vector<std::string> above_;
  std::vector<std::string> drawn_;
  int cursor_row_ = 0;  // of the terminal's cursor, from the first drawn line
  int cursor_column_ = 0;
};

}  // namespace awl::tui
