#include "tui/screen.h"

#include <fmt/format.h>

#include <algorithm>

#include "tui/style.h"

namespace awl::tui {

namespace {

// The terminal shows what is between at once, if it can (mode 2026); others ignore it.
constexpr std::string_view kBegin = "\x1b[?2026h\x1b[?25l";
constexpr std::string_view kEnd = "\x1b[?2026l";
constexpr std::string_view kShowCursor = "\x1b[?25h";
constexpr std::string_view kEraseBelow = "\x1b[J";

int rows_of(const std::string& line, int columns) {
  return std::max(1, (painted_columns(line) + columns - 1) / std::max(columns, 1));
}

}  // namespace

void Screen::print(std::vector<std::string> lines) {
  above_.insert(above_.end(), std::make_move_iterator(lines.begin()), std::make_move_iterator(lines.end()));
}

void Screen::draw(Frame frame) {
  const auto room = static_cast<size_t>(std::max(size_.rows - 1, 1));
  if (frame.lines.size() > room) {
    const auto cut = frame.lines.size() - room;
    frame.lines.erase(frame.lines.begin(), frame.lines.begin() + static_cast<std::ptrdiff_t>(cut));
    if (frame.cursor_row >= 0) frame.cursor_row = std::max(0, frame.cursor_row - static_cast<int>(cut));
  }
  if (above_.empty() && frame.lines == drawn_ && !drawn_.empty() && frame.cursor_row == cursor_row_ &&
      frame.cursor_column == cursor_column_)
    return;
  std::string bytes(kBegin);
  if (cursor_row_ > 0) bytes += fmt::format("\x1b[{}A", cursor_row_);
  bytes += '\r';
  bytes += kEraseBelow;
  for (const std::string& line : above_) bytes += line + "\r\n";
  above_.clear();
  for (size_t i = 0; i < frame.lines.size(); ++i) bytes += (i > 0 ? "\r\n" : "") + frame.lines[i];
  const int last = std::max(0, static_cast<int>(frame.lines.size()) - 1);
  cursor_row_ = last;
  if (frame.cursor_row >= 0) {
    if (last > frame.cursor_row) bytes += fmt::format("\x1b[{}A", last - frame.cursor_row);
    bytes += '\r';
    if (frame.cursor_column > 0) bytes += fmt::format("\x1b[{}C", frame.cursor_column);
    bytes += kShowCursor;
    cursor_row_ = frame.cursor_row;
  }
  cursor_column_ = frame.cursor_column;
  drawn_ = std::move(frame.lines);
  bytes += kEnd;
  write_(bytes);
}

void Screen::resize(Size size) {
  size_ = size;
  // Lines that are too wide now take several rows.
  int rows = 0;
  for (int i = 0; i < cursor_row_ && static_cast<size_t>(i) < drawn_.size(); ++i)
    rows += rows_of(drawn_[static_cast<size_t>(i)], size.columns);
  cursor_row_ = rows;
  drawn_.clear();
}

void Screen::leave() {
  draw({});
  write_(kShowCursor);
  forget();
}

}  // namespace awl::tui
