#include "tools/notebook.h"

#include <gmock/gmock.h>

#include "tools/builtin.h"
#include "tools/tool_fixture.h"

namespace awl::tools {
namespace {

using ::testing::HasSubstr;

class NotebookEditTest : public ToolFixture {
 protected:
  void SetUp() override {
    put("nb.ipynb",
        R"x({"cells":[{"cell_type":"markdown","id":"m1","metadata":{},"source":["# Title\n","second"]},
      {"cell_type":"code","id":"c1","metadata":{"k":1},"execution_count":1,
       "outputs":[{"output_type":"stream","name":"stdout","text":["o\n"]}],"source":["print('hello')"]}],
      "metadata":{"language_info":{"name":"python"},"x":1.5},"nbformat":4,"nbformat_minor":5})x");
  }
  ToolResult edit(std::string_view rest) {
    return call(*tool, R"x({"notebook_path":"nb.ipynb",)x" + std::string(rest) + "}");
  }
  void read() { call(*read_tool, R"({"file_path":"nb.ipynb"})"); }
  json::Value cells() const { return (*json::parse(get("nb.ipynb")))["cells"]; }
  std::unique_ptr<Tool> tool = make_notebook_edit_tool();
  std::unique_ptr<Tool> read_tool = make_read_tool();
};

TEST_F(NotebookEditTest, ReplaceChangesOneCell) {
  read();
  const ToolResult result = edit(R"("cell_id":"c1","new_source":"x = 1\ny = 2")");
  EXPECT_FALSE(result.is_error) << result.text;
  EXPECT_EQ(
      json::dump(cells()),
      R"([{"cell_type":"markdown","id":"m1","metadata":{},"source":["# Title\n","second"]},)"
      R"({"cell_type":"code","id":"c1","metadata":{"k":1},"execution_count":null,"outputs":[],"source":["x = 1\n","y = 2"]}])");
  EXPECT_THAT(get("nb.ipynb"), HasSubstr("{\n \"cells\": [\n  {\n   \"cell_type\""));
  EXPECT_THAT(get("nb.ipynb"), HasSubstr("\"nbformat_minor\": 5"));
  EXPECT_EQ(structured(result)["language"], "python");
  EXPECT_EQ(structured(result)["old_source"], "print('hello')");
  EXPECT_FALSE(edit(R"("cell_id":"c1","new_source":"z","cell_type":"markdown")").is_error)
      << "no second read needed";
  EXPECT_EQ(json::dump(cells()[1]),
            R"({"cell_type":"markdown","id":"c1","metadata":{"k":1},"source":["z"]})");
}

TEST_F(NotebookEditTest, InsertAndDelete) {
  read();
  EXPECT_TRUE(edit(R"("cell_id":"m1","new_source":"n","edit_mode":"insert")").is_error) << "no type";
  EXPECT_FALSE(edit(R"("cell_id":"m1","new_source":"n","edit_mode":"insert","cell_type":"code")").is_error);
  EXPECT_FALSE(edit(R"("new_source":"first","edit_mode":"insert","cell_type":"markdown")").is_error);
  ASSERT_EQ(cells().size(), 4U);
  EXPECT_EQ(cells()[0]["source"][0], "first");
  EXPECT_EQ(cells()[2]["source"][0], "n");
  EXPECT_EQ(cells()[2]["id"].get<std::string>().size(), 8U);
  EXPECT_FALSE(edit(R"("cell_id":"m1","edit_mode":"delete")").is_error);
  ASSERT_EQ(cells().size(), 3U);
  EXPECT_EQ(cells()[2]["id"], "c1");
}

TEST_F(NotebookEditTest, MistakesChangeNothing) {
  const std::string before = get("nb.ipynb");
  EXPECT_THAT(edit(R"("cell_id":"c1","new_source":"z")").text, HasSubstr("not read"));
  read();
  EXPECT_THAT(edit(R"("cell_id":"no-such","new_source":"z")").text, HasSubstr("m1, c1"));
  EXPECT_THAT(edit(R"("new_source":"z")").text, HasSubstr("`cell_id` is required"));
  EXPECT_THAT(edit(R"("cell_id":"c1")").text, HasSubstr("`new_source` is required"));
  EXPECT_EQ(get("nb.ipynb"), before);
  put("nb.ipynb", before + " ");
  touch("nb.ipynb", 20);
  EXPECT_THAT(edit(R"("cell_id":"c1","new_source":"z")").text, HasSubstr("changed since"));
  put("a.txt", "x");
  EXPECT_TRUE(call(*tool, R"({"notebook_path":"a.txt","cell_id":"c","new_source":""})").is_error);
}

TEST_F(NotebookEditTest, OddNotebooksAreErrorsOrShown) {
  for (const auto* odd : {R"({"cells":[1]})", R"({"cells":[null]})", R"({"cells":[[]]})", R"({"cells":{}})",
                          "[]", "1", R"({"cells":[{}, "x"]})"}) {
    put("nb.ipynb", odd);
    session.seen_files.clear();
    EXPECT_TRUE(call(*read_tool, R"({"file_path":"nb.ipynb"})").is_error) << odd;
    call(*read_tool, R"({"file_path":"nb.ipynb","limit":1})");
    EXPECT_TRUE(edit(R"("cell_id":"cell-0","new_source":"z")").is_error) << odd;
    EXPECT_EQ(get("nb.ipynb"), odd);
  }
  // The file turns odd after it was read, with the same size and time.
  put("nb.ipynb", R"({"cells":[{}]})");
  read();
  const auto time = std::filesystem::last_write_time(folder / "nb.ipynb");
  put("nb.ipynb", R"({"cells":[11]})");
  std::filesystem::last_write_time(folder / "nb.ipynb", time);
  EXPECT_THAT(edit(R"("cell_id":"cell-0","new_source":"z")").text, HasSubstr("cell 0"));
  for (
      const auto* odd :
      {R"({"cells":[{"id":1,"source":1,"cell_type":1,"outputs":1,"metadata":1}],"metadata":1,"nbformat":"x"})",
       R"({"cells":[{"cell_type":"code","source":[1,null],"outputs":[1,{"data":1},{"text":{}}]}],"metadata":[]})",
       R"({"cells":[{"cell_type":"code","outputs":[{"output_type":"error","traceback":[1]}]}],
            "metadata":{"language_info":1}})"}) {
    put("nb.ipynb", odd);
    session.seen_files.clear();
    EXPECT_FALSE(call(*read_tool, R"({"file_path":"nb.ipynb"})").is_error) << odd;
    EXPECT_FALSE(edit(R"("cell_id":"cell-0","new_source":"z")").is_error) << odd;
    EXPECT_FALSE(
        edit(R"("cell_id":"cell-0","new_source":"z","edit_mode":"insert","cell_type":"code")").is_error);
  }
}

TEST(Notebook, CellsWithoutIdsAreNamedByPlace) {
  const auto notebook =
      *json::parse(R"({"cells":[{"cell_type":"code","source":""},{"cell_type":"code","source":""}]})");
  EXPECT_EQ(cell_id(notebook, 1), "cell-1");
  EXPECT_EQ(find_cell(notebook, "cell-1").value_or(9), 1U);
  EXPECT_FALSE(find_cell(notebook, "cell-2"));
}

}  // namespace
}  // namespace awl::tools
