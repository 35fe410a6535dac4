#include "tools/grep_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "base/utf8.h"

namespace awl::tools {

namespace {

constexpr size_t kMaxTextBytes = 30'000;
constexpr size_t kMaxContextLines = 1000;

size_t count_of(const json::Value& input, std::string_view name, size_t otherwise) {
  const auto value = json::get_integer(input, name);
  return value ? static_cast<size_t>(std::max(*value, 0LL)) : otherwise;
}

// Models give several globs in one text: white space and commas outside of braces separate them.
std::vector<std::string> split_globs(std::string_view text) {
  std::vector<std::string> out;
  std::string current;
  int depth = 0;
  for (const char c : text) {
    depth += c == '{' ? 1 : c == '}' ? -1 : 0;
    const bool separator = depth <= 0 && (c == ' ' || c == '\t' || c == '\n' || c == ',');
    if (!separator) current += c;
    if (separator && !current.empty()) out.push_back(std::exchange(current, {}));
  }
  if (!current.empty()) out.push_back(current);
  return out;
}

struct Window {
  std::vector<std::string> lines;
  std::string note;  // how to go on when not everything is in it
  bool limited = false;
};

// The entries from `offset` on, as many as the limits let through.
Window cut(const GrepRequest& request, const std::vector<std::string>& entries) {
  Window window;
  size_t bytes = 0;
  for (size_t i = request.offset; i < entries.size(); ++i) {
    const bool full = bytes + entries[i].size() + 1 > kMaxTextBytes && !window.lines.empty();
    if (full || (request.head_limit > 0 && window.lines.size() == request.head_limit)) {
      window.limited = true;
      window.note = fmt::format("\n[{} of {} entries, from offset {}: go on with offset={}.]",
                                window.lines.size(), entries.size(), request.offset, i);
      break;
    }
    bytes += entries[i].size() + 1;
    window.lines.push_back(entries[i]);
  }
  return window;
}

ToolResult to_result(const GrepRequest& request, const Window& window, size_t entries, std::string text,
                     json::Value structured) {
  if (entries > 0 && window.lines.empty())
    text = fmt::format("No entries at this offset: there are {}.", entries);
  if (window.limited) structured["appliedLimit"] = window.lines.size();
  if (request.offset > 0) structured["appliedOffset"] = request.offset;
  ToolResult result;
  result.text = std::move(text);
  result.structured_json = json::dump(structured);
  return result;
}

// Where the line number's colon or dash stands in "12:text"; npos when there is none.
size_t after_number(std::string_view line) {
  const size_t end = line.find_first_not_of("0123456789");
  return end == 0 ? std::string_view::npos : end;
}

using LinesByFile = std::map<std::string, std::vector<std::string>>;

LinesByFile group_lines(const GrepRequest& request, std::string_view output, const ShowPath& show) {
  LinesByFile files;
  std::string_view current;
  std::vector<std::string>* lines = nullptr;
  std::string shown;
  bool gap = false;
  while (!output.empty()) {
    std::string_view line = output.substr(0, output.find('\n'));
    output.remove_prefix(std::min(output.size(), line.size() + 1));
    const size_t null = line.find('\0');
    if (null == std::string_view::npos) {
      gap = line == "--";
      continue;
    }
    if (lines == nullptr || line.substr(0, null) != current) {
      current = line.substr(0, null);
      shown = show(current);
      lines = &files[shown];
    } else if (gap) {
      lines->emplace_back("--");
    }
    gap = false;
    line.remove_prefix(null + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const size_t mark = request.line_numbers ? after_number(line) : std::string_view::npos;
    const char separator = mark < line.size() && line[mark] == '-' ? '-' : ':';
    lines->push_back(fmt::format("{}{}{}", shown, separator, to_utf8(line)));
  }
  return files;
}

}  // namespace

Result<GrepRequest> to_grep_request(const json::Value& input) {
  GrepRequest request;
  request.pattern = json::string_or_empty(input, "pattern");
  request.type = json::string_or_empty(input, "type");
  const std::string glob = json::string_or_empty(input, "glob");
  for (const std::string_view text :
       {std::string_view(request.pattern), std::string_view(request.type), std::string_view(glob)}) {
    if (text.find('\0') != std::string_view::npos) {
      return fail(ErrorKind::kInvalidInput, "the pattern, glob or type has a null byte in it: remove it");
    }
  }
  if (request.pattern.empty()) return fail(ErrorKind::kInvalidInput, "the pattern is empty");
  request.globs = split_globs(glob);
  const std::string mode = json::string_or_empty(input, "output_mode");
  if (mode == "content") request.mode = GrepRequest::Mode::kContent;
  if (mode == "count") request.mode = GrepRequest::Mode::kCount;
  request.ignore_case = json::get_bool(input, "-i").value_or(false);
  request.line_numbers = json::get_bool(input, "-n").value_or(true);
  request.multiline = json::get_bool(input, "multiline").value_or(false);
  const size_t around = std::max(count_of(input, "-C", 0), count_of(input, "context", 0));
  request.before = std::min(count_of(input, "-B", around), kMaxContextLines);
  request.after = std::min(count_of(input, "-A", around), kMaxContextLines);
  request.head_limit = count_of(input, "head_limit", request.head_limit);
  request.offset = count_of(input, "offset", 0);
  return request;
}

std::vector<std::string> grep_arguments(const GrepRequest& request, const std::string& target) {
  // Values are joined to their options, so that none can be taken for another option.
  std::vector<std::string> argv = {
      "rg",       "--no-config",  "--color=never", "--no-heading", "--with-filename", "--null",
      "--hidden", "--glob=!.git", "--glob=!.hg",   "--glob=!.svn", "--glob=!.jj"};
  switch (request.mode) {
    case GrepRequest::Mode::kFiles:
      argv.emplace_back("--files-with-matches");
      break;
    case GrepRequest::Mode::kCount:
      argv.emplace_back("--count");
      break;
    case GrepRequest::Mode::kContent:
      argv.emplace_back(request.line_numbers ? "--line-number" : "--no-line-number");
      argv.emplace_back("--max-columns=1000");
      argv.emplace_back("--max-columns-preview");
      if (request.before > 0) argv.push_back(fmt::format("--before-context={}", request.before));
      if (request.after > 0) argv.push_back(fmt::format("--after-context={}", request.after));
      break;
  }
  argv.emplace_back(request.ignore_case ? "--ignore-case" : "--case-sensitive");
  if (request.multiline) {
    argv.emplace_back("--multiline");
    argv.emplace_back("--multiline-dotall");
  }
  for (const std::string& glob : request.globs) argv.push_back("--glob=" + glob);
  if (!request.type.empty()) argv.push_back("--type=" + request.type);
  argv.push_back("--regexp=" + request.pattern);
  argv.emplace_back("--");
  argv.push_back(target);
  return argv;
}

std::vector<std::string> split_files(std::string_view output) {
  std::vector<std::string> files;
  while (!output.empty()) {
    const size_t null = output.find('\0');
    if (null == std::string_view::npos) break;  // cut at the limit of the output
    files.emplace_back(output.substr(0, null));
    output.remove_prefix(null + 1);
  }
  return files;
}

ToolResult shape_files(const GrepRequest& request, const std::vector<std::string>& shown_files) {
  const Window window = cut(request, shown_files);
  std::string text = shown_files.empty() ? "No files found" : join(window.lines, "\n") + window.note;
  return to_result(
      request, window, shown_files.size(), std::move(text),
      {{"mode", "files_with_matches"}, {"filenames", window.lines}, {"numFiles", window.lines.size()}});
}

ToolResult shape_content(const GrepRequest& request, std::string_view output, const ShowPath& show) {
  const bool context = request.before > 0 || request.after > 0;
  std::vector<std::string> entries;
  for (auto& [file, lines] : group_lines(request, output, show)) {
    if (context && !entries.empty()) entries.emplace_back("--");
    std::move(lines.begin(), lines.end(), std::back_inserter(entries));
  }
  const Window window = cut(request, entries);
  const std::string content = join(window.lines, "\n");
  return to_result(request, window, entries.size(),
                   entries.empty() ? "No matches found" : content + window.note,
                   {{"mode", "content"},
                    {"numFiles", 0},
                    {"filenames", json::Value::array()},
                    {"content", content},
                    {"numLines", window.lines.size()}});
}

ToolResult shape_counts(const GrepRequest& request, std::string_view output, const ShowPath& show) {
  std::vector<std::string> entries;
  long long total = 0;
  while (!output.empty()) {
    const std::string_view line = output.substr(0, output.find('\n'));
    output.remove_prefix(std::min(output.size(), line.size() + 1));
    const size_t null = line.find('\0');
    const auto count = null == std::string_view::npos ? std::nullopt : parse_integer(line.substr(null + 1));
    if (!count) continue;
    total += *count;
    entries.push_back(fmt::format("{}:{}", show(line.substr(0, null)), *count));
  }
  std::sort(entries.begin(), entries.end());
  const Window window = cut(request, entries);
  const std::string content = join(window.lines, "\n");
  std::string text = "No matches found";
  if (!entries.empty()) {
    text = fmt::format("{}{}\n\n{} matching line{} in {} file{}.", content, window.note, total,
                       total == 1 ? "" : "s", entries.size(), entries.size() == 1 ? "" : "s");
  }
  return to_result(request, window, entries.size(), std::move(text),
                   {{"mode", "count"},
                    {"numFiles", entries.size()},
                    {"filenames", json::Value::array()},
                    {"content", content},
                    {"numMatches", total}});
}

}  // namespace awl::tools
