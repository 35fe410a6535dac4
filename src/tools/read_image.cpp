// Read of an image.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/encoding.h"
#include "os/resolved_file.h"
#include "tools/file_rules.h"
#include "tools/read_media.h"
#include "tools/sendable_image.h"

namespace awl::tools {

namespace {

std::string describe_image(const SendableImage& image, std::string_view shown) {
  if (image.size == image.original) {
    return fmt::format("{} is an image of {}x{} pixels{}.", shown, image.size.width, image.size.height,
                       image.changed ? ", shown recompressed" : "");
  }
  // Coordinates that the model reads off the picture are those of the smaller one.
  return fmt::format("{} is an image of {}x{} pixels, shown as {}x{}: multiply coordinates in it by {:.3g}.",
                     shown, image.original.width, image.original.height, image.size.width, image.size.height,
                     static_cast<double>(image.original.width) / image.size.width);
}

}  // namespace

Task<ToolResult> read_image(MediaFile file, Session& session) {
  const auto info = os::stat(file.path);
  auto bytes = os::read_resolved_file(file.path, image::kMaxSourceBytes);
  if (!bytes) co_return ToolResult::error(describe(bytes.error()));
  if (info) remember(session, file.path, *info, *bytes);
  const size_t original_bytes = bytes->size();
  auto made = co_await make_sendable(std::move(*bytes), file.shown, ImageCare::kComfort, session);
  if (!made) co_return ToolResult::error(describe(made.error()));
  const SendableImage& image = *made;
  ToolResult result;
  result.text = describe_image(image, file.shown);
  result.content_json = "[" + image_block(image);
  if (image.changed)
    result.content_json += fmt::format(R"(,{{"type":"text","text":{}}})", json::quote(result.text));
  result.content_json += "]";
  result.structured_json = json::dump({{"type", "image"},
                                       {"file",
                                        {{"base64", to_base64(image.bytes)},
                                         {"type", image.media_type},
                                         {"originalSize", original_bytes},
                                         {"dimensions",
                                          {{"originalWidth", image.original.width},
                                           {"originalHeight", image.original.height},
                                           {"displayWidth", image.size.width},
                                           {"displayHeight", image.size.height}}}}}});
  co_return result;
}

}  // namespace awl::tools
