#include "image/header.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "image/limits.h"

namespace awl::image {
namespace {

using std::string_literals::operator""s;

std::string describe_image(const std::string& bytes) {
  const auto header = identify(bytes);
  return header ? fmt::format("{} {}x{}", header->media_type, header->width, header->height) : "none";
}

TEST(ImageHeader, KnowsTheFourFormats) {
  EXPECT_EQ(describe_image("\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\1\0\0\0\0\x20"s), "image/png 256x32");
  EXPECT_EQ(describe_image("GIF89a\x05\0\x06\0"s), "image/gif 5x6");
  EXPECT_EQ(describe_image("\xFF\xD8\xFF\xE0\0\x04xx\xFF\xC2\0\x11\x08\0\x07\0\x09\x03"s), "image/jpeg 9x7");
  EXPECT_EQ(describe_image("RIFFxxxxWEBPVP8Xxxxxxxxx\x0F\0\0\x1F\0\0"s), "image/webp 16x32");
  EXPECT_EQ(describe_image("RIFFxxxxWEBPVP8 xxxxxxx\x9D\x01\x2A\x20\0\x10\0"s), "image/webp 32x16");
  EXPECT_EQ(describe_image("RIFFxxxxWEBPVP8Lxxxx\x2F\x07\0\x01\0"s), "image/webp 8x5");
  EXPECT_EQ(describe_image("BM"), "none");
  EXPECT_EQ(describe_image(""), "none");
}

TEST(ImageHeader, ShortOnesHaveNoSize) {
  const std::string whole = "\xFF\xD8\xFF\xE0\0\x04xx\xFF\xC2\0\x11\x08\0\x07\0\x09\x03"s;
  for (size_t length = 3; length + 2 < whole.size(); ++length) {
    EXPECT_EQ(describe_image(whole.substr(0, length)), "image/jpeg 0x0") << length;
  }
  EXPECT_EQ(describe_image("RIFFxxxxWEBP"), "image/webp 0x0");
  EXPECT_EQ(describe_image("RIFFxxxxWEBPVP8X"), "image/webp 0x0");
  EXPECT_EQ(describe_image("RIFFxxxxWEBPVP8L"), "image/webp 0x0");
}

std::string jpeg_turned(const std::string& tiff) {
  const std::string exif = "Exif\0\0"s + tiff;
  return "\xFF\xD8\xFF\xE1\0"s + static_cast<char>(exif.size() + 2) + exif +
         "\xFF\xC0\0\x11\x08\0\x07\0\x09\x03"s + "xxxxxxxx";
}

TEST(ImageHeader, TheOrientationOfExif) {
  const std::string little = "II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0"s;
  const std::string big = "MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x08\0\0"s;
  EXPECT_EQ(identify(jpeg_turned(little))->orientation, 6);
  EXPECT_EQ(identify(jpeg_turned(big))->orientation, 8);
  EXPECT_EQ(identify(jpeg_turned(big))->width, 9U);
  std::string nonsense = little;
  nonsense[18] = 9;
  EXPECT_EQ(identify(jpeg_turned(nonsense))->orientation, 1);
  for (size_t length = 0; length + 4 < little.size(); ++length)
    EXPECT_EQ(identify(jpeg_turned(little.substr(0, length)))->orientation, 1) << length;
}

TEST(ImageHeader, FilesThatEndTooEarly) {
  const auto complete = [](const std::string& bytes) { return is_complete(bytes, *identify(bytes)); };
  const std::string chunk = "crc_";
  const std::string png = "\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\1\0\0\0\0\x20\x08\0\0\0\0"s + chunk +
                          "\0\0\0\x02IDATxx"s + chunk + "\0\0\0\0IEND"s + chunk;
  EXPECT_TRUE(complete(png));
  EXPECT_TRUE(complete(png + "more"));
  for (size_t length = 8; length < png.size(); ++length)
    EXPECT_FALSE(complete(png.substr(0, length))) << length;
  EXPECT_TRUE(complete("\xFF\xD8\xFF\xDA pixels \xFF\xD9 notes"));
  EXPECT_FALSE(complete("\xFF\xD8\xFF\xDA pixels"));
  EXPECT_FALSE(complete("GIF89a\x05\0\x06\0xxx"s));
  EXPECT_TRUE(complete("GIF89a\x05\0\x06\0xxx pixels ;"s));
  EXPECT_TRUE(complete("RIFF\x0C\0\0\0WEBPVP8Lxxxx"s));
  EXPECT_FALSE(complete("RIFF\x0D\0\0\0WEBPVP8Lxxxx"s));
}

TEST(ImageLimits, FittingKeepsTheShape) {
  EXPECT_EQ(fit_inside({2000, 100}, 2000), (Size{2000, 100}));
  EXPECT_EQ(fit_inside({4000, 3000}, 2000), (Size{2000, 1500}));
  EXPECT_EQ(fit_inside({3000, 4001}, 2000), (Size{1500, 2000}));
  EXPECT_EQ(fit_inside({1, 60000}, 2000), (Size{1, 2000}));
  EXPECT_EQ(fit_inside({4'294'967'295, 4'294'967'295}, 2000), (Size{2000, 2000}));
}

}  // namespace
}  // namespace awl::image
