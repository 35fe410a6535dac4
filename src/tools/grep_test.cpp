#include <gmock/gmock.h>

#include "tools/builtin.h"
#include "tools/grep_output.h"
#include "tools/tool_fixture.h"

namespace awl::tools {
namespace {

using std::string_literals::operator""s;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

GrepRequest request(std::string_view input) { return *to_grep_request(*json::parse(input)); }

std::string as_is(std::string_view path) {
  return std::string(path.starts_with("./") ? path.substr(2) : path);
}

TEST(GrepArguments, NothingCanBeTakenForAnOption) {
  const auto argv =
      grep_arguments(request(R"({"pattern":"--pre=evil","glob":"-x","type":"--follow"})"), "./-f");
  EXPECT_EQ(argv.front(), "rg");
  EXPECT_THAT(argv, Contains("--no-config"));
  EXPECT_THAT(argv, Contains("--regexp=--pre=evil"));
  EXPECT_THAT(argv, Contains("--glob=-x"));
  EXPECT_THAT(argv, Contains("--type=--follow"));
  EXPECT_EQ(argv[argv.size() - 2], "--");
  EXPECT_EQ(argv.back(), "./-f");
  for (size_t i = 1; i + 2 < argv.size(); ++i) EXPECT_TRUE(argv[i].starts_with("--")) << argv[i];
}

TEST(GrepArguments, Modes) {
  EXPECT_THAT(grep_arguments(request(R"({"pattern":"x"})"), "."), Contains("--files-with-matches"));
  EXPECT_THAT(grep_arguments(request(R"({"pattern":"x","output_mode":"count"})"), "."), Contains("--count"));
  const auto content = grep_arguments(
      request(R"({"pattern":"x","output_mode":"content","-C":2,"-A":5,"-i":true,"multiline":true})"), ".");
  EXPECT_THAT(content, Contains("--line-number"));
  EXPECT_THAT(content, Contains("--before-context=2"));
  EXPECT_THAT(content, Contains("--after-context=5"));
  EXPECT_THAT(content, Contains("--ignore-case"));
  EXPECT_THAT(content, Contains("--multiline"));
  EXPECT_THAT(grep_arguments(request(R"({"pattern":"x","output_mode":"content","-n":false})"), "."),
              Contains("--no-line-number"));
  EXPECT_THAT(request(R"({"pattern":"x","glob":"*.{ts,tsx}, !dist/** *.js"})").globs,
              ElementsAre("*.{ts,tsx}", "!dist/**", "*.js"));
  EXPECT_FALSE(to_grep_request(*json::parse(R"({"pattern":"a\u0000"})")));
  EXPECT_FALSE(to_grep_request(*json::parse(R"({"pattern":""})")));
}

TEST(GrepOutput, Content) {
  const std::string output =
      "./b.txt\0"
      "3-before\n./b.txt\0"
      "4:hit\r\n--\n./b.txt\0"
      "9:hit\n--\n./a.txt\0"
      "1:h\xE9\n"s;
  const ToolResult result =
      shape_content(request(R"({"pattern":"h","output_mode":"content","-B":1})"), output, as_is);
  EXPECT_EQ(result.text, "a.txt:1:h\xEF\xBF\xBD\n--\nb.txt-3-before\nb.txt:4:hit\n--\nb.txt:9:hit");
  EXPECT_THAT(result.structured_json, HasSubstr(R"("mode":"content","numFiles":0,"filenames":[])"));
  EXPECT_THAT(result.structured_json, HasSubstr(R"("numLines":6)"));
  EXPECT_EQ(shape_content(request(R"({"pattern":"h"})"), "", as_is).text, "No matches found");
}

TEST(GrepOutput, LimitAndOffset) {
  std::string output;
  for (int i = 1; i <= 10; ++i) output += fmt::format("a{}{}:x\n", '\0', i);
  const ToolResult first =
      shape_content(request(R"({"pattern":"x","head_limit":2,"offset":3})"), output, as_is);
  EXPECT_EQ(first.text, "a:4:x\na:5:x\n[2 of 10 entries, from offset 3: go on with offset=5.]");
  EXPECT_THAT(first.structured_json, HasSubstr(R"("appliedLimit":2,"appliedOffset":3)"));
  EXPECT_THAT(shape_content(request(R"({"pattern":"x","offset":10})"), output, as_is).text,
              HasSubstr("No entries at this offset"));
  EXPECT_THAT(shape_content(request(R"({"pattern":"x","head_limit":0})"), output, as_is).text,
              Not(HasSubstr("[")));
}

TEST(GrepOutput, TheTextIsBounded) {
  std::string output;
  for (int i = 1; i <= 1000; ++i) output += fmt::format("a{}{}:{}\n", '\0', i, std::string(500, 'x'));
  const ToolResult result = shape_content(request(R"({"pattern":"x","head_limit":0})"), output, as_is);
  EXPECT_LT(result.text.size(), 31'000U);
  EXPECT_THAT(result.text, HasSubstr("go on with offset="));
}

TEST(GrepOutput, CountsTotalCoversEverything) {
  const ToolResult result = shape_counts(request(R"({"pattern":"x","output_mode":"count","head_limit":1})"),
                                         "./b\0"
                                         "2\n./a\0"
                                         "3\n"s,
                                         as_is);
  EXPECT_EQ(result.text,
            "a:3\n[1 of 2 entries, from offset 0: go on with offset=1.]\n\n5 matching lines in 2 files.");
  EXPECT_THAT(result.structured_json, HasSubstr(R"("numMatches":5)"));
}

TEST(GrepOutput, Files) {
  EXPECT_THAT(split_files("./a\0./b c\0./cut"s), ElementsAre("./a", "./b c"));
  const ToolResult result = shape_files(request(R"({"pattern":"x"})"), {"a", "b"});
  EXPECT_EQ(result.text, "a\nb");
  EXPECT_EQ(result.structured_json, R"({"mode":"files_with_matches","filenames":["a","b"],"numFiles":2})");
  EXPECT_EQ(shape_files(request(R"({"pattern":"x"})"), {}).text, "No files found");
}

// These start ripgrep, which is a run-time dependency of the program.
class GrepTest : public ToolFixture {
 protected:
  void SetUp() override {
    put("a.txt", "hello world\n");
    put("src/b.js", "const hello=1\n");
    put("src/c.py", "x\nHELLO\nhello\n");
    put("ign.txt", "hello\n");
    put(".gitignore", "ign.txt\n");
    std::filesystem::create_directory(folder / ".git");
    touch("src/b.js", 10);
  }
  ToolResult grep(std::string_view input) { return call(*tool, input); }
  std::unique_ptr<Tool> tool = make_grep_tool();
};

TEST_F(GrepTest, ThreeModes) {
  EXPECT_THAT(grep(R"({"pattern":"hello"})").text, ::testing::StartsWith("src/b.js\n"));
  EXPECT_EQ(structured(grep(R"({"pattern":"hello"})"))["numFiles"], 3);
  EXPECT_EQ(grep(R"({"pattern":"hello","output_mode":"content","path":"src"})").text,
            "src/b.js:1:const hello=1\nsrc/c.py:3:hello");
  EXPECT_EQ(grep(R"({"pattern":"hello","output_mode":"count","-i":"true","path":"src"})").text,
            "src/b.js:1\nsrc/c.py:2\n\n3 matching lines in 2 files.");
  EXPECT_EQ(grep(R"({"pattern":"no-such-text"})").text, "No files found");
}

TEST_F(GrepTest, Filters) {
  EXPECT_EQ(grep(R"({"pattern":"hello","glob":"src/**"})").text, "src/b.js\nsrc/c.py");
  EXPECT_EQ(grep(R"({"pattern":"hello","type":"py"})").text, "src/c.py");
  EXPECT_EQ(grep(R"({"pattern":"hello","path":"ign.txt","output_mode":"content"})").text, "ign.txt:1:hello");
  EXPECT_EQ(grep(R"({"pattern":"x\nHELLO","multiline":true})").text, "src/c.py");
  put("-dash.txt", "--help\n");
  EXPECT_EQ(grep(R"({"pattern":"--help","path":"-dash.txt"})").text, "-dash.txt");
}

TEST_F(GrepTest, DeniedFilesNeverShow) {
  session.may_read = [&](const os::Path& path) { return path != folder / "src/c.py"; };
  EXPECT_EQ(grep(R"({"pattern":"hello","path":"src"})").text, "src/b.js");
  EXPECT_EQ(grep(R"({"pattern":"hello","path":"src","output_mode":"content","-C":1})").text,
            "src/b.js:1:const hello=1");
  EXPECT_EQ(grep(R"({"pattern":"hello","path":"src","output_mode":"count"})").text,
            "src/b.js:1\n\n1 matching line in 1 file.");
  EXPECT_EQ(grep(R"({"pattern":"HELLO","output_mode":"content"})").text, "No matches found");
  EXPECT_EQ(grep(R"({"pattern":"x\nHELLO","multiline":true,"output_mode":"content"})").text,
            "No matches found");
  // A folder outside, which the person allowed.
  session.may_read = [](const os::Path&) { return false; };
  EXPECT_EQ(grep(R"({"pattern":"hello","path":"src"})").text, "src/b.js\nsrc/c.py");
}

TEST_F(GrepTest, DiagnosticsReachTheModel) {
  const ToolResult pattern = grep(R"({"pattern":"a("})");
  EXPECT_TRUE(pattern.is_error);
  EXPECT_THAT(pattern.text, HasSubstr("unclosed group"));
  EXPECT_THAT(grep(R"({"pattern":"a","type":"nope"})").text, HasSubstr("unrecognized file type"));
  EXPECT_TRUE(grep(R"({"pattern":"a","path":"none"})").is_error);
  session.child_environment.set("PATH", "/nonexistent");
  EXPECT_THAT(grep(R"({"pattern":"a"})").text, HasSubstr("install the package ripgrep"));
}

}  // namespace
}  // namespace awl::tools
