#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/encoding.h"
#include "image/header.h"
#include "media/test_pictures.h"
#include "tools/builtin.h"
#include "tools/sendable_image.h"
#include "tools/tool_fixture.h"

namespace awl::tools {
namespace {

using ::testing::HasSubstr;

// A file that a PDF viewer shows: empty pages, numbered by their sizes.
std::string make_pdf(int pages) {
  std::string kids;
  for (int i = 0; i < pages; ++i) kids += fmt::format("{} 0 R ", i + 3);
  std::vector<std::string> objects{"<</Type/Catalog/Pages 2 0 R>>",
                                   fmt::format("<</Type/Pages/Count {}/Kids[{}]>>", pages, kids)};
  for (int i = 0; i < pages; ++i)
    objects.push_back(
        fmt::format("<</Type/Page/Parent 2 0 R/MediaBox[0 0 {} 200]/Resources<<>>>>", 100 * (i + 1)));
  std::string file = "%PDF-1.4\n";
  std::string offsets = "0000000000 65535 f \n";
  for (size_t i = 0; i < objects.size(); ++i) {
    offsets += fmt::format("{:010} 00000 n \n", file.size());
    file += fmt::format("{} 0 obj\n{}\nendobj\n", i + 1, objects[i]);
  }
  const size_t table = file.size();
  return file + fmt::format("xref\n0 {0}\n{1}trailer\n<</Size {0}/Root 1 0 R>>\nstartxref\n{2}\n%%EOF\n",
                            objects.size() + 1, offsets, table);
}

class MediaIntegration : public ToolFixture {
 protected:
  MediaIntegration() {
    session.media_program = AWL_MEDIA;
    session.output_dir = folder / "results";
  }
  ToolResult read(std::string_view name, std::string_view pages = "") {
    return call(*tool, fmt::format(R"({{"file_path":"{}","pages":"{}"}})", name, pages));
  }
  // "image/png 10x20" of the first image of a result, or the result's text.
  std::string shown(const ToolResult& result) {
    const auto blocks = json::parse(result.content_json);
    if (result.is_error || !blocks) return result.text;
    for (const json::Value& block : *blocks) {
      if (block["type"] != "image") continue;
      last_bytes = from_base64(block["source"]["data"].get<std::string>()).value_or("");
      const auto header = image::identify(last_bytes);
      EXPECT_EQ(block["source"]["media_type"], header->media_type);
      EXPECT_LE(last_bytes.size(), image::kMaxBytes);
      return fmt::format("{} {}x{}", header->media_type, header->width, header->height);
    }
    return result.text;
  }
  std::string last_bytes;
  std::unique_ptr<Tool> tool = make_read_tool();
};

TEST_F(MediaIntegration, ImagesWithinTheLimitsKeepTheirBytes) {
  const media::Pixels picture = media::marked_picture(640, 480);
  for (const std::string& bytes : {media::png_of(picture), media::jpeg_of(picture), media::webp_of(picture),
                                   media::animated_gif(640, 480)}) {
    put("picture", bytes);
    EXPECT_THAT(shown(read("picture")), HasSubstr("640x480"));
    EXPECT_EQ(last_bytes, bytes);
  }
}

TEST_F(MediaIntegration, LargeOnesAreMadeSmaller) {
  const media::Pixels wide = media::marked_picture(3000, 1200);
  put("wide.png", media::png_of(wide));
  const ToolResult result = read("wide.png");
  EXPECT_EQ(shown(result), "image/png 2000x800");
  EXPECT_THAT(result.text,
              HasSubstr("3000x1200 pixels, shown as 2000x800: multiply coordinates in it by 1.5"));
  EXPECT_EQ(structured(result)["file"]["originalSize"], media::png_of(wide).size());
  put("wide.jpg", media::jpeg_of(wide));
  EXPECT_EQ(shown(read("wide.jpg")), "image/jpeg 2000x800");
  put("wide.webp", media::webp_of(wide));
  EXPECT_EQ(shown(read("wide.webp")), "image/jpeg 2000x800");
  put("wide.gif", media::animated_gif(3000, 1200));
  EXPECT_EQ(shown(read("wide.gif")), "image/png 2000x800");
}

TEST_F(MediaIntegration, HeavyOnesAreMadeLighter) {
  const std::string heavy = media::png_of(media::noise(1200, 1200));
  ASSERT_GT(heavy.size(), image::kMaxBytes);
  put("heavy.png", heavy);
  EXPECT_EQ(shown(read("heavy.png")), "image/jpeg 1200x1200");
  const auto made = run(make_sendable(heavy, "it", ImageCare::kLimits, session));
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->size, (image::Size{1200, 1200}));
}

TEST_F(MediaIntegration, PhotographsStandUpright) {
  put("p.jpg", media::with_orientation(media::jpeg_of(media::marked_picture(400, 300)), 6));
  EXPECT_EQ(shown(read("p.jpg")), "image/jpeg 300x400");
}

TEST_F(MediaIntegration, DamageAndBombsAreSentences) {
  const std::string whole = media::png_of(media::noise(200, 200));
  put("cut.png", whole.substr(0, whole.size() / 2));
  EXPECT_THAT(read("cut.png").text, HasSubstr("cut.png cannot be used as an image: its png data is damaged"));
  std::string changed = whole;
  changed[changed.size() / 2] = static_cast<char>(~changed[changed.size() / 2]);
  put("changed.png", changed);
  EXPECT_THAT(read("changed.png").text, HasSubstr("its PNG data is damaged"));
  put("bomb.png", media::png_bomb(50'000, 50'000));
  EXPECT_THAT(read("bomb.png").text, HasSubstr("50000x50000"));
  for (const char* name : {"cut.png", "changed.png", "bomb.png"}) EXPECT_TRUE(read(name).is_error) << name;
}

TEST_F(MediaIntegration, PdfFiles) {
  put("short.pdf", make_pdf(3));
  EXPECT_EQ(structured(read("short.pdf"))["file"]["base64"], to_base64(make_pdf(3)));
  put("long.pdf", make_pdf(12));
  EXPECT_THAT(read("long.pdf").text, HasSubstr("12 pages, too many"));
  const ToolResult pages = read("long.pdf", "4-6");
  EXPECT_EQ(shown(pages), "image/jpeg 1568x784") << "page 4 is twice as wide as high";
  EXPECT_EQ(json::parse(pages.content_json)->size(), 4U);
  EXPECT_EQ(shown(read("short.pdf", "1")), "image/jpeg 784x1568");
  put("broken.pdf", "%PDF-1.4\nnothing of a PDF");
  EXPECT_THAT(read("broken.pdf").text, HasSubstr("no valid PDF file"));
  EXPECT_TRUE(read("broken.pdf").is_error);
}

}  // namespace
}  // namespace awl::tools
