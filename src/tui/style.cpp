#include "tui/style.h"

#include <algorithm>

#include "base/columns.h"
#include "base/utf8.h"

namespace awl::tui {

namespace {

constexpr std::string_view kReset = "\x1b[0m";
constexpr size_t kTabStop = 4;

std::string_view code_of(Colour colour) {
  switch (colour) {
    case Colour::kAccent:
      return "36";
    case Colour::kGood:
      return "32";
    case Colour::kBad:
      return "31";
    case Colour::kWarning:
      return "33";
    case Colour::kNone:
      break;
  }
  return "";
}

// The bytes of the sequence that `text` begins with; 0: it is none.
size_t sequence_length(std::string_view text) {
  if (!text.starts_with("\x1b[")) return 0;
  const size_t end = text.find('m');
  return end == std::string_view::npos ? text.size() : end + 1;
}

// U+202A–U+202E and U+2066–U+2069 turn the direction; U+0080–U+009F are controls.
bool is_unsafe(std::string_view letter) {
  if (letter.size() == 2) return letter[0] == '\xC2' && static_cast<unsigned char>(letter[1]) < 0xA0;
  if (letter.size() != 3 || letter[0] != '\xE2') return false;
  const auto last = static_cast<unsigned char>(letter[2]);
  return (letter[1] == '\x80' && last >= 0xAA && last <= 0xAE) ||
         (letter[1] == '\x81' && last >= 0xA6 && last <= 0xA9);
}

class Wrapper {
 public:
  Wrapper(int columns, std::string_view indent)
      : columns_(std::max(columns, 1)), indent_(indent), indent_columns_(count_columns(indent)) {
    // An indentation that leaves no room is none.
    if (indent_columns_ >= columns_) {
      indent_ = "";
      indent_columns_ = 0;
    }
  }

  std::vector<std::string> wrap(std::string_view text) {
    while (!text.empty()) {
      if (const size_t length = sequence_length(text); length > 0) {
        const std::string_view sequence = text.substr(0, length);
        active_ = sequence == kReset ? "" : sequence;
        line_ += sequence;
        text.remove_prefix(length);
      } else if (text[0] == '\n') {
        end_line();
        text.remove_prefix(1);
      } else {
        const Grapheme grapheme = first_grapheme(text);
        add(text.substr(0, grapheme.length), grapheme.columns);
        text.remove_prefix(grapheme.length);
      }
    }
    lines_.push_back(std::move(line_));
    return std::move(lines_);
  }

 private:
  void add(std::string_view letter, int columns) {
    while (used_ + columns > columns_ && used_ > start_) break_line(letter == " ");
    if (letter == " " && dropped_space_) return;
    dropped_space_ = false;
    line_ += letter;
    used_ += columns;
    if (letter == " ") {
      space_at_ = line_.size();
      space_used_ = used_;
      space_style_ = active_;
    }
  }

  // At the last space, when there is one that leaves something on the line.
  void break_line(bool at_space) {
    std::string rest;
    int rest_columns = 0;
    // What follows the space must fit behind the indentation.
    const bool fits = indent_columns_ + used_ - space_used_ < columns_;
    if (!at_space && space_at_ > 0 && space_used_ > start_ && fits) {
      rest = space_style_ + line_.substr(space_at_);
      rest_columns = used_ - space_used_;
      line_.resize(space_at_);
      close(space_style_);
    } else {
      rest = active_;
      close(active_);
    }
    while (line_.ends_with(' ')) line_.pop_back();
    lines_.push_back(std::move(line_));
    line_ = indent_ + rest;
    used_ = indent_columns_ + rest_columns;
    start_ = indent_columns_;
    space_at_ = 0;
    space_used_ = 0;
    dropped_space_ = at_space;
  }

  void end_line() {
    close(active_);
    lines_.push_back(std::move(line_));
    line_ = indent_ + active_;
    used_ = start_ = indent_columns_;
    space_at_ = 0;
    space_used_ = 0;
    dropped_space_ = false;
  }

  void close(std::string_view style) {
    if (!style.empty()) line_ += kReset;
  }

  int columns_;
  std::string indent_;
  int indent_columns_;
  std::vector<std::string> lines_;
  std::string line_;
  std::string active_;       // the sequence that is in force
  std::string space_style_;  // that was at the last space
  int used_ = 0;
  int start_ = 0;  // columns of the indentation of this line
  size_t space_at_ = 0;
  int space_used_ = 0;
  bool dropped_space_ = false;
};

}  // namespace

std::string Theme::paint(const Style& style, std::string_view text) const {
  std::string codes;
  const auto add = [&codes](std::string_view code) {
    if (code.empty()) return;
    if (!codes.empty()) codes += ';';
    codes += code;
  };
  if (style.bold) add("1");
  if (style.dim) add("2");
  if (style.italic) add("3");
  if (style.reverse) add("7");
  if (colours_) add(code_of(style.colour));
  if (codes.empty() || text.empty()) return std::string(text);
  return "\x1b[" + codes + "m" + std::string(text) + std::string(kReset);
}

std::string clean(std::string_view text) {
  const std::string valid = to_utf8(text);
  std::string cleaned;
  size_t column = 0;
  for (std::string_view rest = valid; !rest.empty();) {
    const std::string_view letter = rest.substr(0, utf8_step(rest).length);
    rest.remove_prefix(letter.size());
    const auto byte = static_cast<unsigned char>(letter[0]);
    if (letter == "\n") {
      cleaned += '\n';
      column = 0;
    } else if (letter == "\t") {
      const size_t spaces = kTabStop - column % kTabStop;
      cleaned.append(spaces, ' ');
      column += spaces;
    } else if (letter == "\x1b") {
      // A colour of somebody's output goes with its sequence.
      if (rest.starts_with('[')) {
        size_t end = 1;
        while (end < rest.size() && static_cast<unsigned char>(rest[end]) >= 0x20 &&
               static_cast<unsigned char>(rest[end]) < 0x40)
          ++end;
        // A sequence that is cut off ends where something else begins.
        const auto last = end < rest.size() ? static_cast<unsigned char>(rest[end]) : 0;
        rest.remove_prefix(last >= 0x40 && last < 0x7F ? end + 1 : end);
      }
    } else if (byte >= 0x20 && byte != 0x7F && !is_unsafe(letter)) {
      cleaned += letter;
      ++column;
    }
  }
  return cleaned;
}

std::string horizontal_rule(int columns) {
  std::string rule;
  for (int i = 0; i < columns; ++i) rule += "─";
  return rule;
}

int painted_columns(std::string_view painted) {
  int columns = 0;
  while (!painted.empty()) {
    if (const size_t length = sequence_length(painted); length > 0) {
      painted.remove_prefix(length);
      continue;
    }
    const Grapheme grapheme = first_grapheme(painted);
    columns += grapheme.columns;
    painted.remove_prefix(grapheme.length);
  }
  return columns;
}

std::vector<std::string> wrap(std::string_view painted, int columns, std::string_view indent) {
  return Wrapper(columns, indent).wrap(painted);
}

}  // namespace awl::tui
