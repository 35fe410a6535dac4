#include <gmock/gmock.h>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "async/task_group.h"
#include "base/encoding.h"
#include "os/path.h"
#include "tools/builtin.h"
#include "tools/tool_fixture.h"

namespace awl::tools {
namespace {

using std::string_literals::operator""s;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class ReadTest : public ToolFixture {
 protected:
  ToolResult read(std::string_view input) { return call(*tool, input); }
  std::unique_ptr<Tool> tool = make_read_tool();
};

std::string numbered_lines(int count) {
  std::string out;
  for (int i = 1; i <= count; ++i) out += fmt::format("line {}\n", i);
  return out;
}

TEST_F(ReadTest, GivesNumberTabAndText) {
  put("a.txt", "alpha\n\n  gamma\ttab\nlast");
  const ToolResult result = read(R"({"file_path":"a.txt"})");
  EXPECT_FALSE(result.is_error);
  EXPECT_EQ(result.text, "1\talpha\n2\t\n3\t  gamma\ttab\n4\tlast");
  EXPECT_EQ(
      result.structured_json,
      R"({"type":"text","file":{"filePath":"a.txt","content":"alpha\n\n  gamma\ttab\nlast","numLines":4,"startLine":1,"totalLines":4}})");
  EXPECT_EQ(last_access.kind, Access::Kind::kRead);
  EXPECT_EQ(last_access.paths, std::vector<os::Path>{folder / "a.txt"});
}

TEST_F(ReadTest, WhatWasCheckedIsRead) {
  put("in/a.txt", "allowed");
  put("out/a.txt", "secret");
  std::filesystem::create_directory_symlink("in", folder / "link");
  between = [this] {
    std::filesystem::remove(folder / "link");
    std::filesystem::create_directory_symlink("out", folder / "link");
  };
  EXPECT_EQ(read(R"({"file_path":"link/a.txt"})").text, "1\tallowed");
}

TEST_F(ReadTest, ATrailingNewlineIsOneMoreLine) {
  put("a.txt", "x\n");
  EXPECT_EQ(read(R"({"file_path":"a.txt"})").text, "1\tx\n2\t");
}

TEST_F(ReadTest, HidesMarkAndCarriageReturns) {
  put("a.txt",
      "\xEF\xBB\xBF"
      "one\r\ntwo\r\n");
  EXPECT_EQ(read(R"({"file_path":"a.txt"})").text, "1\tone\n2\ttwo\n3\t");
  EXPECT_EQ(read(R"({"file_path":"a.txt","offset":1,"limit":1})").text, "1\tone");
  put("b.txt", "\xFF\xFEh\0i\0\r\0\n\0x\0"s);
  EXPECT_EQ(read(R"({"file_path":"b.txt"})").text, "1\thi\n2\tx");
  put("c.txt", "caf\xE9\n");
  EXPECT_EQ(read(R"({"file_path":"c.txt"})").text, "1\tcaf\xEF\xBF\xBD\n2\t");
}

TEST_F(ReadTest, Ranges) {
  put("a.txt", numbered_lines(20));
  EXPECT_EQ(read(R"({"file_path":"a.txt","offset":7,"limit":3})").text, "7\tline 7\n8\tline 8\n9\tline 9");
  EXPECT_EQ(read(R"({"file_path":"a.txt","offset":"20","limit":"9"})").text, "20\tline 20\n21\t");
  EXPECT_EQ(read(R"({"file_path":"a.txt","offset":0,"limit":1})").text, "1\tline 1");
  const ToolResult past = read(R"({"file_path":"a.txt","offset":30})");
  EXPECT_FALSE(past.is_error);
  EXPECT_THAT(past.text, HasSubstr("21 lines"));
  EXPECT_EQ(structured(past)["file"]["totalLines"], 21);
}

TEST_F(ReadTest, AnEmptyFileIsANotice) {
  put("empty.txt", "");
  const ToolResult result = read(R"({"file_path":"empty.txt"})");
  EXPECT_FALSE(result.is_error);
  EXPECT_THAT(result.text, HasSubstr("empty"));
  EXPECT_EQ(structured(result)["file"]["content"], "");
}

TEST_F(ReadTest, AnUnchangedFileIsNotGivenAgain) {
  put("a.txt", "one\ntwo\n");
  read(R"({"file_path":"a.txt"})");
  EXPECT_EQ(read(R"({"file_path":"a.txt"})").structured_json,
            R"({"type":"file_unchanged","file":{"filePath":"a.txt"}})");
  EXPECT_EQ(read(R"({"file_path":"a.txt","offset":2,"limit":1})").text, "2\ttwo");
  EXPECT_EQ(structured(read(R"({"file_path":"a.txt"})"))["type"], "text")
      << "another range was shown in between";
  touch("a.txt", 5);
  EXPECT_EQ(structured(read(R"({"file_path":"a.txt"})"))["type"], "text");
  session.seen_files.begin()->second.shown_range.clear();
  EXPECT_EQ(structured(read(R"({"file_path":"a.txt"})"))["type"], "text") << "the agent took the text away";
}

TEST_F(ReadTest, AFileThatIsTooLongIsAPartialView) {
  session.limits.read_max_output_tokens = 100;
  put("a.txt", numbered_lines(1000));
  const ToolResult result = read(R"({"file_path":"a.txt"})");
  EXPECT_FALSE(result.is_error);
  EXPECT_THAT(result.text, StartsWith("1\tline 1\n2\tline 2\n"));
  EXPECT_THAT(result.text, HasSubstr("PARTIAL view: lines 1-38 of 1001"));
  EXPECT_THAT(result.text, HasSubstr("offset=39"));
  EXPECT_EQ(structured(result)["file"]["numLines"], 38);
  EXPECT_TRUE(session.seen_files.begin()->second.partial);

  const ToolResult range = read(R"({"file_path":"a.txt","offset":1,"limit":500})");
  EXPECT_TRUE(range.is_error);
  EXPECT_THAT(range.text, HasSubstr("smaller `limit`"));
  EXPECT_FALSE(read(R"({"file_path":"a.txt","offset":990,"limit":5})").is_error);
}

TEST_F(ReadTest, OneVeryLongLine) {
  put("long.txt", std::string(6000, 'z') + "END\nnext");
  EXPECT_EQ(read(R"({"file_path":"long.txt"})").text, "1\t" + std::string(6000, 'z') + "END\n2\tnext");
  session.limits.read_max_output_tokens = 100;
  put("long2.txt", "\xC3\xA9" + std::string(6000, 'z') + "\nnext");
  const ToolResult result = read(R"({"file_path":"long2.txt"})");
  EXPECT_FALSE(result.is_error);
  EXPECT_THAT(result.text, HasSubstr("beginning of line 1 of 2"));
  EXPECT_LT(result.text.size(), 700U);
  EXPECT_THAT(read(R"({"file_path":"long2.txt","offset":1,"limit":1})").text, HasSubstr("alone is longer"));
}

TEST_F(ReadTest, LargeFilesCostLittle) {
  std::string text;
  while (text.size() < 10'000'000)
    text += fmt::format("this is line number {} of a large file\n", text.size());
  put("big.txt", text);
  const auto lines = static_cast<size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(structured(read(R"({"file_path":"big.txt"})"))["file"]["totalLines"], lines);
  const ToolResult slice =
      read(fmt::format(R"({{"file_path":"big.txt","offset":{},"limit":20}})", lines - 10));
  const auto took = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(structured(slice)["file"]["numLines"], 11);
  RecordProperty("milliseconds",
                 static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(took).count()));
}

TEST_F(ReadTest, WhatIsNoTextGetsASentence) {
  put("a.bin", "ab\0cd"s);
  EXPECT_THAT(read(R"({"file_path":"a.bin"})").text, HasSubstr("binary file of 5 bytes"));
  put("a.bmp", "BM\0\0"s);
  EXPECT_THAT(read(R"({"file_path":"a.bmp"})").text, HasSubstr("make a PNG or JPEG"));
  put("d/x", "");
  EXPECT_THAT(read(R"({"file_path":"d"})").text, HasSubstr("is a folder"));
  ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
  EXPECT_THAT(read(R"({"file_path":"fifo"})").text, HasSubstr("pipe"));
  EXPECT_THAT(read(R"({"file_path":"/dev/zero"})").text, HasSubstr("device"));
  for (const char* input : {"a.bin", "a.bmp", "d", "fifo", "/dev/zero"}) {
    EXPECT_TRUE(read(fmt::format(R"({{"file_path":"{}"}})", input)).is_error) << input;
  }
}

TEST_F(ReadTest, AMissingFileNamesWhatIsClose) {
  put("src/Main.cpp", "x");
  const ToolResult result = read(R"({"file_path":"src/main.h"})");
  EXPECT_TRUE(result.is_error);
  EXPECT_THAT(result.text, HasSubstr("src/main.h does not exist"));
  EXPECT_THAT(result.text, HasSubstr("Main.cpp"));
  EXPECT_EQ(read("{}").text, "`file_path` is required");
  EXPECT_TRUE(read(R"({"file_path":""})").is_error);
  EXPECT_THAT(read(R"({"file_path":"a\u0000b"})").text, HasSubstr("null byte"));
}

TEST_F(ReadTest, TheCheckedPathIsTheTarget) {
  put("real/a.txt", "x");
  std::filesystem::create_directory_symlink(folder / "real", folder / "link");
  EXPECT_EQ(read(R"({"file_path":"~/link/../link/a.txt"})").text, "1\tx");
  EXPECT_EQ(last_access.paths, std::vector<os::Path>{folder / "real/a.txt"});
}

constexpr std::string_view kTinyPng =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

TEST_F(ReadTest, Images) {
  put("p.dat", *from_base64(kTinyPng));
  const ToolResult result = read(R"({"file_path":"p.dat"})");
  EXPECT_FALSE(result.is_error);
  EXPECT_EQ(
      result.content_json,
      fmt::format(R"([{{"type":"image","source":{{"type":"base64","media_type":"image/png","data":"{}"}}}}])",
                  kTinyPng));
  EXPECT_EQ(structured(result)["file"]["type"], "image/png");
  put("large.png", *from_base64(kTinyPng) + std::string(4'000'000, 'x'));
  EXPECT_THAT(read(R"({"file_path":"large.png"})").text, HasSubstr("smaller copy"));
  put("cut.png", "\x89PNG\r\n\x1A\n");
  EXPECT_THAT(read(R"({"file_path":"cut.png"})").text, HasSubstr("damaged"));
}

TEST_F(ReadTest, Notebooks) {
  put("nb.ipynb",
      R"x({"cells":[{"cell_type":"markdown","id":"m1","metadata":{},"source":["# Title\n","second"]},
    {"cell_type":"code","id":"c1","metadata":{},"execution_count":1,"source":"print('hello')","outputs":[
      {"output_type":"stream","name":"stdout","text":["stream-out\n"]},
      {"output_type":"error","ename":"E","evalue":"v","traceback":["\u001b[31mred\u001b[0m"]},
      {"output_type":"display_data","data":{"image/png":")x" +
          std::string(kTinyPng) +
          R"x("}}]}],"metadata":{"language_info":{"name":"python"}},"nbformat":4,"nbformat_minor":5})x");
  const ToolResult result = read(R"({"file_path":"nb.ipynb"})");
  EXPECT_EQ(result.text,
            "[cell m1, markdown]\n# Title\nsecond\n\n[cell c1, code]\nprint('hello')\n[output]\nstream-out\n"
            "[output]\nE: v\nred\n[output: image 1 below]");
  const auto blocks = *json::parse(result.content_json);
  ASSERT_EQ(blocks.size(), 2U);
  EXPECT_EQ(blocks[0]["text"], result.text);
  EXPECT_EQ(blocks[1]["source"]["data"], kTinyPng);
  EXPECT_EQ(structured(result)["file"]["cells"][1]["outputs"][0]["text"], "stream-out\n");
  EXPECT_EQ(structured(read(R"({"file_path":"nb.ipynb"})"))["type"], "file_unchanged");
  put("bad.ipynb", "{");
  EXPECT_THAT(read(R"({"file_path":"bad.ipynb"})").text, HasSubstr("no notebook"));
}

