// Read of a PDF file: a short one as a document, pages of a long one as pictures.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "os/resolved_file.h"
#include "tools/file_rules.h"
#include "tools/pdf.h"
#include "tools/read_media.h"
#include "tools/sendable_image.h"

namespace awl::tools {

namespace {

constexpr int kMaxWholePages = 10;
constexpr uint64_t kMaxFile = 200 << 20;
/// A short file may still be heavy, scans for instance; its pages are lighter as pictures.
constexpr uint64_t kMaxDocument = 8 << 20;
/// Of the pictures of one call, before base64: a request may have 32 MB.
constexpr size_t kMaxPictures = 15 << 20;

ToolResult as_document(const MediaFile& file, std::string_view bytes, int pages) {
  const std::string data = to_base64(bytes);
  ToolResult result;
  result.text = fmt::format("{} is a PDF file of {} page{}.", file.shown, pages, pages == 1 ? "" : "s");
  result.content_json = fmt::format(
      R"([{{"type":"document","source":{{"type":"base64","media_type":"application/pdf","data":"{}"}}}}])",
      data);
  result.structured_json =
      json::dump({{"type", "pdf"},
                  {"file", {{"filePath", file.shown}, {"base64", data}, {"originalSize", bytes.size()}}}});
  return result;
}

Result<os::Path> make_folder(const Session& session) {
  AWL_CHECK(os::make_directories(session.output_dir, 0700));
  return os::make_private_directory(session.output_dir, "pdf-");
}

// A picture for each page, in order.
Task<Result<std::string>> picture_blocks(const std::vector<os::Path>& files, const MediaFile& file,
                                         PageRange range, const Session& session) {
  std::string blocks;
  size_t total = 0;
  for (size_t i = 0; i < files.size(); ++i) {
    AWL_CO_TRY(std::string bytes, os::read_file(files[i], image::kMaxSourceBytes));
    std::string shown = fmt::format("page {} of {}", range.first + static_cast<int>(i), file.shown);
    auto made = co_await make_sendable(std::move(bytes), std::move(shown), ImageCare::kLimits, session);
    AWL_CO_TRY(const SendableImage image, std::move(made));
    total += image.bytes.size();
    if (total > kMaxPictures) {
      co_return fail(ErrorKind::kInvalidInput,
                     fmt::format("these {} pages of {} are more than {} MB as pictures", files.size(),
                                 file.shown, kMaxPictures >> 20U),
                     "Ask for fewer pages.");
    }
    blocks += "," + image_block(image);
  }
  co_return blocks;
}

Task<ToolResult> as_pictures(const MediaFile& file, PageRange range, const PdfInfo& info,
                             const Session& session) {
  const auto folder = make_folder(session);
  if (!folder) co_return ToolResult::error(describe(folder.error()));
  const auto files = co_await render_pages(file.path, range, *folder, file.shown, session);
  if (!files) co_return ToolResult::error(describe(files.error()));
  const auto blocks = co_await picture_blocks(*files, file, range, session);
  if (!blocks) co_return ToolResult::error(describe(blocks.error()));
  ToolResult result;
  result.text = range.count() == 1
                    ? fmt::format("Page {} of the {} pages of {}:", range.first, info.pages, file.shown)
                    : fmt::format("Pages {}-{} of the {} pages of {}:", range.first, range.last, info.pages,
                                  file.shown);
  result.content_json = fmt::format(R"([{{"type":"text","text":{}}}{}])", json::quote(result.text), *blocks);
  result.structured_json = json::dump({{"type", "parts"},
                                       {"file",
                                        {{"filePath", file.shown},
                                         {"originalSize", file.size_bytes},
                                         {"count", files->size()},
                                         {"outputDir", folder->string()}}}});
  co_return result;
}

// Which pages to draw. Errors: kInvalidInput.
Result<PageRange> choose_pages(std::string_view wanted, const PdfInfo& info, const MediaFile& file) {
  if (wanted.empty() && info.pages <= kMaxWholePages) return PageRange{1, info.pages};
  if (wanted.empty()) {
    return fail(ErrorKind::kInvalidInput,
                fmt::format("{} has {} pages, too many to read at once", file.shown, info.pages),
                fmt::format("Give `pages`, such as \"1-5\": at most {} in one call.", kMaxPagesPerRead));
  }
  AWL_TRY(PageRange range, parse_pages(wanted));
  if (range.first > info.pages) {
    return fail(ErrorKind::kInvalidInput, fmt::format("{} has {} page{}: there is no page {}", file.shown,
                                                      info.pages, info.pages == 1 ? "" : "s", range.first));
  }
  range.last = std::min(range.last, info.pages);
  return range;
}

}  // namespace

Task<ToolResult> read_pdf(MediaFile file, std::string pages, Session& session) {
  if (file.size_bytes > kMaxFile) {
    co_return ToolResult::error(fmt::format(
        "{} is larger than {} MB: take a part of it with Bash, such as `pdftotext -f 1 -l 20 FILE -`",
        file.shown, kMaxFile >> 20U));
  }
  if (!pages.empty()) {
    // A wrong argument is said before any work.
    if (const auto parsed = parse_pages(pages); !parsed)
      co_return ToolResult::error(describe(parsed.error()));
  }
  const auto stat = os::stat(file.path);
  auto inspected = co_await inspect_pdf(file.path, "", file.shown, session);
  if (!inspected) co_return ToolResult::error(describe(inspected.error()));
  const PdfInfo info = *inspected;
  const auto range = choose_pages(pages, info, file);
  if (!range) co_return ToolResult::error(describe(range.error()));
  if (stat) remember(session, file.path, *stat, "");
  // The platform takes no encrypted file, also when it opens without a password.
  if (pages.empty() && !info.encrypted && file.size_bytes <= kMaxDocument) {
    const auto bytes = os::read_resolved_file(file.path, kMaxDocument);
    if (!bytes) co_return ToolResult::error(describe(bytes.error()));
    if (bytes->starts_with("%PDF-")) co_return as_document(file, *bytes, info.pages);
  }
  auto result = co_await as_pictures(file, *range, info, session);
  co_return result;
}

}  // namespace awl::tools
