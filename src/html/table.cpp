#include "html/table.h"

#include <algorithm>

#include "base/strings.h"

namespace awl::html {

namespace {

constexpr size_t kMaxCells = 20'000;
constexpr size_t kMaxColumns = 64;

}  // namespace

void Table::begin_row() {
  end_cell();
  if (rows_.empty() || !rows_.back().empty()) rows_.emplace_back();
}

MarkdownText* Table::begin_cell() {
  end_cell();
  if (rows_.empty()) rows_.emplace_back();
  if (cells_ >= kMaxCells || rows_.back().size() >= kMaxColumns || room_ == 0) return nullptr;
  ++cells_;
  return &cell_.emplace(room_, true);
}

void Table::end_cell() {
  if (!cell_) return;
  std::string text = replace_all(cell_->finish(), "|", "\\|");
  room_ -= std::min(room_, text.size());
  rows_.back().push_back(std::move(text));
  cell_.reset();
}

void Table::write_to(MarkdownText& out) {
  end_cell();
  std::erase_if(rows_, [](const auto& row) {
    return std::ranges::all_of(row, [](const std::string& cell) { return cell.empty(); });
  });
  size_t columns = 0;
  for (const auto& row : rows_) columns = std::max(columns, row.size());
  out.break_block();
  for (size_t i = 0; i < rows_.size() && !out.is_full(); ++i) {
    const auto& row = rows_[i];
    if (columns == 1) {
      out.break_block();
      out.add_piece(row[0]);
      continue;
    }
    std::string line = "|";
    for (size_t column = 0; column < std::max(row.size(), i == 0 ? columns : 0); ++column)
      line += column < row.size() ? " " + row[column] + " |" : "  |";
    out.break_line();
    out.add_piece(line);
    if (i > 0) continue;
    std::string rule = "|";
    for (size_t column = 0; column < columns; ++column) rule += " --- |";
    out.break_line();
    out.add_piece(rule);
  }
  out.break_block();
}

}  // namespace awl::html
