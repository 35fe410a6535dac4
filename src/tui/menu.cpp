#include "tui/menu.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/columns.h"
#include "base/strings.h"

namespace awl::tui {

namespace {

using Kind = Key::Kind;

constexpr size_t kMaxDigits = 9;
constexpr int kLeastRows = 3;

}  // namespace

Menu::Menu(MenuText text, std::vector<MenuOption> options)
    : text_(std::move(text)),
      options_(std::move(options)),
      comments_(options_.size()),
      marked_(options_.size()) {
  filter();
}

void Menu::filter() {
  const std::string wanted = to_lower(filter_.text());
  shown_.clear();
  for (size_t i = 0; i < options_.size(); ++i) {
    if (to_lower(options_[i].label + " " + options_[i].detail).contains(wanted)) shown_.push_back(i);
  }
  selected_ = 0;
}

void Menu::select(size_t option) {
  const auto found = std::ranges::find(shown_, option);
  if (found != shown_.end()) selected_ = static_cast<size_t>(found - shown_.begin());
}

std::string Menu::comment(size_t option) const { return std::string(trim(comments_[option].whole_text())); }

Menu::Outcome Menu::choose(size_t index) {
  if (index >= shown_.size()) return Outcome::kOpen;
  selected_ = index;
  const size_t option = shown_[index];
  if (options_[option].is_written && comments_[option].empty()) {
    commenting_ = true;
    return Outcome::kOpen;
  }
  return Outcome::kChosen;
}

Menu::Outcome Menu::press_in_comment(const Key& key) {
  const size_t option = shown_[selected_];
  if (key.kind == Kind::kEnter && (text_.marks || (options_[option].is_written && comment(option).empty()))) {
    commenting_ = false;
    marked_[option] = !comment(option).empty();
    return Outcome::kOpen;
  }
  if (key.kind == Kind::kEnter) return Outcome::kChosen;
  if (key.kind == Kind::kEscape) return Outcome::kCancelled;
  if (key.kind == Kind::kControl && (key.text == "c" || key.text == "d")) return Outcome::kCancelled;
  if (key.kind == Kind::kTab || key.kind == Kind::kBackTab || key.kind == Kind::kUp ||
      key.kind == Kind::kDown) {
    commenting_ = false;
    return Outcome::kOpen;
  }
  comments_[option].press(key);
  return Outcome::kOpen;
}

// What is typed fast arrives as one text: the digit of the option, and what is written for it.
bool Menu::begins_writing(const Key& key) {
  if (text_.filters || key.kind != Kind::kText || key.text.size() < 2 || key.text[0] < '1' ||
      key.text[0] > '9')
    return false;
  const auto index = static_cast<size_t>(key.text[0] - '1');
  if (index >= shown_.size() || !options_[shown_[index]].is_written) return false;
  selected_ = index;
  commenting_ = true;
  return true;
}

void Menu::mark(size_t index) {
  if (index >= shown_.size()) return;
  selected_ = index;
  const size_t option = shown_[index];
  if (options_[option].is_written) {
    commenting_ = true;
  } else {
    marked_[option] = !marked_[option];
  }
}

Menu::Outcome Menu::press(const Key& key) {
  if (commenting_) return press_in_comment(key);
  if (begins_writing(key)) return press_in_comment({Kind::kText, key.text.substr(1)});
  const size_t count = shown_.size();
  const bool is_control = key.kind == Kind::kControl;
  if (key.kind == Kind::kEscape || (is_control && (key.text == "c" || key.text == "d")))
    return Outcome::kCancelled;
  if (key.kind == Kind::kEnter) return choose(selected_);
  if (key.kind == Kind::kUp || (is_control && key.text == "p")) {
    if (count > 0) selected_ = (selected_ + count - 1) % count;
  } else if (key.kind == Kind::kDown || (is_control && key.text == "n")) {
    if (count > 0) selected_ = (selected_ + 1) % count;
  } else if (key.kind == Kind::kTab && count > 0 && options_[shown_[selected_]].takes_comment) {
    commenting_ = true;
  } else if (text_.filters) {
    const std::string before = filter_.text();
    filter_.press(key);
    if (filter_.text() != before) filter();
  } else if (text_.marks && key.kind == Kind::kText && key.text == " ") {
    mark(selected_);
  } else if (key.kind == Kind::kText && key.text.size() == 1 && key.text[0] >= '1' && key.text[0] <= '9') {
    const auto index = static_cast<size_t>(key.text[0] - '1');
    if (!text_.marks) return choose(index);
    mark(index);
  }
  return Outcome::kOpen;
}

Frame Menu::render(Size size, const Theme& theme) const {
  Frame frame;
  frame.lines = text_.head;
  if (text_.filters) {
    frame.lines.push_back(theme.paint(kDim, "search: ") + cut_to_columns(filter_.text(), size.columns - 10));
    frame.cursor_row = static_cast<int>(frame.lines.size()) - 1;
    frame.cursor_column = std::min(8 + count_columns(filter_.text()), size.columns - 1);
  }
  // The part of a long list that the selected one is in.
  const int free_rows = size.rows - static_cast<int>(frame.lines.size()) - 4;
  const auto room = static_cast<size_t>(std::max(free_rows, kLeastRows));
  const size_t first = selected_ < room ? 0 : selected_ - room + 1;
  for (size_t i = first; i < std::min(first + room, shown_.size()); ++i) {
    const MenuOption& option = options_[shown_[i]];
    const bool is_selected = i == selected_;
    const std::string number = text_.filters || i >= kMaxDigits ? "" : fmt::format("{}. ", i + 1);
    const std::string_view box = !text_.marks ? "" : marked_[shown_[i]] ? "[x] " : "[ ] ";
    const std::string label = cut_to_columns(
        fmt::format("{} {}{}{}", is_selected ? "❯" : " ", number, box, option.label), size.columns - 1);
    const int left = size.columns - 3 - count_columns(label);
    std::string line = theme.paint(is_selected ? kAccent : kPlain, label);
    if (!option.detail.empty() && left > 4)
      line += "  " + theme.paint(kDim, cut_to_columns(option.detail, left));
    frame.lines.push_back(std::move(line));
    const Editor& comment = comments_[shown_[i]];
    const bool is_commented = is_selected && commenting_;
    if (!is_commented && comment.empty()) continue;
    const int columns = std::max(size.columns - 6, 1);
    const auto layout = comment.layout(columns);
    if (is_commented) {
      frame.cursor_row = static_cast<int>(frame.lines.size()) + layout.row;
      frame.cursor_column = 4 + layout.column;
    }
    for (const std::string& text : layout.lines) frame.lines.push_back(theme.paint(kDim, "  │ ") + text);
  }
  if (shown_.empty()) frame.lines.push_back(theme.paint(kDim, "  nothing fits"));
  if (!text_.hint.empty())
    frame.lines.push_back(theme.paint(kDim, cut_to_columns(text_.hint, size.columns - 1)));
  return frame;
}

}  // namespace awl::tui
