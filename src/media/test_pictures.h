// For tests: pictures of every kind, made by the libraries that read them.
#pragma once

#include <gif_lib.h>
#include <png.h>
#include <turbojpeg.h>
#include <webp/encode.h>
#include <webp/mux.h>

#include <random>
#include <string>

#include "media/encode.h"
#include "media/pixels.h"

namespace awl::media {

struct Colour {
  uint8_t red = 0;
  uint8_t green = 0;
  uint8_t blue = 0;
  uint8_t alpha = 255;
};

constexpr Colour kRed{220, 30, 30, 255};
constexpr Colour kBlue{30, 30, 220, 255};

inline void paint(Pixels& pixels, uint32_t x, uint32_t y, Colour colour) {
  uint8_t* pixel = pixels.rgba.data() + (size_t{y} * pixels.size.width + x) * kBytesPerPixel;
  pixel[0] = colour.red;
  pixel[1] = colour.green;
  pixel[2] = colour.blue;
  pixel[3] = colour.alpha;
}

inline Colour colour_at(const Pixels& pixels, uint32_t x, uint32_t y) {
  const uint8_t* pixel = pixels.rgba.data() + (size_t{y} * pixels.size.width + x) * kBytesPerPixel;
  return {pixel[0], pixel[1], pixel[2], pixel[3]};
}

/// Red, but for the upper left quarter, which is blue.
inline Pixels marked_picture(uint32_t width, uint32_t height) {
  Pixels pixels{{width, height}, std::vector<uint8_t>(size_t{width} * height * kBytesPerPixel)};
  for (uint32_t y = 0; y < height; ++y) {
    for (uint32_t x = 0; x < width; ++x) paint(pixels, x, y, x < width / 2 && y < height / 2 ? kBlue : kRed);
  }
  return pixels;
}

/// Does not compress.
inline Pixels noise(uint32_t width, uint32_t height) {
  Pixels pixels{{width, height}, std::vector<uint8_t>(size_t{width} * height * kBytesPerPixel)};
  std::minstd_rand random(7);
  for (uint8_t& byte : pixels.rgba) byte = static_cast<uint8_t>(random() >> 8U);
  for (size_t i = 3; i < pixels.rgba.size(); i += kBytesPerPixel) pixels.rgba[i] = 255;
  return pixels;
}

inline std::string png_of(const Pixels& pixels) { return encode_png(pixels).value(); }
inline std::string jpeg_of(const Pixels& pixels, int quality = 90) {
  return encode_jpeg(pixels, quality).value();
}

inline std::string png16_of(uint32_t width, uint32_t height, uint16_t level) {
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  png.width = width;
  png.height = height;
  png.format = PNG_FORMAT_LINEAR_RGB;
  const std::vector<uint16_t> samples(size_t{width} * height * 3, level);
  std::string out(PNG_IMAGE_PNG_SIZE_MAX(png), '\0');
  png_alloc_size_t size = out.size();
  png_image_write_to_memory(&png, out.data(), &size, 0, samples.data(), 0, nullptr);
  out.resize(size);
  return out;
}

inline std::string cmyk_jpeg_of(uint32_t width, uint32_t height, Colour inks) {
  std::vector<uint8_t> samples;
  for (size_t i = 0; i < size_t{width} * height; ++i) {
    samples.insert(samples.end(), {inks.red, inks.green, inks.blue, inks.alpha});
  }
  tjhandle compressor = tjInitCompress();
  unsigned char* data = nullptr;
  unsigned long size = 0;
  tjCompress2(compressor, samples.data(), static_cast<int>(width), 0, static_cast<int>(height), TJPF_CMYK,
              &data, &size, TJSAMP_444, 95, 0);
  std::string out(reinterpret_cast<const char*>(data), size);
  tjFree(data);
  tjDestroy(compressor);
  return out;
}

inline std::string with_orientation(const std::string& jpeg, char orientation) {
  using std::string_literals::operator""s;
  const std::string exif =
      "Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0"s + orientation + "\0\0\0\0\0\0\0"s;
  return jpeg.substr(0, 2) + "\xFF\xE1\0"s + static_cast<char>(exif.size() + 2) + exif + jpeg.substr(2);
}

/// Two frames, the first red, the second blue.
inline std::string animated_gif(int width, int height, bool interlaced = false) {
  std::string out;
  const auto append = [](GifFileType* gif, const GifByteType* bytes, int count) {
    static_cast<std::string*>(gif->UserData)
        ->append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(count));
    return count;
  };
  GifFileType* gif = EGifOpen(&out, append, nullptr);
  const GifColorType colours[] = {{220, 30, 30}, {30, 30, 220}};
  ColorMapObject* map = GifMakeMapObject(2, colours);
  EGifPutScreenDesc(gif, width, height, 8, 0, map);
  std::vector<GifPixelType> line(static_cast<size_t>(width));
  for (int frame = 0; frame < 2; ++frame) {
    EGifPutImageDesc(gif, 0, 0, width, height, interlaced, nullptr);
    std::fill(line.begin(), line.end(), static_cast<GifPixelType>(frame));
    for (int row = 0; row < height; ++row) EGifPutLine(gif, line.data(), width);
  }
  GifFreeMapObject(map);
  EGifCloseFile(gif, nullptr);
  return out;
}

