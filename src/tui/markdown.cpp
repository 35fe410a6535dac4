#include "tui/markdown.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/columns.h"
#include "base/strings.h"
#include "tui/markdown_library.h"

namespace awl::tui {

namespace {

constexpr int kLeastColumns = 10;
constexpr std::string_view kQuoteBar = "│ ";

// One list, or an item of it.
struct ListLevel {
  bool ordered = false;
  unsigned next = 1;
};

class Renderer {
 public:
  Renderer(int columns, const Theme& theme) : columns_(std::max(columns, kLeastColumns)), theme_(theme) {}

  std::vector<std::string> take() {
    while (!lines_.empty() && lines_.back().empty()) lines_.pop_back();
    return std::move(lines_);
  }

  void enter_block(MD_BLOCKTYPE type, void* detail) {
    switch (type) {
      case MD_BLOCK_QUOTE:
        begin_block();
        indent_ += theme_.paint(kDim, kQuoteBar);
        break;
      case MD_BLOCK_UL:
        begin_list({});
        break;
      case MD_BLOCK_OL:
        begin_list({true, static_cast<MD_BLOCK_OL_DETAIL*>(detail)->start});
        break;
      case MD_BLOCK_LI:
        begin_item(*static_cast<MD_BLOCK_LI_DETAIL*>(detail));
        break;
      case MD_BLOCK_H:
        begin_block();
        styles_.push_back({.colour = Colour::kAccent, .bold = true});
        break;
      case MD_BLOCK_CODE:
        begin_block();
        in_code_ = true;
        break;
      case MD_BLOCK_HR:
        begin_block();
        put_line(theme_.paint(kDim, horizontal_rule(std::min(columns_ - painted_columns(indent_), 40))));
        break;
      case MD_BLOCK_TABLE:
        begin_block();
        rows_.clear();
        break;
      case MD_BLOCK_TR:
        rows_.emplace_back();
        break;
      case MD_BLOCK_P:
        begin_block();
        break;
      default:
        break;
    }
  }

  void leave_block(MD_BLOCKTYPE type) {
    switch (type) {
      case MD_BLOCK_QUOTE:
        put_text();
        indent_.resize(indent_.size() - theme_.paint(kDim, kQuoteBar).size());
        break;
      case MD_BLOCK_UL:
      case MD_BLOCK_OL:
        lists_.pop_back();
        break;
      case MD_BLOCK_LI:
        put_text();
        indent_.resize(indent_.size() - item_indents_.back());
        item_indents_.pop_back();
        break;
      case MD_BLOCK_H:
        put_text();
        if (!styles_.empty()) styles_.pop_back();
        break;
      case MD_BLOCK_CODE:
        put_code();
        in_code_ = false;
        break;
      case MD_BLOCK_TH:
      case MD_BLOCK_TD:
        rows_.back().push_back(std::exchange(text_, ""));
        break;
      case MD_BLOCK_TABLE:
        put_table();
        break;
      case MD_BLOCK_P:
      case MD_BLOCK_HTML:
        put_text();
        break;
      default:
        break;
    }
  }

  void enter_span(MD_SPANTYPE type, void* detail) {
    Style style = current();
    if (type == MD_SPAN_EM) style.italic = true;
    if (type == MD_SPAN_STRONG) style.bold = true;
    if (type == MD_SPAN_CODE) style.colour = Colour::kAccent;
    if (type == MD_SPAN_DEL) style.dim = true;
    if (type == MD_SPAN_A) {
      const MD_ATTRIBUTE& target = static_cast<MD_SPAN_A_DETAIL*>(detail)->href;
      links_.push_back({clean({target.text, target.size}), text_.size()});
    }
    styles_.push_back(style);
  }

  void leave_span(MD_SPANTYPE type) {
    // md4c leaves a span that it did not enter, now and then, when the text is odd enough.
    if (!styles_.empty()) styles_.pop_back();
    if (type != MD_SPAN_A || links_.empty()) return;
    // The address is what a person must see before they follow it.
    const auto [target, begin] = links_.back();
    links_.pop_back();
    if (!target.empty() && clean(text_.substr(begin)) != target)
      text_ += theme_.paint(kDim, fmt::format(" ({})", target));
  }

  void add_text(MD_TEXTTYPE type, std::string_view text) {
    if (type == MD_TEXT_BR) {
      text_ += '\n';
    } else if (type == MD_TEXT_SOFTBR) {
      text_ += ' ';
    } else if (in_code_) {
      text_ += text;
    } else if (type == MD_TEXT_ENTITY) {
      text_ += theme_.paint(current(), entity(text));
    } else {
      text_ += theme_.paint(current(), clean(text));
    }
  }

 private:
  struct Link {
    std::string target;
    size_t begin;
  };

  Style current() const { return styles_.empty() ? Style{} : styles_.back(); }

  static std::string entity(std::string_view text) {
    if (text == "&lt;") return "<";
    if (text == "&gt;") return ">";
    if (text == "&amp;") return "&";
    if (text == "&quot;") return "\"";
    if (text == "&nbsp;") return " ";
    return clean(text);
  }

  // Text of a list item that no paragraph holds stands before the block; a blank line sets blocks apart.
  void begin_block() {
    put_text();
    if (!lines_.empty() && !lines_.back().empty() && marker_.empty() && lists_.empty()) lines_.emplace_back();
  }

