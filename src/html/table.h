// A table while it is read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "html/markdown_text.h"

namespace awl::html {

class Table {
 public:
  explicit Table(size_t max_bytes) : room_(max_bytes) {}

  void begin_row();
  /// nullptr when the table is too large to be read on.
  MarkdownText* begin_cell();
  void end_cell();
  MarkdownText* cell() { return cell_ ? &*cell_ : nullptr; }

  /// Rows of Markdown; a table of one column, which is there for its looks, as paragraphs.
  void write_to(MarkdownText& out);

 private:
  size_t room_;
  size_t cells_ = 0;
  std::vector<std::vector<std::string>> rows_;
  std::optional<MarkdownText> cell_;
};

}  // namespace awl::html
