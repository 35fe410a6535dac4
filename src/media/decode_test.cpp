#include "media/decode.h"

#include <gmock/gmock.h>

#include "media/test_pictures.h"

namespace awl::media {
namespace {

using ::testing::HasSubstr;

Result<Pixels> decode_any(std::string_view bytes, uint32_t wanted_side = image::kMaxSide) {
  const auto header = image::identify(bytes);
  if (!header) return fail(ErrorKind::kInvalidInput, "no image");
  return decode(bytes, *header, wanted_side);
}

void expect_marked(const std::string& bytes, image::Size size, int tolerance) {
  const auto pixels = decode_any(bytes);
  ASSERT_TRUE(pixels) << pixels.error().message;
  EXPECT_EQ(pixels->size, size);
  EXPECT_NEAR(colour_at(*pixels, 0, 0).blue, 220, tolerance);
  EXPECT_NEAR(colour_at(*pixels, size.width - 1, size.height - 1).red, 220, tolerance);
}

TEST(Decode, TheFormats) {
  const Pixels picture = marked_picture(64, 48);
  expect_marked(png_of(picture), picture.size, 0);
  expect_marked(jpeg_of(picture), picture.size, 12);
  expect_marked(webp_of(picture), picture.size, 0);
}

TEST(Decode, SixteenBitsAPixel) {
  const auto pixels = decode_any(png16_of(3, 2, 65'535));
  ASSERT_TRUE(pixels) << pixels.error().message;
  EXPECT_EQ(colour_at(*pixels, 2, 1).green, 255);
}

TEST(Decode, OnlyTheFirstFrameOfAnAnimation) {
  for (const bool interlaced : {false, true}) {
    const auto gif = decode_any(animated_gif(20, 9, interlaced));
    ASSERT_TRUE(gif) << gif.error().message;
    EXPECT_EQ(gif->size, (image::Size{20, 9}));
    for (uint32_t y = 0; y < 9; ++y) EXPECT_EQ(colour_at(*gif, 19, y).red, 220) << y;
  }
  expect_marked(animated_webp(40, 30), {40, 30}, 0);
}

TEST(Decode, InksOfAJpeg) {
  // As Adobe's programs store it: 255 is no ink.
  const auto pixels = decode_any(cmyk_jpeg_of(16, 16, {255, 40, 40, 255}));
  ASSERT_TRUE(pixels) << pixels.error().message;
  EXPECT_NEAR(colour_at(*pixels, 8, 8).red, 255, 12);
  EXPECT_NEAR(colour_at(*pixels, 8, 8).green, 40, 12);
  EXPECT_EQ(colour_at(*pixels, 8, 8).alpha, 255);
}

TEST(Decode, ALargeJpegComesSmaller) {
  const auto pixels = decode_any(jpeg_of(marked_picture(800, 400)), 100);
  ASSERT_TRUE(pixels);
  EXPECT_EQ(pixels->size, (image::Size{100, 50}));
  EXPECT_NEAR(colour_at(*pixels, 0, 0).blue, 220, 12);
}

TEST(Decode, DamageIsASentence) {
  const Pixels picture = noise(60, 60);
  for (const std::string& whole :
       {png_of(picture), jpeg_of(picture), webp_of(picture), animated_gif(60, 60)}) {
    const std::string_view type = image::identify(whole)->media_type;
    for (const size_t part : {8U, 16U, 30U, 90U}) {
      const std::string cut = whole.substr(0, whole.size() * part / 200);
      if (!image::identify(cut)) continue;
      const auto pixels = decode_any(cut);
      ASSERT_FALSE(pixels) << type << " " << part;
      EXPECT_THAT(pixels.error().message, testing::AnyOf(HasSubstr("damaged"), HasSubstr("no pixels")))
          << type;
    }
  }
  std::string wrong = png_of(picture);
  wrong[wrong.size() / 2] = static_cast<char>(~wrong[wrong.size() / 2]);
  EXPECT_FALSE(decode_any(wrong));
}

TEST(Decode, ABombIsRefusedBeforeItTakesMemory) {
  const auto pixels = decode_any(png_bomb(50'000, 50'000));
  ASSERT_FALSE(pixels);
  EXPECT_THAT(pixels.error().message, HasSubstr("50000x50000"));
  EXPECT_FALSE(decode_any(png_bomb(0xFFFFFFFF, 0xFFFFFFFF)));
  EXPECT_FALSE(decode_any(png_bomb(0, 10)));
}

TEST(Decode, AFrameOutsideOfItsScreenIsCutOff) {
  std::string gif = animated_gif(20, 9);
  gif[6] = 5;  // the screen's width
  gif[8] = 3;
  const auto pixels = decode_any(gif);
  ASSERT_TRUE(pixels) << pixels.error().message;
  EXPECT_EQ(pixels->size, (image::Size{5, 3}));
}

}  // namespace
}  // namespace awl::media
