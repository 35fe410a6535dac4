// The text that a person writes, with the keys of readline.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tui/key.h"

namespace awl::tui {

class Editor {
 public:
  /// False: the key is none of an editor's (Enter, Tab, Escape, other control keys, Up at the top, …).
  bool press(const Key& key);
  void insert(std::string_view text);
  /// A long paste is shown as a mark of one line, and goes out whole.
  void paste(std::string text);

  const std::string& text() const { return text_; }
  size_t cursor() const { return cursor_; }
  bool empty() const { return text_.empty(); }
  /// With the pastes in the place of their marks.
  std::string whole_text() const;
  void set_text(std::string text);
  void clear();
  /// Replaces the bytes from `begin` to the cursor.
  void replace_before_cursor(size_t begin, std::string_view text);

  struct Layout {
    std::vector<std::string> lines;
    int row = 0;  ///< of the cursor
    int column = 0;
  };
  /// Lines of at most `columns`; there is always one.
  Layout layout(int columns) const;

 private:
  struct State {
    std::string text;
    size_t cursor;
  };

  bool press_control(char letter);
  bool press_alt(char letter);
  bool move_line(int by);
  void remember();
  void erase(size_t begin, size_t end, bool keep);
  void undo();
  void yank();
  void yank_older();
  size_t before(size_t at) const;
  size_t after(size_t at) const;
  size_t word_before(size_t at) const;
  size_t word_after(size_t at) const;
  size_t line_begin(size_t at) const;
  size_t line_end(size_t at) const;

  std::string text_;
  size_t cursor_ = 0;
  std::vector<State> undo_;
  std::deque<std::string> kills_;  // the newest first
  size_t yank_begin_ = 0;
  size_t yank_index_ = 0;
  bool yanked_ = false;  // by the key before
  bool killed_ = false;  // by the key before: the next kill adds to it
  std::vector<std::string> pastes_;
};

}  // namespace awl::tui
