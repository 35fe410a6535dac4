#include "tui/tool_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/columns.h"
#include "base/strings.h"
#include "protocol/call_subject.h"
#include "tools/diff.h"

namespace awl::tui {

namespace {

constexpr size_t kResultLines = 4;
constexpr size_t kDiffLines = 40;
constexpr size_t kMaxTitleBytes = 400;
constexpr std::string_view kCorner = "  └ ";
constexpr std::string_view kBelow = "    ";

void append(std::vector<std::string>& to, std::vector<std::string> from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

std::vector<std::string> diff_lines(const json::Value& patch, int columns, const Theme& theme) {
  std::vector<std::string> lines;
  bool first = true;
  for (const json::Value& hunk : patch) {
    if (!std::exchange(first, false)) lines.push_back(theme.paint(kDim, "      …"));
    auto old_line = json::get_integer(hunk, "oldStart").value_or(1);
    auto new_line = json::get_integer(hunk, "newStart").value_or(1);
    const json::Value* written = json::find(hunk, "lines");
    if (written == nullptr || !written->is_array()) continue;
    for (const json::Value& entry : *written) {
      if (!entry.is_string() || entry.get_ref<const std::string&>().empty()) continue;
      const std::string& text = entry.get_ref<const std::string&>();
      if (text[0] == '\\') continue;
      const auto number = text[0] == '-' ? old_line : new_line;
      if (text[0] != '+') ++old_line;
      if (text[0] != '-') ++new_line;
      const Style style = text[0] == '+' ? kGood : text[0] == '-' ? kBad : kDim;
      append(lines, wrap(theme.paint(kDim, fmt::format("{:>5} ", number)) + theme.paint(style, clean(text)),
                         columns, "        "));
    }
  }
  return lines;
}

std::vector<std::string> text_lines(const std::string& text, const Style& style, int columns,
                                    const Theme& theme) {
  std::vector<std::string> lines;
  std::string cleaned = clean(text);
  while (cleaned.ends_with('\n')) cleaned.pop_back();
  for (const std::string_view line : split(cleaned, '\n'))
    append(lines, wrap(theme.paint(style, line), columns));
  return lines;
}

void cut(std::vector<std::string>& lines, size_t most, const Theme& theme) {
  if (lines.size() <= most + 1) return;
  const size_t more = lines.size() - most;
  lines.resize(most);
  lines.push_back(theme.paint(kDim, fmt::format("… {} more lines (ctrl+o shows them)", more)));
}

std::string result_text(const json::Value& block) {
  const json::Value* content = json::find(block, "content");
  if (content == nullptr) return "";
  if (content->is_string()) return content->get<std::string>();
  std::string text;
  if (!content->is_array()) return text;
  for (const json::Value& part : *content) {
    const std::string type = json::string_or_empty(part, "type");
    if (!text.empty() && !text.ends_with('\n')) text += '\n';
    text += type == "text" ? json::string_or_empty(part, "text") : fmt::format("[{}]", type);
  }
  return text;
}

const json::Value* patch_of(const json::Value& structured) {
  if (!structured.is_object()) return nullptr;
  const json::Value* patch = json::find(structured, "structuredPatch");
  return patch != nullptr && patch->is_array() && !patch->empty() ? patch : nullptr;
}

}  // namespace

std::string tool_title(const std::string& name, const json::Value& input, int columns, const Theme& theme) {
  const std::string about = printable(protocol::call_subject(input), kMaxTitleBytes);
  const std::string shown = printable(name, kMaxTitleBytes);
  const int room = columns - count_columns(shown) - 2;
  if (about.empty() || room < 4) return theme.paint(kBold, cut_to_columns(shown, columns));
  return theme.paint(kBold, shown) + "(" + cut_to_columns(about, room) + ")";
}

std::vector<std::string> describe_call(const std::string& name, const json::Value& input, int columns,
                                       const Theme& theme) {
  if (const auto command = json::get_string(input, "command")) {
    auto lines = text_lines(*command, kPlain, columns, theme);
    if (const std::string why = json::string_or_empty(input, "description"); !why.empty())
      append(lines, text_lines(why, kDim, columns, theme));
    return lines;
  }
  const std::string file = json::string_or_empty(input, "file_path");
  std::vector<std::string> lines =
      file.empty() ? std::vector<std::string>{} : text_lines(file, kPlain, columns, theme);
  if (name == "Edit") {
    const auto patch = tools::make_patch(json::string_or_empty(input, "old_string") + "\n",
                                         json::string_or_empty(input, "new_string") + "\n");
    append(lines, diff_lines(tools::to_json(patch), columns, theme));
    return lines;
  }
  if (name == "Write") {
    append(lines, text_lines(json::string_or_empty(input, "content"), kGood, columns, theme));
    return lines;
  }
  if (!file.empty() && input.size() == 1) return lines;
  append(lines, text_lines(json::dump_pretty(input), kPlain, columns, theme));
  return lines;
}

std::vector<std::string> describe_result(const std::string& result_block_json,
                                         const std::string& structured_json, int columns, const Theme& theme,
                                         bool whole) {
  const auto block = json::parse(result_block_json);
  if (!block) return {};
  const auto structured = json::parse(structured_json);
  const bool failed = json::get_bool(*block, "is_error").value_or(false);
  const int room = columns - static_cast<int>(kBelow.size());
  std::vector<std::string> lines;
  if (const json::Value* patch = structured ? patch_of(*structured) : nullptr; patch != nullptr && !failed) {
    lines = diff_lines(*patch, room, theme);
    if (!whole) cut(lines, kDiffLines, theme);
  } else {
    lines = text_lines(result_text(*block), failed ? kBad : kDim, room, theme);
    if (!whole) cut(lines, kResultLines, theme);
  }
  for (size_t i = 0; i < lines.size(); ++i)
    lines[i] = (i == 0 ? theme.paint(kDim, kCorner) : std::string(kBelow)) + lines[i];
  return lines;
}

}  // namespace awl::tui
