#include <gmock/gmock.h>

#include "tools/builtin.h"
#include "tools/tool_fixture.h"

namespace awl::tools {
namespace {

using ::testing::HasSubstr;

class WriteTest : public ToolFixture {
 protected:
  ToolResult write(std::string_view name, std::string_view content) {
    return call(*tool,
                fmt::format(R"({{"file_path":{},"content":{}}})", json::quote(name), json::quote(content)));
  }
  ToolResult read(std::string_view input) { return call(*read_tool, input); }
  std::unique_ptr<Tool> tool = make_write_tool();
  std::unique_ptr<Tool> read_tool = make_read_tool();
};

TEST_F(WriteTest, CreatesFoldersAndKeepsEveryByte) {
  const std::string content = "one\n\ttwo \xE2\x98\x83 \\n 'q'\r\nno newline at end";
  const ToolResult result = write("new/deep/f.txt", content);
  EXPECT_FALSE(result.is_error);
  EXPECT_EQ(get("new/deep/f.txt"), content);
  const auto out = structured(result);
  EXPECT_EQ(out["type"], "create");
  EXPECT_EQ(out["filePath"], "new/deep/f.txt");
  EXPECT_TRUE(out["originalFile"].is_null());
  EXPECT_EQ(out["structuredPatch"], json::Value::array());
  EXPECT_EQ(last_access.kind, Access::Kind::kEdit);
  EXPECT_FALSE(write("new/deep/f.txt", "again").is_error) << "the model wrote it, so it knows it";
}

TEST_F(WriteTest, ReplacesAndShowsThePatch) {
  put("a.txt", "x\r\ny\r\n");
  read(R"({"file_path":"a.txt"})");
  const auto out = structured(write("a.txt", "x\nz\n"));
  EXPECT_EQ(get("a.txt"), "x\nz\n");
  EXPECT_EQ(out["type"], "update");
  EXPECT_EQ(out["originalFile"], "x\ny\n");
  EXPECT_EQ(json::dump(out["structuredPatch"][0]["lines"]), R"([" x","-y","+z"])");
}

TEST_F(WriteTest, WhatWasCheckedIsChanged) {
  put("in/a.txt", "one");
  put("in/n.ipynb", R"({"cells":[{"cell_type":"code","source":"one"}]})");
  put("out/a.txt", "one");
  put("out/n.ipynb", R"({"cells":[{"cell_type":"code","source":"one"}]})");
  const std::string untouched = get("out/n.ipynb");
  const auto point_to = [this](const char* name) {
    std::filesystem::remove(folder / "link");
    std::filesystem::create_directory_symlink(name, folder / "link");
  };
  const auto with_swap = [&](Tool& swapped, std::string_view input) {
    point_to("in");
    between = [&] { point_to("out"); };
    const ToolResult result = call(swapped, input);
    between = nullptr;
    EXPECT_FALSE(result.is_error) << result.text;
  };
  with_swap(*make_edit_tool(), R"({"file_path":"link/a.txt","old_string":"one","new_string":"two"})");
  EXPECT_EQ(get("in/a.txt"), "two");
  with_swap(*tool, R"({"file_path":"link/a.txt","content":"three"})");
  EXPECT_EQ(get("in/a.txt"), "three");
  read(R"({"file_path":"in/n.ipynb"})");
  with_swap(*make_notebook_edit_tool(),
            R"({"notebook_path":"link/n.ipynb","cell_id":"cell-0","edit_mode":"delete"})");
  EXPECT_EQ(get("in/n.ipynb").find("one"), std::string::npos);
  EXPECT_EQ(get("out/a.txt"), "one");
  EXPECT_EQ(get("out/n.ipynb"), untouched);
}

TEST_F(WriteTest, ReadRule) {
  put("a.txt", "precious\n");
  put("n.ipynb", "{}");
  session.strict_read_before_edit = true;
  EXPECT_TRUE(write("a.txt", "clobbered").is_error);
  EXPECT_EQ(get("a.txt"), "precious\n");
  session.strict_read_before_edit = false;
  session.may_read = [](const os::Path&) { return false; };
  EXPECT_TRUE(write("a.txt", "clobbered").is_error) << "reading it would have to be asked for";
  session.may_read = nullptr;
  EXPECT_TRUE(write("n.ipynb", "clobbered").is_error);
  EXPECT_FALSE(write("a.txt", "new").is_error);
}

TEST_F(WriteTest, AChangedOrPartlySeenFileIsNotReplaced) {
  put("a.txt", "v1\n");
  read(R"({"file_path":"a.txt"})");
  touch("a.txt", 20);
  EXPECT_FALSE(write("a.txt", "v2\n").is_error) << "only touched";
  put("a.txt", "other\n");
  touch("a.txt", 40);
  EXPECT_THAT(write("a.txt", "v3\n").text, HasSubstr("changed since"));
  EXPECT_EQ(get("a.txt"), "other\n");

  session.limits.read_max_output_tokens = 10;
  put("b.txt", std::string(50, '\n'));
  read(R"({"file_path":"b.txt"})");
  EXPECT_THAT(write("b.txt", "x").text, HasSubstr("only a part"));
  read(R"({"file_path":"b.txt","offset":45})");
  EXPECT_FALSE(write("b.txt", "x").is_error);
}

TEST_F(WriteTest, OnlyRegularFilesAreReplacedAndModeAndLinkStay) {
  ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
  EXPECT_TRUE(write("fifo", "x").is_error);
  put("d/f", "");
  EXPECT_TRUE(write("d", "x").is_error);
  EXPECT_TRUE(write("d/f/g", "x").is_error);
  put("s.sh", "old");
  ASSERT_EQ(::chmod((folder / "s.sh").c_str(), 0750), 0);
  std::filesystem::create_symlink("s.sh", folder / "link");
  EXPECT_FALSE(write("link", "new").is_error);
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
  EXPECT_EQ(get("s.sh"), "new");
  EXPECT_EQ(os::stat(folder / "s.sh")->mode, 0750U);
}

}  // namespace
}  // namespace awl::tools
