// Headers of images are read from files and messages that anybody may have made.
#include <cstdlib>
#include <string_view>

#include "image/header.h"
#include "image/limits.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto header = awl::image::identify(bytes);
  if (!header) return 0;
  if (header->orientation < 1 || header->orientation > 8) std::abort();
  awl::image::is_complete(bytes, *header);
  const auto fitted = awl::image::fit_inside({header->width, header->height}, awl::image::kMaxSide);
  if (fitted.width > awl::image::kMaxSide || fitted.height > awl::image::kMaxSide) std::abort();
  if (header->is_measured() && (fitted.width == 0 || fitted.height == 0)) std::abort();
  return 0;
}
