#include "tools/sendable_image.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/strings.h"
#include "base/utf8.h"
#include "image/header.h"
#include "os/process.h"

namespace awl::tools {

namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 30s;
constexpr uint64_t kImageCpuSeconds = 30;
constexpr size_t kMaxAnswerLine = 200;
constexpr size_t kShownImageCause = 300;

bool is_within_limits(const image::Header& header, size_t size_bytes) {
  return std::max(header.width, header.height) <= image::kMaxSide && size_bytes <= image::kMaxBytes;
}

std::unexpected<Error> unusable(std::string_view shown, std::string_view cause) {
  return fail(ErrorKind::kInvalidInput, fmt::format("{} cannot be used as an image: {}", shown, cause));
}

// What the header alone tells.
Result<image::Header> check(std::string_view bytes, std::string_view shown) {
  const auto header = image::identify(bytes);
  if (!header) {
    return unusable(shown, bytes.empty()
                               ? "it is empty"
                               : "it is no PNG, JPEG, GIF or WebP image; convert it to one of these");
  }
  if (!header->is_measured() || !image::is_complete(bytes, *header)) {
    return unusable(shown, fmt::format("its {} data is damaged or cut short", header->media_type.substr(6)));
  }
  return *header;
}

std::unexpected<Error> cannot_shrink(const image::Header& header, size_t size_bytes, std::string_view shown,
                                     std::string_view cause) {
  return fail(
      ErrorKind::kUnsupported,
      fmt::format("{} has {}x{} pixels and {} bytes; an image may have {} pixels a side and {} bytes, and {}",
                  shown, header.width, header.height, size_bytes, image::kMaxSide, image::kMaxBytes, cause),
      "Make a smaller copy first, for instance with ImageMagick, and use that.");
}

SendableImage unchanged(std::string bytes, const image::Header& header) {
  SendableImage image;
  image.media_type = header.media_type;
  image.bytes = std::move(bytes);
  image.original = image.size = {header.width, header.height};
  return image;
}

// The line that apps/media/main.cpp describes, and what follows it. nullopt: no such answer.
std::optional<SendableImage> parse_answer(std::string_view answer) {
  const size_t end = answer.substr(0, kMaxAnswerLine).find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const auto words = split(answer.substr(0, end), ' ');
  if (words.size() != 6) return std::nullopt;
  std::array<uint32_t, 5> numbers{};
  for (size_t i = 0; i < numbers.size(); ++i) {
    const auto number = parse_integer(words[i + 1]);
    if (!number || *number < 0 || *number > UINT32_MAX) return std::nullopt;
    numbers[i] = static_cast<uint32_t>(*number);
  }
  SendableImage image;
  image.media_type = words[0];
  image.size = {numbers[0], numbers[1]};
  image.original = {numbers[2], numbers[3]};
  image.bytes = answer.substr(end + 1);
  image.changed = !image.bytes.empty();
  if (image.bytes.size() != numbers[4]) return std::nullopt;
  const auto header = image::identify(image.bytes);
  if (image.changed && (!header || header->media_type != image.media_type)) return std::nullopt;
  return image;
}

os::ProcessOptions media_command(const os::Path& program, ImageCare care) {
  os::ProcessOptions options;
  options.argv = {program.string(), "fit",
                  "--max-side",     fmt::format("{}", image::kMaxSide),
                  "--max-bytes",    fmt::format("{}", image::kMaxBytes)};
  if (care == ImageCare::kComfort) {
    options.argv.insert(options.argv.end(),
                        {"--comfortable-bytes", fmt::format("{}", image::kComfortableBytes)});
  }
  options.max_cpu_seconds = kImageCpuSeconds;
  return options;
}

}  // namespace

Task<Result<SendableImage>> make_sendable(std::string bytes, std::string shown, ImageCare care,
                                          const Session& session) {
  AWL_CO_TRY(const image::Header header, check(bytes, shown));
  const bool within = is_within_limits(header, bytes.size());
  if (within && (care == ImageCare::kLimits || session.media_program.empty())) {
    co_return unchanged(std::move(bytes), header);
  }
  if (session.media_program.empty()) {
    co_return cannot_shrink(header, bytes.size(), shown,
                            "awl-media, which makes them smaller, is not installed beside awl");
  }
  auto ran = co_await os::run_command(media_command(session.media_program, care), bytes, kPatience,
                                      image::kMaxBytes + kMaxAnswerLine);
  if (!ran && within) co_return unchanged(std::move(bytes), header);
  if (!ran) co_return cannot_shrink(header, bytes.size(), shown, ran.error().message);
  const os::CommandResult& result = *ran;
  if (result.status.signal != 0) co_return unusable(shown, "decoding it broke off or took too long");
  if (!result.status.ok()) {
    const std::string cause = to_utf8(trim(result.err));
    co_return unusable(shown, cause.empty() ? "awl-media failed" : utf8_prefix(cause, kShownImageCause));
  }
  auto image = parse_answer(result.out);
  if (!image)
    co_return fail(ErrorKind::kInternal, "awl-media gave an answer that is none: is it of another version?");
  if (!image->changed) image->bytes = std::move(bytes);
  co_return std::move(*image);
}

std::string image_block(const SendableImage& image) {
  return fmt::format(R"({{"type":"image","source":{{"type":"base64","media_type":"{}","data":"{}"}}}})",
                     image.media_type, to_base64(image.bytes));
}

}  // namespace awl::tools
