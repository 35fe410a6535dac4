// Markdown as it is written: words, breaks between them, and what each new line begins with.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace awl::html {

class MarkdownText {
 public:
  enum class Style { kStrong, kEmphasis };

  /// Beyond `max_bytes` nothing more is taken. `one_line`: for a link or a cell, breaks are spaces.
  MarkdownText(size_t max_bytes, bool one_line) : max_bytes_(max_bytes), one_line_(one_line) {}

  /// Text with character references replaced; white space collapses.
  void add_text(std::string_view text);
  /// One piece that is written as it is: a code span, a link, a row of a table.
  void add_piece(std::string_view piece);
  /// Lines that are written as they are, each behind what lines here begin with.
  void add_lines(std::string_view lines);

  void break_line();
  void break_block();
  /// The next line begins with `marker`, "## " for instance.
  void set_marker(std::string marker);

  void begin_list(bool ordered, int first);
  void end_list();
  /// The next line begins with the marker of a new item of the innermost list.
  void begin_item();
  bool in_list() const { return !lists_.empty(); }
  void begin_quote() { ++quotes_; }
  void end_quote();
  void begin_style(Style style) { ++wanted(style); }
  void end_style(Style style);

  bool is_full() const { return full_; }
  size_t room() const { return max_bytes_ - text_.size(); }
  size_t size() const { return text_.size(); }
  /// All of it; nothing may be added afterwards.
  std::string finish();

 private:
  struct List {
    bool ordered = false;
    int next = 1;
    size_t indent = 2;
  };

  int& wanted(Style style) { return style == Style::kStrong ? strong_ : emphasis_; }
  void put(std::string_view piece);
  void append(std::string_view bytes);
  void begin_line();
  void close_styles(bool strong, bool emphasis);

  size_t max_bytes_;
  bool one_line_;
  std::string text_;
  bool full_ = false;

  int pending_breaks_ = 0;
  bool pending_space_ = false;
  std::string marker_;
  bool marker_is_item_ = false;
  std::vector<List> lists_;
  int quotes_ = 0;
  int strong_ = 0;
  int emphasis_ = 0;
  bool is_strong_ = false;  // the marker is written and not closed
  bool is_emphasis_ = false;
};

}  // namespace awl::html
