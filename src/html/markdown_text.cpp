#include "html/markdown_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/strings.h"
#include "base/utf8.h"

namespace awl::html {

namespace {

constexpr int kMaxQuotes = 6;
constexpr size_t kMaxIndent = 24;
constexpr std::string_view kNoBreakSpace = "\xC2\xA0";

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v'; }

}  // namespace

void MarkdownText::add_text(std::string_view text) {
  while (!text.empty() && !full_) {
    size_t end = 0;
    size_t space = 0;
    for (; end < text.size(); ++end) {
      if (is_space(text[end])) {
        space = 1;
        break;
      }
      if (text.substr(end).starts_with(kNoBreakSpace)) {
        space = kNoBreakSpace.size();
        break;
      }
    }
    if (end > 0) put(text.substr(0, end));
    if (space > 0) pending_space_ = true;
    text.remove_prefix(end + space);
  }
}

void MarkdownText::add_piece(std::string_view piece) {
  if (!piece.empty()) put(piece);
}

void MarkdownText::add_lines(std::string_view lines) {
  for (const std::string_view line : split(lines, '\n')) {
    pending_breaks_ = std::max(pending_breaks_, 1);
    begin_line();
    append(line);
  }
}

void MarkdownText::break_line() {
  pending_space_ = one_line_;
  pending_breaks_ = std::max(pending_breaks_, 1);
}

void MarkdownText::break_block() {
  // A paragraph that begins an item stays on the item's line.
  const bool begins_item = marker_is_item_ && !marker_.empty();
  pending_space_ = one_line_;
  pending_breaks_ = std::max(pending_breaks_, begins_item ? 1 : 2);
}

void MarkdownText::set_marker(std::string marker) {
  marker_ = std::move(marker);
  marker_is_item_ = false;
}

void MarkdownText::begin_list(bool ordered, int first) { lists_.push_back({ordered, first, 2}); }

void MarkdownText::end_list() {
  if (!lists_.empty()) lists_.pop_back();
  marker_.clear();
}

void MarkdownText::begin_item() {
  if (lists_.empty()) {
    set_marker("- ");
    return;
  }
  List& list = lists_.back();
  marker_ = list.ordered ? fmt::format("{}. ", list.next) : "- ";
  if (list.next < 1'000'000'000) ++list.next;
  list.indent = marker_.size();
  marker_is_item_ = true;
}

void MarkdownText::end_quote() {
  if (quotes_ > 0) --quotes_;
}

void MarkdownText::end_style(Style style) {
  if (wanted(style) > 0) --wanted(style);
}

void MarkdownText::put(std::string_view piece) {
  begin_line();
  close_styles(is_strong_ && strong_ == 0, is_emphasis_ && emphasis_ == 0);
  if (pending_space_ && !text_.empty() && text_.back() != ' ' && text_.back() != '\n') append(" ");
  pending_space_ = false;
  if (strong_ > 0 && !is_strong_) {
    append("**");
    is_strong_ = true;
  }
  if (emphasis_ > 0 && !is_emphasis_) {
    append("*");
    is_emphasis_ = true;
  }
  append(piece);
}

void MarkdownText::append(std::string_view bytes) {
  if (full_) return;
  if (bytes.size() > room()) {
    full_ = true;
    bytes = utf8_prefix(bytes, room());
  }
  text_.append(bytes);
}

// What is pending between the last text and the next.
void MarkdownText::begin_line() {
  if (one_line_ || (pending_breaks_ == 0 && !text_.empty())) return;
  close_styles(is_strong_, is_emphasis_);
  if (!text_.empty()) append(std::string_view("\n\n").substr(0, static_cast<size_t>(pending_breaks_)));
  pending_breaks_ = 0;
  pending_space_ = false;
  for (int i = 0; i < std::min(quotes_, kMaxQuotes); ++i) append("> ");
  size_t indent = 0;
  const size_t levels = lists_.size() - (marker_is_item_ && !lists_.empty() && !marker_.empty() ? 1 : 0);
  for (size_t i = 0; i < levels && indent < kMaxIndent; ++i) indent += lists_[i].indent;
  append(std::string(std::min(indent, kMaxIndent), ' '));
  append(std::exchange(marker_, {}));
}

// Markers of Markdown do not reach over a break: they are closed before it and opened again at the next word.
void MarkdownText::close_styles(bool strong, bool emphasis) {
  if (emphasis || (strong && is_emphasis_)) {
    append("*");
    is_emphasis_ = false;
  }
  if (strong) {
    append("**");
    is_strong_ = false;
  }
}

std::string MarkdownText::finish() {
  close_styles(is_strong_, is_emphasis_);
  return std::move(text_);
}

}  // namespace awl::html
