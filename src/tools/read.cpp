// The Read tool: text by lines, images, notebooks.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "base/utf8.h"
#include "image/header.h"
#include "os/resolved_file.h"
#include "tools/builtin.h"
#include "tools/file_rules.h"
#include "tools/line_reader.h"
#include "tools/notebook.h"
#include "tools/read_media.h"
#include "tools/sendable_image.h"
#include "tools/text_file.h"

namespace awl::embedded {
extern const std::string_view read_md;
}

namespace awl::tools {

namespace {

constexpr size_t kBytesPerToken = 4;  // an estimate on the safe side for prose, about right for code
constexpr uint64_t kMaxNotebookFile = 100 << 20;
constexpr size_t kSniffedBytes = 8000;  // where a null byte means that the file is no text

constexpr std::string_view kReadSchema =
    R"({"type":"object","properties":{)"
    R"("file_path":{"type":"string","description":"The file to read"},)"
    R"("offset":{"type":"integer","minimum":0,"description":"The first line to read, from 1"},)"
    R"("limit":{"type":"integer","minimum":1,"description":"How many lines to read"},)"
    R"("pages":{"type":"string","description":"Pages of a PDF file, such as 3 or 1-5; at most 20"}},)"
    R"("required":["file_path"],"additionalProperties":false})";

struct ReadRequest {
  std::string shown;  // the path as it was given
  os::Path path;
  LineRange range;
  bool explicit_range = false;
  std::string range_key;
  std::string pages;  // of a PDF file
};

ReadRequest to_read_request(const json::Value& input, os::Path path) {
  ReadRequest request;
  request.shown = to_utf8(json::string_or_empty(input, "file_path"));
  request.path = std::move(path);
  const auto offset = json::get_integer(input, "offset");
  const auto limit = json::get_integer(input, "limit");
  request.range.first = static_cast<size_t>(std::max(offset.value_or(1), 1LL));
  if (limit) request.range.count = static_cast<size_t>(std::max(*limit, 1LL));
  request.explicit_range = offset.has_value() || limit.has_value();
  request.range_key = fmt::format("{}:{}", request.range.first, limit.value_or(0));
  request.pages = trim(to_utf8(json::string_or_empty(input, "pages")));
  return request;
}

std::string numbered(std::string_view text, size_t first_line) {
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  for (size_t line = first_line;; ++line) {
    const size_t newline = text.find('\n');
    out += fmt::format("{}\t", line);
    out += text.substr(0, newline);
    if (newline == std::string_view::npos) return out;
    out += '\n';
    text.remove_prefix(newline + 1);
  }
}

ToolResult text_result(const ReadRequest& request, std::string text, const Page& page, size_t first_line) {
  ToolResult result;
  result.text = std::move(text);
  result.structured_json = json::dump({{"type", "text"},
                                       {"file",
                                        {{"filePath", request.shown},
                                         {"content", page.text},
                                         {"numLines", page.lines},
                                         {"startLine", first_line},
                                         {"totalLines", page.total_lines}}}});
  return result;
}

ToolResult unchanged_result(const ReadRequest& request) {
  ToolResult result;
  result.text =
      fmt::format("{} has not changed since you read this part of it: what you were given then still holds.",
                  request.shown);
  result.structured_json = json::dump({{"type", "file_unchanged"}, {"file", {{"filePath", request.shown}}}});
  return result;
}

ToolResult too_long(const ReadRequest& request, const Page& page, size_t max_tokens) {
  if (page.line_cut) {
    return ToolResult::error(fmt::format(
        "line {} of {} alone is longer than a Read may be ({} tokens): search in it with Grep, or "
        "cut it with Bash (`cut -c`)",
        request.range.first, request.shown, max_tokens));
  }
  return ToolResult::error(fmt::format(
      "this range of {} is longer than a Read may be ({} tokens): {} lines from line {} on would fit. "
      "Give a smaller `limit`, or search with Grep",
      request.shown, max_tokens, page.lines, request.range.first));
}

std::string partial_notice(const Page& page, const ReadRequest& request, size_t max_tokens) {
  if (page.line_cut) {
    return fmt::format(
        "\n\n[PARTIAL view: only the beginning of line 1 of {}, which is longer than a Read may be ({} "
        "tokens). Search "
        "the file with Grep, or cut it with Bash (`cut -c`).]",
        page.total_lines, max_tokens);
  }
  return fmt::format(
      "\n\n[PARTIAL view: lines 1-{} of {}; {} is longer than a Read may be ({} tokens). Go on with "
      "offset={} and a limit, "
      "or search with Grep.]",
      page.lines, page.total_lines, request.shown, max_tokens, page.lines + 1);
}

Task<ToolResult> read_text(const ReadRequest& request, OpenFile& file, Session& session) {
  const size_t max_tokens = session.limits.read_max_output_tokens;
  std::string raw;
  auto read =
      co_await read_page(file, request.range, max_tokens * kBytesPerToken, request.explicit_range, raw);
  if (!read)
    co_return ToolResult::error(fmt::format("cannot read {}: {}", request.shown, describe(read.error())));
  const Page page = std::move(*read);
  const size_t first = request.range.first;
  if (page.over_budget && request.explicit_range) co_return too_long(request, page, max_tokens);
  if (page.lines == 0) {
    const std::string notice =
        fmt::format("{} has {} lines: line {} is past its end.", request.shown, page.total_lines, first);
    co_return text_result(request, notice, page, first);
  }
  remember(session, request.path, file.info, raw, page.over_budget, request.range_key);
  std::string text = numbered(page.text, first);
  if (page.over_budget) text += partial_notice(page, request, max_tokens);
  co_return text_result(request, std::move(text), page, first);
}

// The blocks of a notebook: its text, then the images of its outputs, or why one of them is not shown.
Task<std::string> notebook_blocks(NotebookView view, const Session& session) {
  std::string blocks = fmt::format(R"([{{"type":"text","text":{}}})", json::quote(view.text));
  for (size_t i = 0; i < view.images.size(); ++i) {
    std::string name = fmt::format("image {}", i + 1);
    auto made =
        co_await make_sendable(std::move(view.images[i]), std::move(name), ImageCare::kComfort, session);
    blocks +=
        "," + (made ? image_block(*made)
                    : fmt::format(R"({{"type":"text","text":{}}})", json::quote(describe(made.error()))));
  }
  co_return blocks + "]";
}

Task<ToolResult> read_notebook(const ReadRequest& request, const os::FileInfo& info, Session& session) {
  const std::string advice =
      fmt::format("take a part of it with Bash, such as `jq '.cells[0:5]' {}`", request.shown);
  if (info.size_bytes > kMaxNotebookFile) {
    co_return ToolResult::error(fmt::format("{} is larger than 100 MB: {}", request.shown, advice));
  }
  const auto bytes = os::read_resolved_file(request.path, kMaxNotebookFile);
  if (!bytes) co_return ToolResult::error(describe(bytes.error()));
  const auto notebook = parse_notebook(*bytes, request.shown);
  if (!notebook) co_return ToolResult::error(describe(notebook.error()));
  const NotebookView view = show_notebook(*notebook);
  const size_t max_tokens = session.limits.read_max_output_tokens;
  if (view.text.size() > max_tokens * kBytesPerToken) {
    co_return ToolResult::error(
        fmt::format("{} is longer than a Read may be ({} tokens): {}", request.shown, max_tokens, advice));
  }
  ToolResult result;
  result.text = view.text;
  if (!view.images.empty()) {
    std::string blocks = co_await notebook_blocks(view, session);
    result.content_json = std::move(blocks);
  }
  // Not before: an interrupt while the images are made must not leave it as shown.
  remember(session, request.path, info, *bytes, false, "notebook");
  result.structured_json =
      json::dump({{"type", "notebook"}, {"file", {{"filePath", request.shown}, {"cells", view.cells}}}});
  co_return result;
}

// Some programs put a few bytes before the mark; a file with the right name may have them.
bool is_pdf(std::string_view head, const os::Path& path) {
  constexpr size_t kSearched = 1024;
  if (head.starts_with("%PDF-")) return true;
  return to_lower(path.extension().string()) == ".pdf" &&
         head.substr(0, kSearched).find("%PDF-") != std::string_view::npos;
}

bool is_binary(std::string_view head) {
  return !is_utf16(detect_encoding(head)) &&
         head.substr(0, kSniffedBytes).find('\0') != std::string_view::npos;
}

ToolResult binary_result(const ReadRequest& request, uint64_t size_bytes) {
  constexpr std::string_view kOtherImages[] = {".bmp", ".tif", ".tiff", ".heic", ".heif", ".avif", ".ico"};
  const std::string extension = to_lower(request.path.extension().string());
  if (std::ranges::find(kOtherImages, extension) != std::end(kOtherImages)) {
    return ToolResult::error(fmt::format(
        "{} is an image of a kind that cannot be shown: make a PNG or JPEG of it first, for instance with "
        "ImageMagick in Bash, and read that",
        request.shown));
  }
  return ToolResult::error(fmt::format(
      "{} is a binary file of {} bytes, not text: look at it with Bash (`file`, `xxd`, `strings`)",
      request.shown, size_bytes));
}

Task<ToolResult> read_file(ReadRequest request, Session& session) {
  const auto info = stat_regular(request.path, request.shown, session);
  if (!info) co_return ToolResult::error(describe(info.error()));
  const bool notebook = is_notebook_path(request.path.string());
  const auto seen = session.seen_files.find(request.path);
  if (seen != session.seen_files.end() && looks_unchanged(seen->second, *info) &&
      seen->second.shown_range == (notebook ? "notebook" : request.range_key)) {
    co_return unchanged_result(request);
  }
  auto opened = OpenFile::open(request.path);
  if (!opened) co_return ToolResult::error(describe(opened.error()));
  OpenFile file = std::move(*opened);
  if (file.head.empty()) {
    remember(session, request.path, file.info, "", false, request.range_key);
    co_return text_result(request, fmt::format("{} exists, but it is empty.", request.shown), Page{}, 1);
  }
  if (image::identify(file.head)) {
    auto result = co_await read_image({request.path, request.shown, file.info.size_bytes}, session);
    co_return result;
  }
  if (is_pdf(file.head, request.path)) {
    auto result =
        co_await read_pdf({request.path, request.shown, file.info.size_bytes}, request.pages, session);
    co_return result;
  }
  if (notebook) {
    auto result = co_await read_notebook(request, file.info, session);
    co_return result;
  }
  if (is_binary(file.head)) co_return binary_result(request, file.info.size_bytes);
  auto result = co_await read_text(request, file, session);
  co_return result;
}

class ReadTool final : public Tool {
 public:
  const ToolSpec& spec() const override { return spec_; }
  bool is_read_only(const json::Value&) const override { return true; }
  Result<Access> access(const json::Value& input, const Session& session) const override {
    return path_access(input, "file_path", Access::Kind::kRead, session);
  }
  Task<ToolResult> run(const json::Value& input, const Access& access, const std::string&,
                       Session& session) override {
    auto result = co_await read_file(to_read_request(input, access.paths[0]), session);
    co_return result;
  }

 private:
  ToolSpec spec_{"Read", std::string(embedded::read_md), std::string(kReadSchema)};
};

}  // namespace

std::unique_ptr<Tool> make_read_tool() { return std::make_unique<ReadTool>(); }

}  // namespace awl::tools
