#include "media/pixels.h"

#include <gtest/gtest.h>

#include "media/test_pictures.h"

namespace awl::media {
namespace {

// Where the marked corner of a picture is: "left top" …
std::string corner(const Pixels& pixels) {
  const uint32_t right = pixels.size.width - 1;
  const uint32_t bottom = pixels.size.height - 1;
  const auto is_marked = [&](uint32_t x, uint32_t y) { return colour_at(pixels, x, y).blue > 128; };
  if (is_marked(0, 0)) return "left top";
  if (is_marked(right, 0)) return "right top";
  if (is_marked(0, bottom)) return "left bottom";
  return is_marked(right, bottom) ? "right bottom" : "none";
}

TEST(Pixels, UprightForEveryOrientation) {
  const auto turned = [](int orientation) { return upright(marked_picture(6, 4), orientation); };
  EXPECT_EQ(corner(turned(1)), "left top");
  EXPECT_EQ(corner(turned(2)), "right top");
  EXPECT_EQ(corner(turned(3)), "right bottom");
  EXPECT_EQ(corner(turned(4)), "left bottom");
  EXPECT_EQ(corner(turned(5)), "left top");
  EXPECT_EQ(corner(turned(6)), "right top");
  EXPECT_EQ(corner(turned(7)), "right bottom");
  EXPECT_EQ(corner(turned(8)), "left bottom");
  EXPECT_EQ(turned(3).size, (image::Size{6, 4}));
  EXPECT_EQ(turned(6).size, (image::Size{4, 6}));
}

TEST(Pixels, ShrinkingAverages) {
  Pixels pixels = marked_picture(4, 2);  // one blue pair above, the rest red
  const Pixels small = shrink(pixels, {2, 1});
  EXPECT_EQ(colour_at(small, 0, 0).red, (220 + 30) / 2);
  EXPECT_EQ(colour_at(small, 1, 0).red, 220);
  const Pixels odd = shrink(marked_picture(7, 5), {3, 2});
  EXPECT_EQ(odd.size, (image::Size{3, 2}));
  EXPECT_EQ(colour_at(odd, 0, 0).blue, 220);
  EXPECT_EQ(colour_at(odd, 2, 1).red, 220);
}

TEST(Pixels, WhatIsTransparentDoesNotColourTheAverage) {
  Pixels pixels = marked_picture(2, 1);
  paint(pixels, 0, 0, {0, 255, 0, 0});
  paint(pixels, 1, 0, kRed);
  const Colour mixed = colour_at(shrink(pixels, {1, 1}), 0, 0);
  EXPECT_EQ(mixed.red, 220);
  EXPECT_EQ(mixed.green, 30);
  EXPECT_EQ(mixed.alpha, 128);
}

TEST(Pixels, WithoutAlphaItLiesOnWhite) {
  Pixels pixels = marked_picture(2, 1);
  paint(pixels, 0, 0, {0, 0, 0, 0});
  paint(pixels, 1, 0, {0, 0, 0, 51});
  EXPECT_FALSE(pixels.is_opaque());
  remove_alpha(pixels);
  EXPECT_TRUE(pixels.is_opaque());
  EXPECT_EQ(colour_at(pixels, 0, 0).green, 255);
  EXPECT_EQ(colour_at(pixels, 1, 0).green, 204);
}

}  // namespace
}  // namespace awl::media
