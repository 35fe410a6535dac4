#include <gmock/gmock.h>

#include "tools/builtin.h"
#include "tools/tool_fixture.h"

namespace awl::tools {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class TaskToolsTest : public ToolFixture {
 protected:
  TaskToolsTest() { session.task_list_dir = folder / "list"; }

  void create(const std::string& subject) {
    const ToolResult result =
        call(*creates, json::dump({{"subject", subject}, {"description", "about " + subject}}));
    ASSERT_FALSE(result.is_error) << result.text;
  }
  json::Value update(std::string_view input) {
    const ToolResult result = call(*updates, input);
    EXPECT_FALSE(result.is_error) << result.text;
    last_text = result.text;
    return structured(result);
  }
  json::Value task(const std::string& id) {
    return structured(call(*gets, json::dump({{"taskId", id}})))["task"];
  }
  json::Value tasks() { return structured(call(*lists, "{}"))["tasks"]; }

  std::unique_ptr<Tool> creates = make_task_create_tool();
  std::unique_ptr<Tool> gets = make_task_get_tool();
  std::unique_ptr<Tool> lists = make_task_list_tool();
  std::unique_ptr<Tool> updates = make_task_update_tool();
  std::string last_text;
};

TEST_F(TaskToolsTest, ATaskIsCreatedListedAndGot) {
  const ToolResult created =
      call(*creates, R"({"subject":"First job","description":"d1","activeForm":"Doing it"})");
  EXPECT_EQ(structured(created), json::parse(R"({"task":{"id":"1","subject":"First job"}})"));
  create("Second job");
  EXPECT_EQ(json::dump(tasks()), R"([{"id":"1","subject":"First job","status":"pending","blockedBy":[]},)"
                                 R"({"id":"2","subject":"Second job","status":"pending","blockedBy":[]}])");
  EXPECT_EQ(
      json::dump(task("#1")),
      R"({"id":"1","subject":"First job","description":"d1","status":"pending","blocks":[],"blockedBy":[]})");
  EXPECT_THAT(call(*lists, "{}").text, HasSubstr("#2 [pending] Second job"));
  EXPECT_TRUE(call(*creates, R"({"subject":" ","description":"d"})").is_error);
}

TEST_F(TaskToolsTest, AnEmptyListAndAnUnknownTaskAreNoErrors) {
  EXPECT_EQ(json::dump(tasks()), "[]");
  EXPECT_TRUE(task("7").is_null());
  const json::Value failed = update(R"({"taskId":"7","status":"completed"})");
  EXPECT_EQ(failed["success"], false);
  EXPECT_THAT(std::string(failed["error"]), HasSubstr("no task 7"));
  EXPECT_EQ(failed["updatedFields"].size(), 0U);
}

TEST_F(TaskToolsTest, AnUpdateSaysWhatItChanged) {
  create("a");
  EXPECT_EQ(json::dump(update(R"({"taskId":"1","status":"in_progress","subject":"b","owner":"me"})")),
            R"({"success":true,"taskId":"1","updatedFields":["subject","owner","status"],)"
            R"("statusChange":{"from":"pending","to":"in_progress"}})");
  EXPECT_EQ(update(R"({"taskId":"1","subject":"b"})")["updatedFields"].size(), 0U);
  EXPECT_EQ(tasks()[0]["owner"], "me");
  update(R"({"taskId":"1","metadata":{"a":1,"b":2}})");
  update(R"({"taskId":"1","metadata":{"a":null,"c":3}})");
  EXPECT_EQ(json::parse(get("list/1.json")).value()["metadata"], json::parse(R"({"b":2,"c":3})").value());
  EXPECT_TRUE(call(*updates, R"({"taskId":"1","status":"done"})").is_error);
}

TEST_F(TaskToolsTest, BothEndsOfADependencyKnowIt) {
  for (const char* subject : {"a", "b", "c"}) create(subject);
  EXPECT_EQ(update(R"({"taskId":"2","addBlockedBy":["1"]})")["updatedFields"], json::Value({"blockedBy"}));
  EXPECT_EQ(update(R"({"taskId":"2","addBlocks":["#3"]})")["updatedFields"], json::Value({"blocks"}));
  EXPECT_EQ(task("1")["blocks"], json::Value({"2"}));
  EXPECT_EQ(task("3")["blockedBy"], json::Value({"2"}));
  EXPECT_THAT(call(*lists, "{}").text, HasSubstr("#2 [pending] b (blocked by #1)"));
  update(R"({"taskId":"1","status":"completed"})");
  EXPECT_EQ(tasks()[1]["blockedBy"].size(), 0U) << "what is completed blocks nothing";
  EXPECT_EQ(task("2")["blockedBy"], json::Value({"1"}));
}

TEST_F(TaskToolsTest, DependenciesThatMakeNoSenseChangeNothing) {
  for (const char* subject : {"a", "b", "c"}) create(subject);
  update(R"({"taskId":"2","addBlockedBy":["1"]})");
  update(R"({"taskId":"3","addBlockedBy":["2"]})");
  for (const char* input :
       {R"({"taskId":"1","addBlockedBy":["3"]})", R"({"taskId":"3","addBlocks":["1"]})",
        R"({"taskId":"1","addBlocks":["1"]})", R"({"taskId":"1","addBlocks":["2","9"]})"}) {
    EXPECT_EQ(update(input)["success"], false) << input;
    EXPECT_THAT(last_text, HasSubstr("Nothing is changed"));
  }
  EXPECT_EQ(task("1")["blockedBy"].size(), 0U);
}

TEST_F(TaskToolsTest, ADeletedTaskIsGoneEverywhere) {
  create("a");
  create("b");
  update(R"({"taskId":"2","addBlockedBy":["1"]})");
  EXPECT_EQ(json::dump(update(R"({"taskId":"1","status":"deleted"})")),
            R"({"success":true,"taskId":"1","updatedFields":["deleted"],)"
            R"("statusChange":{"from":"pending","to":"deleted"}})");
  EXPECT_TRUE(task("1").is_null());
  EXPECT_EQ(task("2")["blockedBy"].size(), 0U);
  EXPECT_EQ(tasks().size(), 1U);
}

TEST_F(TaskToolsTest, AListThatCannotBeUsedIsAnError) {
  put("list", "a file");
  const ToolResult result = call(*creates, R"({"subject":"a","description":"b"})");
  EXPECT_TRUE(result.is_error);
  EXPECT_THAT(result.text, HasSubstr("list"));
}

TEST_F(TaskToolsTest, TodoWriteReplacesTheWholeList) {
  const auto tool = make_todo_write_tool();
  call(*tool, R"({"todos":[{"content":"a","status":"pending","activeForm":"Doing a"}]})");
  const ToolResult result =
      call(*tool, R"({"todos":[{"content":"a","status":"completed","activeForm":"Doing a"}]})");
  EXPECT_THAT(result.text, HasSubstr("1 of 1 done"));
  EXPECT_EQ(structured(result)["oldTodos"][0]["status"], "pending");
  EXPECT_EQ(structured(result)["newTodos"][0]["status"], "completed");
  EXPECT_TRUE(call(*tool, R"({"todos":[{"content":"a","status":"?","activeForm":"b"}]})").is_error);
  EXPECT_TRUE(call(*tool, R"({"todos":[{"content":"a"}]})").is_error);
}

}  // namespace
}  // namespace awl::tools
