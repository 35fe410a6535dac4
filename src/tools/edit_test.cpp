#include <gmock/gmock.h>

#include <random>

#include "tools/builtin.h"
#include "tools/near_miss.h"
#include "tools/tool_fixture.h"

namespace awl::tools {
namespace {

using std::string_literals::operator""s;
using ::testing::HasSubstr;

class EditTest : public ToolFixture {
 protected:
  ToolResult edit(std::string_view name, std::string_view from, std::string_view to, bool all = false) {
    return call(*tool,
                fmt::format(R"({{"file_path":{},"old_string":{},"new_string":{}{}}})", json::quote(name),
                            json::quote(from), json::quote(to), all ? R"(,"replace_all":"true")" : ""));
  }
  void read(const std::string& name) { call(*read_tool, R"({"file_path":")" + name + "\"}"); }
  std::unique_ptr<Tool> tool = make_edit_tool();
  std::unique_ptr<Tool> read_tool = make_read_tool();
};

TEST_F(EditTest, ReplacesTheOneMatch) {
  put("a.txt", "alpha\nbeta\ngamma\n");
  read("a.txt");
  const ToolResult result = edit("a.txt", "beta", "BETA\nextra");
  EXPECT_FALSE(result.is_error);
  EXPECT_EQ(get("a.txt"), "alpha\nBETA\nextra\ngamma\n");
  EXPECT_EQ(
      result.structured_json,
      R"({"filePath":"a.txt","oldString":"beta","newString":"BETA\nextra","originalFile":"alpha\nbeta\ngamma\n",)"
      R"("structuredPatch":[{"oldStart":1,"oldLines":3,"newStart":1,"newLines":4,"lines":[" alpha","-beta","+BETA","+extra"," gamma"]}],)"
      R"("userModified":false,"replaceAll":false})");
  EXPECT_FALSE(edit("a.txt", "BETA\nextra\ngamma", "done").is_error);
  EXPECT_EQ(get("a.txt"), "alpha\ndone\n");
}

TEST_F(EditTest, AmbiguousMissingAndEqualTextsChangeNothing) {
  put("a.txt", "dup\nx\ndup\naaa\n");
  EXPECT_THAT(edit("a.txt", "dup", "one").text, HasSubstr("2 times, in lines 1, 3"));
  EXPECT_TRUE(edit("a.txt", "aa", "b").is_error) << "two places that overlap";
  EXPECT_TRUE(edit("a.txt", "nothing", "b").is_error);
  EXPECT_TRUE(edit("a.txt", "x", "x").is_error);
  EXPECT_TRUE(edit("none.txt", "x", "y").is_error);
  EXPECT_EQ(get("a.txt"), "dup\nx\ndup\naaa\n");
  EXPECT_FALSE(edit("a.txt", "dup", "one", true).is_error);
  EXPECT_EQ(get("a.txt"), "one\nx\none\naaa\n");
}

TEST_F(EditTest, ReadRule) {
  put("a.txt", "alpha\n");
  session.strict_read_before_edit = true;
  EXPECT_TRUE(edit("a.txt", "alpha", "beta").is_error);
  read("a.txt");
  EXPECT_FALSE(edit("a.txt", "alpha", "beta").is_error);
  put("a.txt", "beta gamma\n");
  touch("a.txt", 20);
  EXPECT_THAT(edit("a.txt", "beta", "x").text, HasSubstr("changed since"));
  session.strict_read_before_edit = false;
  EXPECT_THAT(edit("a.txt", "beta", "x").text, HasSubstr("other changes since you read it"));
  EXPECT_THAT(edit("a.txt", "x gamma", "y").text, HasSubstr("other changes since you read it"))
      << "until it is read again";
  session.may_read = [](const os::Path&) { return false; };
  const ToolResult refused = edit("a.txt", "nothing", "z");
  EXPECT_TRUE(refused.is_error);
  EXPECT_THAT(refused.text, Not(HasSubstr("y"s + "\n")));
  EXPECT_EQ(get("a.txt"), "y\n");
}

TEST_F(EditTest, AnEditDoesNotHideTheRestFromRead) {
  put("a.txt", "one\ntwo\n");
  read("a.txt");
  edit("a.txt", "one", "1");
  EXPECT_EQ(call(*read_tool, R"({"file_path":"a.txt"})").text, "1\t1\n2\ttwo\n3\t");
}

TEST_F(EditTest, EmptyOldStringCreates) {
  EXPECT_FALSE(edit("d/fresh.txt", "", "fresh\n").is_error);
  EXPECT_EQ(get("d/fresh.txt"), "fresh\n");
  EXPECT_TRUE(edit("d/fresh.txt", "", "y").is_error);
  put("empty", "");
  EXPECT_FALSE(edit("empty", "", "y").is_error);
  EXPECT_EQ(get("empty"), "y");
  put("n.ipynb", "{}");
  EXPECT_THAT(edit("n.ipynb", "{}", "[]").text, HasSubstr("NotebookEdit"));
}

TEST_F(EditTest, LineEndingsEncodingsAndModeStay) {
  put("c.txt", "a\r\nb\r\nc\r\n");
  ASSERT_EQ(::chmod((folder / "c.txt").c_str(), 0754), 0);
  EXPECT_FALSE(edit("c.txt", "b\nc", "B\nX\nC").is_error);
  EXPECT_EQ(get("c.txt"), "a\r\nB\r\nX\r\nC\r\n");
  EXPECT_FALSE(edit("c.txt", "B\r\nX", "1").is_error) << "given as it is on disk";
  EXPECT_EQ(get("c.txt"), "a\r\n1\r\nC\r\n");
  EXPECT_EQ(os::stat(folder / "c.txt")->mode, 0754U);
  put("u.txt", "\xFF\xFEh\0i\0\r\0\n\0"s);
  EXPECT_FALSE(edit("u.txt", "hi", "\xC3\xA9").is_error);
  EXPECT_EQ(get("u.txt"), "\xFF\xFE\xE9\0\r\0\n\0"s);
  put("m.txt", "one\r\ntwo\nthree\r\n");
  EXPECT_FALSE(edit("m.txt", "one\ntwo\nthree", "one\n2\nthree").is_error);
  EXPECT_EQ(get("m.txt"), "one\r\n2\nthree\r\n");
}

TEST_F(EditTest, BytesThatAreNoTextStay) {
  put("latin.txt", "caf\xE9 au lait\n");
  EXPECT_FALSE(edit("latin.txt", "caf\xEF\xBF\xBD au lait", "caf\xEF\xBF\xBD noir").is_error);
  EXPECT_EQ(get("latin.txt"), "caf\xE9 noir\n");
  EXPECT_THAT(edit("latin.txt", "caf\xEF\xBF\xBD noir", "Caf\xEF\xBF\xBD Noir").text,
              HasSubstr("would be lost"));
  EXPECT_EQ(get("latin.txt"), "caf\xE9 noir\n");
  EXPECT_THAT(edit("latin.txt", "noir", "\xC3\xA9t\xC3\xA9").text, HasSubstr("written as UTF-8"));
  EXPECT_FALSE(edit("latin.txt", "caf\xEF\xBF\xBD", "coffee").is_error) << "meant to go";
  EXPECT_EQ(get("latin.txt"), "coffee \xC3\xA9t\xC3\xA9\n");
}

TEST_F(EditTest, RandomFilesKeepEveryOtherByte) {
  std::mt19937 random(11);  // NOLINT: the same files in every run
  for (int round = 0; round < 60; ++round) {
    const auto bytes = [&random] {
      std::string out;
      for (size_t i = random() % 60; i > 0; --i)
        out += static_cast<char>(random() % 3 == 0 ? "\r\n\t "[random() % 4] : static_cast<char>(random()));
      return out;
    };
    const std::string before = bytes() + "\n";
    const std::string after = "\r\n" + bytes();
    put("r.txt", before + "MARK" + after);
    const ToolResult result = edit("r.txt", "MARK", "\xE2\x98\x83");
    ASSERT_FALSE(result.is_error) << result.text;
    ASSERT_EQ(get("r.txt"), before + "\xE2\x98\x83" + after);
  }
}

TEST_F(EditTest, ManyReplacementsInALargeFile) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "some old words\r\n";
  put("big.txt", text);
  EXPECT_THAT(edit("big.txt", "old", "new", true).text, HasSubstr("100000 occurrences"));
  EXPECT_EQ(get("big.txt").find("old"), std::string::npos);
  EXPECT_EQ(get("big.txt").size(), text.size());
}

