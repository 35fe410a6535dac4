#include "html/markdown.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "base/strings.h"
#include "html/elements.h"
#include "html/entities.h"
#include "html/markdown_text.h"
#include "html/open_elements.h"
#include "html/table.h"
#include "html/tokenizer.h"

namespace awl::html {

namespace {

constexpr size_t kMaxTitle = 500;
constexpr size_t kMaxLinkText = 2'000;
constexpr size_t kMaxCodeSpan = 2'000;
constexpr size_t kMaxAlternative = 1'000;

// The longest run of backticks in a text: what fences it must be longer.
size_t longest_backticks(std::string_view text) {
  size_t longest = 0;
  size_t run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

std::string collapse(std::string_view text, size_t max_bytes) {
  MarkdownText line(max_bytes, true);
  line.add_text(text);
  return line.finish();
}

// class="highlight language-cpp": cpp.
std::string language_of(const Token& token) {
  for (const std::string_view word : split(token.attribute("class"), ' ')) {
    for (const std::string_view prefix : {"language-", "lang-", "highlight-source-"}) {
      if (!word.starts_with(prefix)) continue;
      const std::string_view language = word.substr(prefix.size());
      const bool is_plain =
          !language.empty() && language.size() <= 30 &&
          language.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-#_.") ==
              std::string_view::npos;
      if (is_plain) return std::string(language);
    }
  }
  return "";
}

int first_number(const Token& token) {
  const long long start = parse_integer(token.attribute("start")).value_or(1);
  return start >= 0 && start < 1'000'000 ? static_cast<int>(start) : 1;
}

bool is_out_of_sight(const Token& token) {
  if (token.has_attribute("hidden") || token.attribute("aria-hidden") == "true" ||
      token.attribute("role") == "navigation")
    return true;
  std::string style(token.attribute("style").substr(0, 1'000));
  std::erase(style, ' ');
  style = to_lower(style);
  return style.contains("display:none") || style.contains("visibility:hidden");
}

class Converter {
 public:
  explicit Converter(const MarkdownOptions& options)
      : options_(options),
        page_(options.max_bytes, false),
        open_([this](const OpenElements::Open& closed) { on_close(closed); }) {}

  Markdown convert(std::string_view html) {
    Tokenizer tokenizer(html);
    Token token;
    bool more = tokenizer.next(token);
    for (; more && !page_.is_full(); more = tokenizer.next(token)) {
      if (token.kind == Token::Kind::kText) {
        on_text(token);
      } else if (token.kind == Token::Kind::kStart) {
        on_start(token);
      } else if (!open_.close(token.name) && token.name == "br") {
        out().break_line();  // "</br>" is one too
      }
    }
    open_.close_all();
    end_pre();
    end_code();
    end_link();
    end_table();
    return {std::move(title_), page_.finish(), page_.is_full()};
  }

 private:
  /// Where text goes: into the open link, else the open cell, else the page.
  MarkdownText& out() { return link_ ? link_->text : below_link(); }
  MarkdownText& below_link() {
    MarkdownText* cell = table_ ? table_->cell() : nullptr;
    return cell != nullptr ? *cell : page_;
  }
  bool is_in_line() { return link_.has_value() || (table_ && table_->cell() != nullptr); }

  void on_text(const Token& token) {
    if (!token.name.empty()) {
      if (token.name == "title" && title_.empty())
        title_ = collapse(decode_references(token.text.substr(0, 4 * kMaxTitle)), kMaxTitle);
      return;
    }
    if (open_.is_hidden()) return;
    if (pre_) {
      if (pre_->size() <= options_.max_bytes) *pre_ += decode_references(token.text);
    } else if (code_) {
      *code_ += decode_references(token.text);
      if (code_->size() > kMaxCodeSpan) end_code();
    } else {
      out().add_text(decode_references(token.text));
      // One that is not closed must not swallow the page.
      if (link_ && link_->text.size() > kMaxLinkText) open_.close_innermost(Element::kAnchor);
    }
  }

  void on_start(const Token& token) {
    const Element element = element_of(token.name);
    if (!pre_) open_.close_implied(element);
    const bool is_hidden =
        element == Element::kNoise || (!is_void(element) && is_out_of_sight(token) && token.name != "body");
    if (!is_void(element) && !open_.open(token.name, element, is_hidden)) return;
    if (open_.is_hidden()) return;
    if (pre_) {
      if (element == Element::kBreak) *pre_ += '\n';
      if (element == Element::kCode && pre_->empty() && language_.empty()) language_ = language_of(token);
    } else {
      if (code_ && (element == Element::kBreak || is_block(element))) *code_ += ' ';
      begin(element, token);
    }
  }

  void begin(Element element, const Token& token) {
    switch (element) {
      case Element::kAnchor:
        begin_link(token);
        break;
      case Element::kBase:
        if (base_.empty()) base_ = decode_references(token.attribute("href").substr(0, 2'000));
        break;
      case Element::kBreak:
      case Element::kContainer:
        out().break_line();
        break;
      case Element::kCode:
        if (!code_) code_.emplace();
        break;
      case Element::kEmphasis:
        out().begin_style(MarkdownText::Style::kEmphasis);
        break;
      case Element::kStrong:
        out().begin_style(MarkdownText::Style::kStrong);
        break;
      case Element::kImage:
        add_image(token);
        break;
      case Element::kPre:
        end_code();
        out().break_block();
        pre_.emplace();
        language_ = language_of(token);
        break;
      case Element::kTable:
      case Element::kTableRow:
      case Element::kTableCell:
      case Element::kTableCaption:
        begin_table_part(element);
        break;
      default:
        begin_block(element, token);
    }
  }

  void begin_block(Element element, const Token& token) {
    MarkdownText& text = out();
    switch (element) {
      case Element::kHeading:
        text.break_block();
        if (!is_in_line()) text.set_marker(std::string(static_cast<size_t>(token.name[1] - '0'), '#') + " ");
        break;
      case Element::kList:
      case Element::kOrderedList:
        if (text.in_list())
          text.break_line();
        else
          text.break_block();
        text.begin_list(element == Element::kOrderedList, first_number(token));
        break;
      case Element::kItem:
        text.break_line();
        text.begin_item();
        break;
      case Element::kDefinition:
        text.break_line();
        text.set_marker(": ");
        break;
      case Element::kQuote:
        text.break_block();
        text.begin_quote();
        break;
      case Element::kParagraph:
      case Element::kTerm:
        text.break_block();
        break;
      case Element::kRule:
        text.break_block();
        text.add_piece("---");
        text.break_block();
        break;
      default:
        break;
    }
  }

  void begin_link(const Token& token) {
    end_link();
    if (code_) return;
    std::string address = resolve(token.attribute("href"));
    if (!address.empty()) link_.emplace(std::move(address), MarkdownText(kMaxLinkText + 2'000, true));
  }

  void begin_table_part(Element element) {
    if (link_) {
      out().break_line();
    } else if (element == Element::kTable) {
      if (table_)
        ++inner_tables_;  // what is inside a cell is text in it
      else
        table_.emplace(page_.room());
    } else if (!table_ || inner_tables_ > 0 || element == Element::kTableCaption) {
      out().break_line();
    } else if (element == Element::kTableRow) {
      table_->begin_row();
    } else if (table_->begin_cell() == nullptr) {
      page_.break_line();
    }
  }

  void on_close(const OpenElements::Open& closed) {
    switch (closed.element) {
      case Element::kPre:
        end_pre();
        break;
      case Element::kCode:
        end_code();
        break;
      case Element::kAnchor:
        end_link();
        break;
      case Element::kStrong:
        out().end_style(MarkdownText::Style::kStrong);
        break;
      case Element::kEmphasis:
        out().end_style(MarkdownText::Style::kEmphasis);
        break;
      case Element::kTableCell:
        if (table_ && inner_tables_ == 0) table_->end_cell();
        break;
      case Element::kTable:
        if (inner_tables_ > 0)
          --inner_tables_;
        else
          end_table();
        break;
      default:
        end_block(closed.element);
    }
  }

  void end_block(Element element) {
    if (pre_) return;
    MarkdownText& text = out();
    switch (element) {
      case Element::kHeading:
        text.set_marker("");
        text.break_block();
        break;
      case Element::kParagraph:
        text.break_block();
        break;
      case Element::kQuote:
        text.end_quote();
        text.break_block();
        break;
      case Element::kList:
      case Element::kOrderedList:
        text.end_list();
        if (text.in_list())
          text.break_line();
        else
          text.break_block();
        break;
      case Element::kContainer:
      case Element::kDefinition:
      case Element::kItem:
      case Element::kTerm:
        text.break_line();
        break;
      default:
        break;
    }
  }

  void end_link() {
    if (!link_) return;
    const std::string text = link_->text.finish();
    const std::string address = std::move(link_->address);
    link_.reset();
    if (!text.empty()) below_link().add_piece(fmt::format("[{}]({})", text, address));
  }

  void end_code() {
    if (!code_) return;
    const std::string text = collapse(*code_, kMaxCodeSpan + 2'000);
    code_.reset();
    if (text.empty()) return;
    const std::string fence(longest_backticks(text) + 1, '`');
    const bool touches = text.starts_with('`') || text.ends_with('`');
    out().add_piece(touches ? fmt::format("{0} {1} {0}", fence, text) : fence + text + fence);
  }

  void end_pre() {
    if (!pre_) return;
    std::string text = std::move(*pre_);
    pre_.reset();
    std::erase(text, '\r');
    if (text.starts_with('\n')) text.erase(0, 1);
    text.erase(text.find_last_not_of(" \t\n") + 1);
    if (text.empty()) return;
    if (is_in_line()) {
      code_ = std::move(text);
      end_code();
      return;
    }
    const std::string fence(std::max<size_t>(longest_backticks(text) + 1, 3), '`');
    page_.add_lines(fmt::format("{}{}\n{}\n{}", fence, language_, text, fence));
    page_.break_block();
  }

  void end_table() {
    if (!table_) return;
    Table table = std::move(*table_);
    table_.reset();
    table.write_to(page_);
  }

  void add_image(const Token& token) {
    const std::string alternative =
        collapse(decode_references(token.attribute("alt").substr(0, kMaxAlternative)), kMaxAlternative);
    if (alternative.empty() || is_out_of_sight(token)) return;
    if (code_) return;
    out().add_piece(fmt::format("![{}]({})", alternative, resolve(token.attribute("src"))));
  }

  std::string resolve(std::string_view reference) const {
    if (reference.size() > 4'000) return "";
    const std::string text = decode_references(reference);
    const std::string_view trimmed = trim(text);
    if (trimmed.empty() || trimmed.starts_with('#')) return "";
    return options_.resolve ? options_.resolve(base_, trimmed) : std::string(trimmed);
  }

  struct Link {
    std::string address;
    MarkdownText text;
  };

  const MarkdownOptions& options_;
  MarkdownText page_;
  OpenElements open_;
  std::string title_;
  std::string base_;
  std::optional<Table> table_;
  int inner_tables_ = 0;
  std::optional<Link> link_;
  std::optional<std::string> code_;  // of an open <code>
  std::optional<std::string> pre_;   // of an open <pre>
  std::string language_;
};

}  // namespace

Markdown to_markdown(std::string_view html, const MarkdownOptions& options) {
  return Converter(options).convert(html);
}

}  // namespace awl::html
