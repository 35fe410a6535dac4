#include "tools/task_list.h"

#include <gmock/gmock.h>
#include <sys/file.h>

#include <nlohmann/json.hpp>

#include "async/timeout.h"
#include "tools/tool_fixture.h"

namespace awl::tools {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class TaskListTest : public ToolFixture {
 protected:
  TaskList open() {
    std::optional<TaskList> list;
    run([](os::Path path, std::optional<TaskList>& out) -> Task<int> {
      auto opened = co_await TaskList::open(std::move(path));
      EXPECT_TRUE(opened);
      if (opened) out.emplace(std::move(*opened));
      co_return 0;
    }(folder / "list", list));
    return std::move(list.value());
  }
  static ListedTask task(const std::string& subject) { return {{"subject", subject}, {"status", "pending"}}; }
  std::vector<std::string> subjects() {
    std::vector<std::string> found;
    for (const ListedTask& each : open().tasks()) found.push_back(json::string_or_empty(each, "subject"));
    return found;
  }
};

TEST_F(TaskListTest, NumbersAreGivenOnceOnly) {
  EXPECT_EQ(open().add(task("a")), "1");
  EXPECT_EQ(open().add(task("b")), "2");
  EXPECT_TRUE(open().remove("2"));
  EXPECT_EQ(open().add(task("c")), "3") << "also after the last one was deleted";
  EXPECT_THAT(subjects(), ElementsAre("a", "c"));
}

TEST_F(TaskListTest, TasksAreInTheOrderOfTheirNumbers) {
  for (int i = 1; i <= 11; ++i) ASSERT_TRUE(open().add(task(std::to_string(i))));
  EXPECT_EQ(subjects().at(1), "2");
  EXPECT_EQ(subjects().at(10), "11");
}

TEST_F(TaskListTest, FilesAreJsonAndPrivate) {
  ASSERT_TRUE(open().add(task("a")));
  const json::Value stored = json::parse(get("list/1.json")).value();
  EXPECT_EQ(stored["id"], "1");
  EXPECT_EQ(os::stat(folder / "list/1.json")->mode & 0777, 0600U);
  EXPECT_EQ(os::stat(folder / "list")->mode & 0777, 0700U);
}

TEST_F(TaskListTest, WhatIsNoTaskIsPassedOver) {
  put("list/1.json", R"({"subject":"good","status":"pending","own":1})");
  put("list/2.json", "{");
  put("list/3.json", "[]");
  put("list/x.json", R"({"subject":"no number"})");
  put("list/04.json", R"({"subject":"not how numbers are written"})");
  EXPECT_THAT(subjects(), ElementsAre("good"));
  TaskList list = open();
  ListedTask changed = *list.find("1");
  changed["status"] = "completed";
  ASSERT_TRUE(list.store(changed));
  EXPECT_EQ(json::parse(get("list/1.json")).value()["own"], 1) << "members of others stay";
}

TEST_F(TaskListTest, OneProcessAtATime) {
  ASSERT_TRUE(open().add(task("a")));
  std::optional<TaskList> held = open();
  bool waited = false;
  run([](const os::Path& path, std::optional<TaskList>& holder, bool& had_to_wait) -> Task<int> {
    auto try_again = [](os::Path at) -> Task<> { co_await TaskList::open(std::move(at)); };
    had_to_wait = !co_await async::finish_within(try_again(path), std::chrono::milliseconds(50));
    holder.reset();
    auto third = co_await TaskList::open(path);
    EXPECT_TRUE(third);
    co_return 0;
  }(folder / "list", held, waited));
  EXPECT_TRUE(waited);
}

TEST_F(TaskListTest, TheListIsBounded) {
  for (int i = 1; i <= 1000; ++i)
    put("list/" + std::to_string(i) + ".json", R"({"subject":"x","status":"pending"})");
  TaskList list = open();
  EXPECT_THAT(list.add(task("one more")).error().message, HasSubstr("full"));
  EXPECT_THAT(describe_tasks(list.tasks()), HasSubstr("… and 800 more"));
}

TEST_F(TaskListTest, TheFolderNameIsPlain) {
  EXPECT_EQ(task_list_folder_name("my-project_1"), "my-project_1");
  EXPECT_EQ(task_list_folder_name("../../etc"), "------etc");
  EXPECT_EQ(task_list_folder_name(" "), "default");
  EXPECT_EQ(task_list_folder_name(std::string(500, 'a')).size(), 120U);
}

}  // namespace
}  // namespace awl::tools