inline std::string webp_of(const Pixels& pixels) {
  uint8_t* data = nullptr;
  const size_t size = WebPEncodeLosslessRGBA(pixels.rgba.data(), static_cast<int>(pixels.size.width),
                                             static_cast<int>(pixels.size.height),
                                             static_cast<int>(pixels.size.width * 4), &data);
  std::string out(reinterpret_cast<const char*>(data), size);
  WebPFree(data);
  return out;
}

inline std::string animated_webp(uint32_t width, uint32_t height) {
  WebPAnimEncoderOptions options;
  WebPAnimEncoderOptionsInit(&options);
  WebPAnimEncoder* encoder = WebPAnimEncoderNew(static_cast<int>(width), static_cast<int>(height), &options);
  const Pixels first = marked_picture(width, height);
  Pixels second = first;
  for (uint8_t& byte : second.rgba) byte = 255;
  int time_ms = 0;
  for (const Pixels* pixels : {&first, static_cast<const Pixels*>(&second)}) {
    WebPPicture picture;
    WebPPictureInit(&picture);
    picture.use_argb = 1;
    picture.width = static_cast<int>(width);
    picture.height = static_cast<int>(height);
    WebPPictureImportRGBA(&picture, pixels->rgba.data(), static_cast<int>(width * 4));
    WebPAnimEncoderAdd(encoder, &picture, time_ms, nullptr);
    WebPPictureFree(&picture);
    time_ms += 100;
  }
  WebPAnimEncoderAdd(encoder, nullptr, time_ms, nullptr);
  WebPData data;
  WebPDataInit(&data);
  WebPAnimEncoderAssemble(encoder, &data);
  std::string out(reinterpret_cast<const char*>(data.bytes), data.size);
  WebPDataClear(&data);
  WebPAnimEncoderDelete(encoder);
  return out;
}

/// A valid PNG header that promises a picture of this size, and next to nothing behind it.
inline std::string png_bomb(uint32_t width, uint32_t height) {
  std::string png = png_of(marked_picture(1, 1));
  for (int i = 0; i < 4; ++i) {
    png[static_cast<size_t>(16 + i)] = static_cast<char>(width >> (24 - 8 * i));
    png[static_cast<size_t>(20 + i)] = static_cast<char>(height >> (24 - 8 * i));
  }
  uint32_t crc = 0xFFFFFFFF;  // of type and data of the first chunk
  for (size_t i = 12; i < 29; ++i) {
    crc ^= static_cast<uint8_t>(png[i]);
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1U ^ (crc % 2 != 0 ? 0xEDB88320U : 0U);
  }
  crc = ~crc;
  for (int i = 0; i < 4; ++i) png[static_cast<size_t>(29 + i)] = static_cast<char>(crc >> (24 - 8 * i));
  return png;
}

}  // namespace awl::media
