#include "tools/image.h"

#include <gtest/gtest.h>

#include <string>

namespace awl::tools {
namespace {

using std::string_literals::operator""s;

std::string describe_image(const std::string& bytes) {
  const auto image = identify_image(bytes);
  return image ? fmt::format("{} {}x{}", image->media_type, image->width, image->height) : "none";
}

TEST(Image, KnowsTheFourFormats) {
  EXPECT_EQ(describe_image("\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\1\0\0\0\0\x20"s), "image/png 256x32");
  EXPECT_EQ(describe_image("GIF89a\x05\0\x06\0"s), "image/gif 5x6");
  EXPECT_EQ(describe_image("\xFF\xD8\xFF\xE0\0\x04xx\xFF\xC2\0\x11\x08\0\x07\0\x09\x03"s), "image/jpeg 9x7");
  EXPECT_EQ(describe_image("RIFFxxxxWEBPVP8Xxxxxxxxx\x0F\0\0\x1F\0\0"s), "image/webp 16x32");
  EXPECT_EQ(describe_image("RIFFxxxxWEBPVP8 xxxxxxx\x9D\x01\x2A\x20\0\x10\0"s), "image/webp 32x16");
  EXPECT_EQ(describe_image("RIFFxxxxWEBPVP8Lxxxx\x2F\x07\0\x01\0"s), "image/webp 8x5");
  EXPECT_EQ(describe_image("BM"), "none");
  EXPECT_EQ(describe_image(""), "none");
}

TEST(Image, ShortOnesHaveNoSize) {
  const std::string whole = "\xFF\xD8\xFF\xE0\0\x04xx\xFF\xC2\0\x11\x08\0\x07\0\x09\x03"s;
  for (size_t length = 3; length + 2 < whole.size(); ++length) {
    EXPECT_EQ(describe_image(whole.substr(0, length)), "image/jpeg 0x0") << length;
  }
  EXPECT_EQ(describe_image("RIFFxxxxWEBP"), "image/webp 0x0");
}

TEST(Image, LimitsOfTheApi) {
  const ImageInfo image{"image/png", 100, 100};
  EXPECT_TRUE(check_image(image, 3'900'000, "a"));
  EXPECT_FALSE(check_image(image, 4'000'000, "a"));
  EXPECT_FALSE(check_image({"image/png", 8001, 10}, 10, "a"));
  EXPECT_FALSE(check_image({"image/png", 0, 0}, 10, "a"));
}

}  // namespace
}  // namespace awl::tools
