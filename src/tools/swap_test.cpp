// What a tool uses is what was judged: a folder that is swapped for a link in between leads nowhere.
#include <gtest/gtest.h>

#include "tools/builtin.h"
#include "tools/tool_fixture.h"

namespace awl::tools {
namespace {

class SwapTest : public ToolFixture {
 protected:
  void SetUp() override {
    put("work/d/f.txt", "plain\n");
    put("secret/f.txt", "secret\n");
    put("secret/f.ipynb", kNotebook);
    put("work/d/f.ipynb", kNotebook);
    session.project_dir = session.cwd = folder / "work";
  }
  void swap_in_between() {
    between = [this] {
      std::filesystem::rename(folder / "work/d", folder / "work/old");
      std::filesystem::create_directory_symlink(folder / "secret", folder / "work/d");
    };
  }
  void expect_refused(Tool& tool, std::string_view input) {
    swap_in_between();
    const ToolResult result = call(tool, input);
    EXPECT_TRUE(result.is_error) << result.text;
    EXPECT_EQ(result.text.find("secret\n"), std::string::npos) << result.text;
    EXPECT_EQ(get("secret/f.txt"), "secret\n");
    EXPECT_EQ(get("secret/f.ipynb"), kNotebook);
    EXPECT_FALSE(std::filesystem::exists(folder / "secret/new.txt"));
  }
  static constexpr const char* kPdf = "%PDF-1.4\n";
  static constexpr const char* kNotebook =
      R"({"cells":[{"cell_type":"code","id":"a","metadata":{},"source":["1"],"outputs":[],"execution_count":null}],"metadata":{},"nbformat":4,"nbformat_minor":5})";
};

TEST_F(SwapTest, Read) { expect_refused(*make_read_tool(), R"({"file_path":"d/f.txt"})"); }

TEST_F(SwapTest, WriteOfANewFile) {
  expect_refused(*make_write_tool(), R"({"file_path":"d/new.txt","content":"x"})");
}

TEST_F(SwapTest, WriteOfAFileThatWasRead) {
  ASSERT_FALSE(call(*make_read_tool(), R"({"file_path":"d/f.txt"})").is_error);
  expect_refused(*make_write_tool(), R"({"file_path":"d/f.txt","content":"x"})");
}

TEST_F(SwapTest, Edit) {
  ASSERT_FALSE(call(*make_read_tool(), R"({"file_path":"d/f.txt"})").is_error);
  expect_refused(*make_edit_tool(), R"({"file_path":"d/f.txt","old_string":"e","new_string":"x"})");
}

TEST_F(SwapTest, Notebook) {
  ASSERT_FALSE(call(*make_read_tool(), R"({"file_path":"d/f.ipynb"})").is_error);
  expect_refused(*make_notebook_edit_tool(),
                 R"({"notebook_path":"d/f.ipynb","cell_id":"a","new_source":"2"})");
}

TEST_F(SwapTest, GrepOfAFolderAndOfAFile) {
  expect_refused(*make_grep_tool(), R"({"pattern":"secret","path":"d","output_mode":"content"})");
  std::filesystem::remove(folder / "work/d");
  std::filesystem::rename(folder / "work/old", folder / "work/d");
  expect_refused(*make_grep_tool(), R"({"pattern":"secret","path":"d/f.txt","output_mode":"content"})");
}

TEST_F(SwapTest, GlobFindsNothingBehindALink) {
  put("secret/hidden.key", "x");
  swap_in_between();
  const ToolResult result = call(*make_glob_tool(), R"({"pattern":"*.key","path":"d"})");
  EXPECT_EQ(result.text.find("hidden"), std::string::npos) << result.text;
}

TEST_F(SwapTest, Pdf) {
  put("work/d/f.pdf", kPdf);
  put("secret/f.pdf", kPdf);
  swap_in_between();
  EXPECT_TRUE(call(*make_read_tool(), R"({"file_path":"d/f.pdf"})").is_error);
}

}  // namespace
}  // namespace awl::tools
