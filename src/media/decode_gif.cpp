#include <gif_lib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>
#include <span>

#include "media/decode.h"

namespace awl::media {

namespace {

struct CloseGif {
  void operator()(GifFileType* gif) const { DGifCloseFile(gif, nullptr); }
};
using Gif = std::unique_ptr<GifFileType, CloseGif>;

int read_from_view(GifFileType* gif, GifByteType* out, int count) {
  auto& rest = *static_cast<std::string_view*>(gif->UserData);
  const size_t taken = std::min(rest.size(), static_cast<size_t>(std::max(count, 0)));
  std::memcpy(out, rest.data(), taken);
  rest.remove_prefix(taken);
  return static_cast<int>(taken);
}

std::unexpected<Error> damaged_gif(const GifFileType& gif) {
  const char* cause = GifErrorString(gif.Error);
  return damaged("GIF", cause == nullptr ? "it ends too early" : cause);
}

// Reads an extension; the colour that means transparent, when it is the one that says so.
Result<> read_extension(GifFileType& gif, std::optional<int>& transparent) {
  int code = 0;
  GifByteType* data = nullptr;
  if (DGifGetExtension(&gif, &code, &data) == GIF_ERROR) return damaged_gif(gif);
  while (data != nullptr) {
    GraphicsControlBlock control{};
    if (code == GRAPHICS_EXT_FUNC_CODE && DGifExtensionToGCB(data[0], data + 1, &control) == GIF_OK &&
        control.TransparentColor != NO_TRANSPARENT_COLOR) {
      transparent = control.TransparentColor;
    }
    if (DGifGetExtensionNext(&gif, &data) == GIF_ERROR) return damaged_gif(gif);
  }
  return {};
}

// The rows of an interlaced frame come in four passes (GIF89a, appendix E).
std::vector<int> row_order(int height, bool interlaced) {
  constexpr std::array<std::pair<int, int>, 4> kPasses{{{0, 8}, {4, 8}, {2, 4}, {1, 2}}};
  std::vector<int> rows;
  rows.reserve(static_cast<size_t>(height));
  if (!interlaced) {
    for (int row = 0; row < height; ++row) rows.push_back(row);
    return rows;
  }
  for (const auto& [first, step] : kPasses) {
    for (int row = first; row < height; row += step) rows.push_back(row);
  }
  return rows;
}

// Puts the frame onto the canvas, without what hangs over its edges.
Result<> read_frame(GifFileType& gif, std::optional<int> transparent, Pixels& canvas) {
  if (DGifGetImageDesc(&gif) == GIF_ERROR) return damaged_gif(gif);
  const GifImageDesc& frame = gif.Image;
  const ColorMapObject* map = frame.ColorMap != nullptr ? frame.ColorMap : gif.SColorMap;
  if (map == nullptr) return damaged("GIF", "it has no colours");
  const std::span<const GifColorType> colours(map->Colors, static_cast<size_t>(map->ColorCount));
  AWL_CHECK(check_size({static_cast<uint32_t>(frame.Width), static_cast<uint32_t>(frame.Height)}));
  std::vector<GifPixelType> line(static_cast<size_t>(frame.Width));
  for (const int row : row_order(frame.Height, frame.Interlace)) {
    if (DGifGetLine(&gif, line.data(), frame.Width) == GIF_ERROR) return damaged_gif(gif);
    const auto y = static_cast<size_t>(frame.Top + row);
    for (size_t i = 0; i < line.size(); ++i) {
      const size_t x = static_cast<size_t>(frame.Left) + i;
      if (x >= canvas.size.width || y >= canvas.size.height) continue;
      if (line[i] == transparent || line[i] >= colours.size()) continue;
      const GifColorType& colour = colours[line[i]];
      uint8_t* pixel = canvas.rgba.data() + (y * canvas.size.width + x) * kBytesPerPixel;
      pixel[0] = colour.Red;
      pixel[1] = colour.Green;
      pixel[2] = colour.Blue;
      pixel[3] = 255;
    }
  }
  return {};
}

}  // namespace

Result<Pixels> decode_gif(std::string_view bytes) {
  int error = 0;
  const Gif gif(DGifOpen(&bytes, read_from_view, &error));
  if (gif == nullptr) return damaged("GIF", "it ends too early");
  Pixels canvas;
  canvas.size = {static_cast<uint32_t>(gif->SWidth), static_cast<uint32_t>(gif->SHeight)};
  AWL_CHECK(check_size(canvas.size));
  canvas.rgba.resize(size_t{canvas.size.width} * canvas.size.height * kBytesPerPixel);
  std::optional<int> transparent;
  for (;;) {
    GifRecordType record = UNDEFINED_RECORD_TYPE;
    if (DGifGetRecordType(gif.get(), &record) == GIF_ERROR) return damaged_gif(*gif);
    if (record == TERMINATE_RECORD_TYPE) return damaged("GIF", "it has no picture");
    if (record == EXTENSION_RECORD_TYPE) {
      AWL_CHECK(read_extension(*gif, transparent));
    } else if (record == IMAGE_DESC_RECORD_TYPE) {
      AWL_CHECK(read_frame(*gif, transparent, canvas));
      return canvas;
    }
  }
}

}  // namespace awl::media
