#include "tui/editor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/columns.h"
#include "base/strings.h"
#include "tui/style.h"

namespace awl::tui {

namespace {

using Kind = Key::Kind;

constexpr size_t kMaxUndo = 200;
constexpr size_t kMaxKills = 20;
// What is typed, or yanked again and again; longer texts are pasted, or come back whole.
constexpr size_t kMaxTyped = 64 << 10;
// Longer pastes, or those of more lines, are shown as a mark.
constexpr size_t kMaxShownPaste = 800;
constexpr long kMaxShownPasteLines = 3;

bool is_word_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::string paste_mark(size_t number, const std::string& text) {
  const auto lines = std::ranges::count(text, '\n');
  return lines > 0 ? fmt::format("[Pasted text #{} +{} lines]", number, lines)
                   : fmt::format("[Pasted text #{} of {} bytes]", number, text.size());
}

}  // namespace

bool Editor::press(const Key& key) {
  const bool was_yanked = std::exchange(yanked_, false);
  const bool was_killed = std::exchange(killed_, false);
  switch (key.kind) {
    case Kind::kText:
      insert(key.text);
      return true;
    case Kind::kPaste:
      paste(key.text);
      return true;
    case Kind::kNewline:
      insert("\n");
      return true;
    case Kind::kBackspace:
      if (cursor_ > 0) erase(before(cursor_), cursor_, false);
      return true;
    case Kind::kDelete:
      if (cursor_ < text_.size()) erase(cursor_, after(cursor_), false);
      return true;
    case Kind::kWordBackspace:
      killed_ = was_killed;
      erase(word_before(cursor_), cursor_, true);
      return true;
    case Kind::kLeft:
      cursor_ = before(cursor_);
      return true;
    case Kind::kRight:
      cursor_ = after(cursor_);
      return true;
    case Kind::kWordLeft:
      cursor_ = word_before(cursor_);
      return true;
    case Kind::kWordRight:
      cursor_ = word_after(cursor_);
      return true;
    case Kind::kHome:
      cursor_ = line_begin(cursor_);
      return true;
    case Kind::kEnd:
      cursor_ = line_end(cursor_);
      return true;
    case Kind::kUp:
      return move_line(-1);
    case Kind::kDown:
      return move_line(1);
    case Kind::kControl:
      killed_ = was_killed;
      return press_control(key.text[0]);
    case Kind::kAlt:
      yanked_ = was_yanked;
      killed_ = was_killed;
      return press_alt(key.text[0]);
    default:
      return false;
  }
}

bool Editor::press_control(char letter) {
  const bool was_killed = std::exchange(killed_, false);
  switch (letter) {
    case 'a':
      cursor_ = line_begin(cursor_);
      return true;
    case 'e':
      cursor_ = line_end(cursor_);
      return true;
    case 'b':
      cursor_ = before(cursor_);
      return true;
    case 'f':
      cursor_ = after(cursor_);
      return true;
    case 'h':
      return press({Kind::kBackspace});
    case 'd':
      if (text_.empty()) return false;
      return press({Kind::kDelete});
    case 'k':
      killed_ = was_killed;
      // At the end of a line it takes the line break.
      erase(cursor_, std::max(line_end(cursor_), std::min(cursor_ + 1, text_.size())), true);
      return true;
    case 'u':
      killed_ = was_killed;
      erase(line_begin(cursor_) == cursor_ ? before(cursor_) : line_begin(cursor_), cursor_, true);
      return true;
    case 'w':
      killed_ = was_killed;
      erase(word_before(cursor_), cursor_, true);
      return true;
    case 'y':
      yank();
      return true;
    case '_':
      undo();
      return true;
    default:
      return false;
  }
}

bool Editor::press_alt(char letter) {
  const bool was_killed = std::exchange(killed_, false);
  const bool was_yanked = std::exchange(yanked_, false);
  switch (letter) {
    case 'b':
      cursor_ = word_before(cursor_);
      return true;
    case 'f':
      cursor_ = word_after(cursor_);
      return true;
    case 'd':
      killed_ = was_killed;
      erase(cursor_, word_after(cursor_), true);
      return true;
    case 'y':
      if (was_yanked) yank_older();
      return true;
    default:
      return false;
  }
}

void Editor::insert(std::string_view text) {
  if (text_.size() + text.size() > kMaxTyped) return;
  remember();
  text_.insert(cursor_, text);
  cursor_ += text.size();
}

void Editor::paste(std::string text) {
  if (text.size() <= kMaxShownPaste && std::ranges::count(text, '\n') < kMaxShownPasteLines) {
    insert(clean(text));
    return;
  }
  const std::string mark = paste_mark(pastes_.size() + 1, text);
  pastes_.push_back(std::move(text));
  insert(mark);
}

std::string Editor::whole_text() const {
  std::string whole = text_;
  for (size_t i = 0; i < pastes_.size(); ++i) {
    const std::string mark = paste_mark(i + 1, pastes_[i]);
    if (const size_t at = whole.find(mark); at != std::string::npos)
      whole.replace(at, mark.size(), pastes_[i]);
  }
  return whole;
}

void Editor::set_text(std::string text) {
  remember();
  text_ = std::move(text);
  cursor_ = text_.size();
}

void Editor::clear() {
  *this = [this] {
    Editor fresh;
    fresh.kills_ = std::move(kills_);
    return fresh;
  }();
}

void Editor::replace_before_cursor(size_t begin, std::string_view text) {
  remember();
  text_.replace(begin, cursor_ - begin, text);
  cursor_ = begin + text.size();
}

void Editor::remember() {
  if (!undo_.empty() && undo_.back().text == text_) return;
  undo_.push_back({text_, cursor_});
  if (undo_.size() > kMaxUndo) undo_.erase(undo_.begin());
}

void Editor::undo() {
  if (undo_.empty()) return;
  text_ = std::move(undo_.back().text);
  cursor_ = undo_.back().cursor;
  undo_.pop_back();
}

void Editor::erase(size_t begin, size_t end, bool keep) {
  if (begin >= end) return;
  remember();
  if (keep) {
    const std::string gone = text_.substr(begin, end - begin);
    if (killed_ && !kills_.empty()) {
      kills_.front() = end == cursor_ ? gone + kills_.front() : kills_.front() + gone;
    } else {
      kills_.push_front(gone);
      if (kills_.size() > kMaxKills) kills_.pop_back();
    }
    killed_ = true;
  }
  text_.erase(begin, end - begin);
  if (cursor_ > begin) cursor_ = std::max(begin, cursor_ - std::min(cursor_ - begin, end - begin));
}

void Editor::yank() {
  if (kills_.empty()) return;
  yank_begin_ = cursor_;
  yank_index_ = 0;
  insert(kills_.front());
  yanked_ = true;
}

void Editor::yank_older() {
  yank_index_ = (yank_index_ + 1) % kills_.size();
  text_.replace(yank_begin_, cursor_ - yank_begin_, kills_[yank_index_]);
  cursor_ = yank_begin_ + kills_[yank_index_].size();
  yanked_ = true;
}

size_t Editor::before(size_t at) const {
  size_t last = 0;
  for (size_t i = line_begin(at); i < at; i = after(i)) last = i;
  if (line_begin(at) == at) return at == 0 ? 0 : at - 1;
  return last;
}

size_t Editor::after(size_t at) const {
  if (at >= text_.size()) return text_.size();
  if (text_[at] == '\n') return at + 1;
  return at + first_grapheme(std::string_view(text_).substr(at)).length;
}

size_t Editor::word_before(size_t at) const {
  while (at > 0 && !is_word_byte(text_[at - 1])) --at;
  while (at > 0 && is_word_byte(text_[at - 1])) --at;
  return at;
}

size_t Editor::word_after(size_t at) const {
  while (at < text_.size() && !is_word_byte(text_[at])) ++at;
  while (at < text_.size() && is_word_byte(text_[at])) ++at;
  return at;
}

size_t Editor::line_begin(size_t at) const {
  const size_t found = at == 0 ? std::string::npos : text_.rfind('\n', at - 1);
  return found == std::string::npos ? 0 : found + 1;
}

size_t Editor::line_end(size_t at) const { return std::min(text_.find('\n', at), text_.size()); }

bool Editor::move_line(int by) {
  const size_t begin = line_begin(cursor_);
  const int column = count_columns(std::string_view(text_).substr(begin, cursor_ - begin));
  size_t target = 0;
  if (by < 0) {
    if (begin == 0) return false;
    target = line_begin(begin - 1);
  } else {
    const size_t end = line_end(cursor_);
    if (end == text_.size()) return false;
    target = end + 1;
  }
  const size_t end = line_end(target);
  int used = 0;
  while (target < end && used < column) {
    used += first_grapheme(std::string_view(text_).substr(target)).columns;
    target = after(target);
  }
  cursor_ = target;
  return true;
}

Editor::Layout Editor::layout(int columns) const {
  Layout made;
  made.lines.emplace_back();
  int used = 0;
  const auto place_cursor = [&](size_t at) {
    if (at != cursor_) return;
    // Behind a full line it stands in the next one.
    if (used >= columns) {
      made.lines.emplace_back();
      used = 0;
    }
    made.row = static_cast<int>(made.lines.size()) - 1;
    made.column = used;
  };
  for (size_t at = 0; at < text_.size();) {
    place_cursor(at);
    if (text_[at] == '\n') {
      made.lines.emplace_back();
      used = 0;
      ++at;
      continue;
    }
    const Grapheme grapheme = first_grapheme(std::string_view(text_).substr(at));
    if (used + grapheme.columns > columns) {
      made.lines.emplace_back();
      used = 0;
    }
    made.lines.back() += text_.substr(at, grapheme.length);
    used += grapheme.columns;
    at += grapheme.length;
  }
  place_cursor(text_.size());
  return made;
}

}  // namespace awl::tui