  void begin_list(ListLevel level) {
    if (lists_.empty()) begin_block();
    put_text();
    lists_.push_back(level);
  }

  void begin_item(const MD_BLOCK_LI_DETAIL& item) {
    ListLevel& list = lists_.back();
    std::string marker = list.ordered ? fmt::format("{}. ", list.next++) : "• ";
    if (item.is_task != 0) marker = item.task_mark == ' ' ? "☐ " : "☑ ";
    const std::string room(static_cast<size_t>(count_columns(marker)), ' ');
    marker_ = indent_ + marker;
    indent_ += room;
    item_indents_.push_back(room.size());
  }

  // The first line of an item begins with its mark.
  void put_line(std::string_view painted) {
    const std::string begin = marker_.empty() ? indent_ : std::exchange(marker_, "");
    for (std::string& line : wrap(begin + std::string(painted), columns_, indent_))
      lines_.push_back(std::move(line));
  }

  void put_text() {
    if (text_.empty()) return;
    put_line(std::exchange(text_, ""));
  }

  void put_code() {
    std::string code = clean(std::exchange(text_, ""));
    while (code.ends_with('\n')) code.pop_back();
    for (const std::string_view line : split(code, '\n'))
      put_line("  " + theme_.paint({.colour = Colour::kGood}, line));
  }

  void put_table() {
    std::vector<int> widths;
    for (const auto& row : rows_) {
      widths.resize(std::max(widths.size(), row.size()));
      for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], painted_columns(row[i]));
    }
    int total = 0;
    for (const int width : widths) total += width + 3;
    if (total > columns_ - painted_columns(indent_)) return put_narrow_table();
    for (size_t r = 0; r < rows_.size(); ++r) {
      std::string line;
      for (size_t i = 0; i < rows_[r].size(); ++i) {
        if (i > 0) line += theme_.paint(kDim, " │ ");
        line += rows_[r][i];
        if (i + 1 < rows_[r].size())
          line.append(static_cast<size_t>(widths[i] - painted_columns(rows_[r][i])), ' ');
      }
      put_line(line);
      if (r == 0) {
        std::string rule;
        for (size_t i = 0; i < widths.size(); ++i) rule += (i > 0 ? "─┼─" : "") + horizontal_rule(widths[i]);
        put_line(theme_.paint(kDim, rule));
      }
    }
  }

  // Too wide to stand side by side: each row as a list of its cells.
  void put_narrow_table() {
    for (size_t r = 1; r < rows_.size(); ++r) {
      for (size_t i = 0; i < rows_[r].size(); ++i) {
        const std::string head = i < rows_[0].size() ? theme_.paint(kBold, clean(rows_[0][i])) + ": " : "";
        put_line((i == 0 ? "• " : "  ") + head + rows_[r][i]);
      }
    }
  }

  int columns_;
  const Theme& theme_;
  std::vector<std::string> lines_;
  std::string text_;  // of the block in progress, painted; code as it is
  std::string indent_;
  std::string marker_;  // of the list item whose first line is still to come, with its indentation
  std::vector<size_t> item_indents_;
  std::vector<ListLevel> lists_;
  std::vector<Style> styles_;
  std::vector<Link> links_;
  std::vector<std::vector<std::string>> rows_;
  bool in_code_ = false;
};

Renderer& renderer(void* data) { return *static_cast<Renderer*>(data); }

}  // namespace

std::vector<std::string> render_markdown(std::string_view text, int columns, const Theme& theme) {
  const auto parse = load_markdown_parser();
  if (parse == nullptr) return wrap(clean(text), columns);
  Renderer made(columns, theme);
  MD_PARSER parser{};
  parser.flags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS | MD_FLAG_NOHTML;
  parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* data) {
    renderer(data).enter_block(type, detail);
    return 0;
  };
  parser.leave_block = [](MD_BLOCKTYPE type, void* /*detail*/, void* data) {
    renderer(data).leave_block(type);
    return 0;
  };
  parser.enter_span = [](MD_SPANTYPE type, void* detail, void* data) {
    renderer(data).enter_span(type, detail);
    return 0;
  };
  parser.leave_span = [](MD_SPANTYPE type, void* /*detail*/, void* data) {
    renderer(data).leave_span(type);
    return 0;
  };
  parser.text = [](MD_TEXTTYPE type, const MD_CHAR* piece, MD_SIZE size, void* data) {
    renderer(data).add_text(type, {piece, size});
    return 0;
  };
  if (parse(text.data(), static_cast<MD_SIZE>(text.size()), &parser, &made) != 0)
    return wrap(clean(text), columns);
  return made.take();
}

size_t finished_markdown(std::string_view text) {
  size_t finished = 0;
  std::string fence;  // that a fenced block began with; empty: outside
  size_t begin = 0;
  while (begin < text.size()) {
    const size_t end = text.find('\n', begin);
    if (end == std::string_view::npos) break;
    const std::string_view line = trim(text.substr(begin, end - begin));
    if (!fence.empty()) {
      const bool closes =
          line.starts_with(fence) && line.find_first_not_of(fence[0]) == std::string_view::npos;
      if (closes) fence.clear();
    } else if (line.starts_with("```") || line.starts_with("~~~")) {
      fence = line.substr(0, std::min(line.find_first_not_of(line[0]), line.size()));
    } else if (line.empty()) {
      finished = end + 1;
    }
    begin = end + 1;
  }
  return finished;
}

}  // namespace awl::tui