TEST_F(ReadTest, ANotebookWhoseReadingWasCancelledWasNotShown) {
  put("nb.ipynb",
      R"x({"cells":[{"cell_type":"code","id":"c1","metadata":{},"execution_count":1,"source":"x","outputs":[
      {"output_type":"display_data","data":{"image/png":")x" +
          std::string(kTinyPng) + R"x("}}]}],"metadata":{},"nbformat":4,"nbformat_minor":5})x");
  put("media", "#!/bin/sh\nexec sleep 60\n");
  std::filesystem::permissions(folder / "media", std::filesystem::perms::owner_all);
  session.media_program = folder / "media";
  const json::Value input = *json::parse(R"({"file_path":"nb.ipynb"})");
  const auto access = tool->access(input, session);
  bool ended = false;
  const auto reading = [&]() -> Task<> {
    (void)co_await tool->run(input, *access, "", session);
    ended = true;
  };
  const auto owner = [&]() -> Task<bool> {
    async::TaskGroup group(io.get_executor());
    group.spawn(reading());
    co_await boost::asio::post(boost::asio::use_awaitable);
    group.cancel();
    co_await group.join();
    co_return true;
  };
  run(owner());
  EXPECT_FALSE(ended);
  session.media_program.clear();
  EXPECT_EQ(structured(read(R"({"file_path":"nb.ipynb"})"))["type"], "notebook");
}

}  // namespace
}  // namespace awl::tools
