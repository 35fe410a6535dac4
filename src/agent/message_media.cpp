#include "agent/message_media.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "json/json.h"
#include "tools/pdf.h"
#include "tools/sendable_image.h"

namespace awl::agent {

namespace {

constexpr std::string_view kImageTypes[] = {"image/png", "image/jpeg", "image/gif", "image/webp"};
constexpr size_t kMaxMessageBytes = 30
                                    << 20;  // of its blocks: a request may have 32 MB with everything in it

std::unexpected<Error> wrong(std::string message) {
  return fail(ErrorKind::kInvalidInput, std::move(message));
}

// The bytes of a base64 source, or nothing for one that the platform fetches itself (a URL, a file id).
Result<std::optional<std::string>> source_bytes(const json::Value& block, std::string_view shown) {
  const json::Value* source = json::find(block, "source");
  if (source == nullptr || !source->is_object()) return wrong(fmt::format("{} has no source", shown));
  if (json::string_or_empty(*source, "type") != "base64") return std::nullopt;
  const json::Value* data = json::find(*source, "data");
  auto bytes =
      data != nullptr && data->is_string() ? from_base64(data->get_ref<const std::string&>()) : std::nullopt;
  if (!bytes) return wrong(fmt::format("the data of {} is not base64", shown));
  if (bytes->empty()) return wrong(fmt::format("{} is empty", shown));
  return bytes;
}

Task<Result<>> fit_image(json::Value& block, bool& changed, std::string shown,
                         const tools::Session& session) {
  AWL_CO_TRY(std::optional<std::string> bytes, source_bytes(block, shown));
  if (!bytes) co_return Result<>();
  const std::string media_type = json::string_or_empty(block["source"], "media_type");
  if (std::ranges::find(kImageTypes, media_type) == std::end(kImageTypes)) {
    co_return wrong(fmt::format(
        "{} has the media type \"{}\"; image/png, image/jpeg, image/gif and image/webp can be sent", shown,
        media_type));
  }
  auto made =
      co_await tools::make_sendable(std::move(*bytes), std::move(shown), tools::ImageCare::kLimits, session);
  AWL_CO_TRY(const tools::SendableImage image, std::move(made));
  // A wrong media type is refused by the API, and easily made: a file's name says nothing.
  changed = image.changed || image.media_type != media_type;
  if (changed)
    block["source"] = {
        {"type", "base64"}, {"media_type", image.media_type}, {"data", to_base64(image.bytes)}};
  co_return Result<>();
}

Task<Result<>> check_document(const json::Value& block, std::string shown, size_t max_pages,
                              const tools::Session& session) {
  const json::Value* source = json::find(block, "source");
  const std::string media_type = source == nullptr ? "" : json::string_or_empty(*source, "media_type");
  AWL_CO_TRY(std::optional<std::string> bytes, source_bytes(block, shown));
  if (!bytes) co_return Result<>();
  if (media_type != "application/pdf") {
    co_return wrong(fmt::format("{} has the media type \"{}\"; in base64 only application/pdf can be sent",
                                shown, media_type));
  }
  if (!bytes->starts_with("%PDF-")) co_return wrong(fmt::format("{} is no PDF file", shown));
  auto inspected = co_await tools::inspect_pdf("", std::move(*bytes), shown, session);
  // Without poppler nothing more is known; the platform looks itself.
  if (!inspected && inspected.error().kind == ErrorKind::kUnsupported) co_return Result<>();
  AWL_CO_TRY(const tools::PdfInfo info, std::move(inspected));
  if (info.encrypted) co_return wrong(fmt::format("{} is encrypted; send a copy that is not", shown));
  if (static_cast<size_t>(info.pages) > max_pages) {
    co_return wrong(
        fmt::format("{} has {} pages; {} can be sent. Let the file be read by its path, in ranges of pages",
                    shown, info.pages, max_pages));
  }
  co_return Result<>();
}

struct Counts {
  size_t images = 0;
  size_t documents = 0;
};

Task<Result<>> fit_block(std::string& text, Counts& counts, size_t max_count, const tools::Session& session) {
  auto block = json::parse(text);
  if (!block) co_return Result<>();
  const std::string type = json::string_or_empty(*block, "type");
  if (type == "image") {
    bool changed = false;
    std::string shown = fmt::format("image {} of the message", ++counts.images);
    auto fitted = co_await fit_image(*block, changed, std::move(shown), session);
    AWL_CO_CHECK(std::move(fitted));
    if (changed) text = json::dump(*block);
  } else if (type == "document") {
    std::string shown = fmt::format("document {} of the message", ++counts.documents);
    auto checked = co_await check_document(*block, std::move(shown), max_count, session);
    AWL_CO_CHECK(std::move(checked));
  }
  co_return Result<>();
}

}  // namespace

Task<Result<>> fit_message_media(std::vector<std::string>& blocks, size_t max_count,
                                 const tools::Session& session) {
  Counts counts;
  size_t total = 0;
  for (std::string& block : blocks) {
    // Text, which may be long, need not be parsed again.
    if (block.find(R"("source")") != std::string::npos) {
      auto fitted = co_await fit_block(block, counts, max_count, session);
      AWL_CO_CHECK(std::move(fitted));
    }
    total += block.size();
  }
  if (counts.images > max_count) {
    co_return wrong(
        fmt::format("the message has {} images; a request may have {}", counts.images, max_count));
  }
  if (total > kMaxMessageBytes) {
    co_return wrong(
        fmt::format("the message has {:.1f} MB; a request may have 32 MB with everything in it. Leave "
                    "images or documents out, or give large files by their path",
                    static_cast<double>(total) / (1 << 20)));
  }
  co_return Result<>();
}

}  // namespace awl::agent