TEST_F(EditTest, ANearMissShowsTheClosestText) {
  put("a.py", "def f():\n\treturn 1\n\ndef g():\n\treturn 2\n");
  const ToolResult result = edit("a.py", "def f():\n    return 1", "x");
  EXPECT_TRUE(result.is_error);
  EXPECT_THAT(result.text, HasSubstr("white space only"));
  EXPECT_THAT(result.text, HasSubstr("2: →return·1"));
  EXPECT_THAT(result.text, HasSubstr("2: ····return·1"));
  EXPECT_THAT(edit("a.py", "1\tdef f():\n2\t\treturn 1", "x").text, HasSubstr("line numbers"));
  EXPECT_THAT(edit("a.py", "def f():\\n\\treturn 1", "x").text, HasSubstr("two characters"));
}

TEST(NearMiss, FindsTheMostSimilarPlace) {
  EXPECT_THAT(explain_near_miss("int main() {\n  print_all(x, y);\n}\n", "  print_all(x, z);"),
              HasSubstr("2: ··print_all(x,·y);"));
  EXPECT_EQ(explain_near_miss("int main() {}\n", "completely other text"), "");
  EXPECT_EQ(explain_near_miss("", "x"), "");
}

TEST(NearMiss, StaysBounded) {
  std::string file;
  for (int i = 0; i < 200'000; ++i) file += "}\n\n";
  std::string wanted;
  for (int i = 0; i < 5'000; ++i) wanted += "}\nx\n";
  EXPECT_LT(explain_near_miss(file, wanted).size(), 10'000U);
  EXPECT_LT(explain_near_miss(std::string(8'000'000, 'a'), std::string(100'000, 'b')).size(), 10'000U);
}

}  // namespace
}  // namespace awl::tools
