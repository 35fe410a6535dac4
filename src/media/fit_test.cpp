#include "media/fit.h"

#include <gmock/gmock.h>

#include "image/header.h"
#include "media/decode.h"
#include "media/test_pictures.h"

namespace awl::media {
namespace {

using ::testing::HasSubstr;

image::Size size_of(std::string_view bytes) {
  const auto header = image::identify(bytes);
  return header ? image::Size{header->width, header->height} : image::Size{};
}

TEST(Fit, WhatFitsIsLeftAlone) {
  const Pixels picture = marked_picture(64, 48);
  for (const std::string& bytes :
       {png_of(picture), jpeg_of(picture), webp_of(picture), animated_gif(64, 48)}) {
    const auto fitted = fit(bytes, {});
    ASSERT_TRUE(fitted) << fitted.error().message;
    EXPECT_EQ(fitted->media_type, image::identify(bytes)->media_type);
    EXPECT_EQ(fitted->bytes, "");
    EXPECT_EQ(fitted->size, picture.size);
  }
}

TEST(Fit, TooManyPixelsBecomeFewer) {
  const auto drawing = fit(png_of(marked_picture(300, 200)), {.max_side = 150});
  ASSERT_TRUE(drawing);
  EXPECT_EQ(drawing->media_type, "image/png") << "a drawing stays sharp";
  EXPECT_EQ(drawing->original, (image::Size{300, 200}));
  EXPECT_EQ(drawing->size, (image::Size{150, 100}));
  EXPECT_EQ(size_of(drawing->bytes), drawing->size);

  const auto photo = fit(jpeg_of(marked_picture(300, 200)), {.max_side = 150});
  ASSERT_TRUE(photo);
  EXPECT_EQ(photo->media_type, "image/jpeg");
  EXPECT_EQ(size_of(photo->bytes), (image::Size{150, 100}));

  const auto gif = fit(animated_gif(300, 200), {.max_side = 150});
  ASSERT_TRUE(gif);
  const auto frame = decode_png(gif->bytes);
  ASSERT_TRUE(frame);
  EXPECT_EQ(colour_at(*frame, 75, 50).red, 220) << "the first frame";
}

TEST(Fit, ManyBytesBecomeAJpegOfTheSameSize) {
  const std::string bytes = png_of(noise(300, 300));
  const auto fitted = fit(bytes, {.max_side = 2000, .max_bytes = 200'000, .comfortable_bytes = 60'000});
  ASSERT_TRUE(fitted) << fitted.error().message;
  EXPECT_EQ(fitted->media_type, "image/jpeg");
  EXPECT_EQ(size_of(fitted->bytes), (image::Size{300, 300}));
  EXPECT_LT(fitted->bytes.size(), 200'000U);
}

TEST(Fit, WhatCannotBeSmallEnoughIsASentence) {
  const auto fitted = fit(png_of(noise(300, 300)), {.max_bytes = 3000, .comfortable_bytes = 2000});
  ASSERT_FALSE(fitted);
  EXPECT_THAT(fitted.error().message, HasSubstr("3000"));
}

TEST(Fit, APhotographIsTurnedUpright) {
  const auto fitted = fit(with_orientation(jpeg_of(marked_picture(80, 40)), 6), {});
  ASSERT_TRUE(fitted) << fitted.error().message;
  EXPECT_EQ(fitted->original, (image::Size{40, 80}));
  ASSERT_EQ(size_of(fitted->bytes), (image::Size{40, 80}));
  const auto pixels = decode_jpeg(fitted->bytes, 2000);
  ASSERT_TRUE(pixels);
  EXPECT_GT(colour_at(*pixels, 39, 0).blue, 180);

  const auto large = fit(with_orientation(jpeg_of(marked_picture(400, 200)), 8), {.max_side = 100});
  ASSERT_TRUE(large);
  EXPECT_EQ(large->original, (image::Size{200, 400}));
  EXPECT_EQ(size_of(large->bytes), (image::Size{50, 100}));
}

TEST(Fit, OtherThingsAreSentences) {
  EXPECT_THAT(fit("BM", {}).error().message, HasSubstr("PNG, JPEG, GIF or WebP"));
  EXPECT_FALSE(fit("", {}));
  EXPECT_FALSE(fit("\x89PNG\r\n\x1A\n", {}));
}

}  // namespace
}  // namespace awl::media
