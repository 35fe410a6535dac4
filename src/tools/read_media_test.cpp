// Read of images and PDF files, with scripts in the place of awl-media and poppler; tests/media has the real
// ones.
#include <gmock/gmock.h>

#include "base/encoding.h"
#include "tools/builtin.h"
#include "tools/tool_fixture.h"

namespace awl::tools {
namespace {

using std::string_literals::operator""s;
using ::testing::HasSubstr;

constexpr std::string_view kPng =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
constexpr std::string_view kJpeg = "\xFF\xD8\xFF\xC0\x01\x11\x08\x01\x02\x01\x04xxxxxx\xFF\xD9";

class ReadMediaTest : public ToolFixture {
 protected:
  ToolResult read(std::string_view name, std::string_view more = "") {
    return call(*tool, fmt::format(R"({{"file_path":"{}"{}}})", name, more));
  }
  ToolResult read_pages(std::string_view name, std::string_view pages) {
    return read(name, fmt::format(R"(,"pages":"{}")", pages));
  }
  os::Path script(const std::string& name, std::string_view body) const {
    put(name, "#!/bin/sh\n" + std::string(body));
    ::chmod((folder / name).c_str(), 0755);
    return folder / name;
  }
  // pdfinfo that knows `pages`, and pdftoppm that leaves a small picture for each page.
  void install_poppler(int pages, std::string_view encrypted = "no") {
    put("page.jpg", kJpeg);
    script("bin/pdfinfo",
           fmt::format("printf 'Title: x\\nPages: 99\\nPages:   {}\\nEncrypted:   {}\\n'", pages, encrypted));
    script("bin/pdftoppm",
           fmt::format("echo \"$@\" >'{0}/asked'\n"
                       "first=$7; last=$9; shift 10\n"
                       "for n in $(seq -f %02g $first $last); do cp '{0}/page.jpg' \"$1-$n.jpg\"; done",
                       folder.string()));
    session.child_environment.set("PATH", (folder / "bin").string() + ":/usr/bin:/bin");
    session.output_dir = folder / "results";
  }
  std::unique_ptr<Tool> tool = make_read_tool();
};

TEST_F(ReadMediaTest, TheNameDoesNotDecideWhatItIs) {
  put("photo.jpg", *from_base64(kPng));
  EXPECT_EQ(structured(read("photo.jpg"))["file"]["type"], "image/png");
  put("notes.png", "only words");
  EXPECT_EQ(read("notes.png").text, "1\tonly words");
}

TEST_F(ReadMediaTest, WhatTheMediaProgramMakesIsShown) {
  put("answer", "image/jpeg 260 258 1040 1032 "s + std::to_string(kJpeg.size()) + "\n" + std::string(kJpeg));
  session.media_program = script("media", fmt::format("cat >/dev/null; cat '{}/answer'", folder.string()));
  put("a.png", *from_base64(kPng));
  const ToolResult result = read("a.png");
  EXPECT_FALSE(result.is_error) << result.text;
  const auto blocks = *json::parse(result.content_json);
  ASSERT_EQ(blocks.size(), 2U);
  EXPECT_EQ(blocks[0]["source"]["media_type"], "image/jpeg");
  EXPECT_EQ(from_base64(blocks[0]["source"]["data"].get<std::string>()), kJpeg);
  EXPECT_THAT(blocks[1]["text"].get<std::string>(),
              HasSubstr("shown as 260x258: multiply coordinates in it by 4"));
  EXPECT_EQ(json::dump(structured(result)["file"]["dimensions"]),
            R"({"originalWidth":1040,"originalHeight":1032,"displayWidth":260,"displayHeight":258})");
}

TEST_F(ReadMediaTest, AnImageThatFitsKeepsItsBytes) {
  session.media_program = script("media", "cat >/dev/null; echo image/png 1 1 1 1 0");
  put("a.png", *from_base64(kPng));
  const auto blocks = *json::parse(read("a.png").content_json);
  ASSERT_EQ(blocks.size(), 1U);
  EXPECT_EQ(blocks[0]["source"]["data"], kPng);
}

TEST_F(ReadMediaTest, AMediaProgramThatFailsIsASentence) {
  put("a.png", *from_base64(kPng));
  session.media_program = script("media", "echo its PNG data is damaged >&2; exit 1");
  EXPECT_THAT(read("a.png").text, HasSubstr("a.png cannot be used as an image: its PNG data is damaged"));
  session.media_program = script("killed", "kill -9 $$");
  EXPECT_THAT(read("a.png").text, HasSubstr("broke off"));
  for (const char* nonsense : {"", "echo nonsense", "echo image/png 1 1 1 1 5", "echo image/png -1 1 1 1 0",
                               "printf 'image/jpeg 1 1 1 1 2\\nab'", "cat /dev/zero | head -c 9000000"}) {
    session.media_program = script("odd", nonsense);
    EXPECT_THAT(read("a.png").text, HasSubstr("another version")) << nonsense;
  }
  session.media_program = folder / "missing";
  EXPECT_FALSE(read("a.png").is_error) << "what needs no change is shown without it";
}

TEST_F(ReadMediaTest, WithoutAMediaProgramLargeImagesAreRefusedWithAdvice) {
  std::string png = *from_base64(kPng);
  png[18] = 8;  // 2049 pixels wide
  put("wide.png", png);
  const ToolResult result = read("wide.png");
  EXPECT_TRUE(result.is_error);
  EXPECT_THAT(result.text, HasSubstr("2049x1 pixels"));
  EXPECT_THAT(result.text, HasSubstr("awl-media"));
}

TEST_F(ReadMediaTest, AShortPdfIsADocument) {
  install_poppler(10);
  put("a.pdf", "%PDF-1.7 body");
  const ToolResult result = read("a.pdf");
  EXPECT_FALSE(result.is_error) << result.text;
  EXPECT_EQ(
      result.content_json,
      fmt::format(
          R"([{{"type":"document","source":{{"type":"base64","media_type":"application/pdf","data":"{}"}}}}])",
          to_base64("%PDF-1.7 body")));
  EXPECT_EQ(result.structured_json,
            fmt::format(R"({{"type":"pdf","file":{{"filePath":"a.pdf","base64":"{}","originalSize":13}}}})",
                        to_base64("%PDF-1.7 body")));
}

TEST_F(ReadMediaTest, ALongPdfNeedsPages) {
  install_poppler(11);
  put("a.pdf", "%PDF-1.7 body");
  const ToolResult refused = read("a.pdf");
  EXPECT_TRUE(refused.is_error);
  EXPECT_THAT(refused.text, HasSubstr("a.pdf has 11 pages"));
  EXPECT_THAT(refused.text, HasSubstr("`pages`"));

  const ToolResult result = read_pages("a.pdf", "3-5");
  EXPECT_FALSE(result.is_error) << result.text;
  const auto blocks = *json::parse(result.content_json);
  ASSERT_EQ(blocks.size(), 4U);
  EXPECT_EQ(blocks[0]["text"], "Pages 3-5 of the 11 pages of a.pdf:");
  EXPECT_EQ(blocks[3]["source"]["media_type"], "image/jpeg");
  const auto file = structured(result)["file"];
  EXPECT_EQ(structured(result)["type"], "parts");
  EXPECT_EQ(file["count"], 3);
  EXPECT_EQ(file["originalSize"], 13);
  EXPECT_TRUE(os::path_exists(file["outputDir"].get<std::string>() + "/page-04.jpg"));

  EXPECT_THAT(read_pages("a.pdf", "10-20").text, HasSubstr("Pages 10-11 of"));
  EXPECT_THAT(read_pages("a.pdf", "11").text, HasSubstr("Page 11 of"));
  EXPECT_THAT(read_pages("a.pdf", "12").text, HasSubstr("there is no page 12"));
  EXPECT_THAT(read_pages("a.pdf", "1-30").text, HasSubstr("20 at most"));
  EXPECT_THAT(read_pages("a.pdf", "two").text, HasSubstr("\"two\""));
}

TEST_F(ReadMediaTest, APdfThatThePlatformWouldRefuseComesAsPictures) {
  install_poppler(2, "yes (print:yes copy:no change:no addNotes:no algorithm:RC4)");
  put("a.pdf", "%PDF-1.7 body");
  EXPECT_EQ(structured(read("a.pdf"))["type"], "parts");
  install_poppler(2);
  put("junk.pdf", "\n\njunk %PDF-1.7 body");
  EXPECT_EQ(structured(read("junk.pdf"))["type"], "parts");
  put("heavy.pdf", "%PDF-1.7" + std::string(9 << 20, 'x'));
  EXPECT_EQ(structured(read("heavy.pdf"))["type"], "parts");
}

TEST_F(ReadMediaTest, PdfTroubleIsASentence) {
  install_poppler(2);
  put("a.pdf", "%PDF-1.7 body");
  script("bin/pdfinfo", "echo 'Command Line Error: Incorrect password' >&2; exit 1");
  EXPECT_THAT(read("a.pdf").text, HasSubstr("a.pdf is protected with a password"));
  script("bin/pdfinfo", "echo 'Syntax Error: no trailer' >&2; exit 1");
  EXPECT_THAT(read("a.pdf").text, HasSubstr("no valid PDF file (Syntax Error: no trailer)"));
  script("bin/pdfinfo", "echo; echo Pages: 0");
  EXPECT_THAT(read("a.pdf").text, HasSubstr("without pages"));
  script("bin/pdfinfo", "kill -9 $$");
  EXPECT_THAT(read("a.pdf").text, HasSubstr("too much memory or time"));
  std::filesystem::remove(folder / "bin/pdfinfo");
  session.child_environment.set("PATH", (folder / "bin").string());
  EXPECT_THAT(read("a.pdf").text, HasSubstr("poppler-utils"));
}

TEST_F(ReadMediaTest, ANotebooksImagesObeyTheSameLimits) {
  std::string wide = *from_base64(kPng);
  wide[18] = 8;
  const auto output = [](std::string_view data) {
    return fmt::format(R"({{"output_type":"display_data","data":{{"image/png":"{}"}}}})", data);
  };
  put("nb.ipynb",
      fmt::format(R"({{"cells":[{{"cell_type":"code","id":"c","source":"","outputs":[{},{},{}]}}]}})",
                  output(kPng), output(to_base64(wide)), output("!!")));
  const auto blocks = *json::parse(read("nb.ipynb").content_json);
  ASSERT_EQ(blocks.size(), 4U);
  EXPECT_EQ(blocks[1]["type"], "image");
  EXPECT_THAT(blocks[2]["text"].get<std::string>(), HasSubstr("image 2 has 2049x1 pixels"));
  EXPECT_THAT(blocks[3]["text"].get<std::string>(), HasSubstr("image 3 cannot be used"));
}

}  // namespace
}  // namespace awl::tools
