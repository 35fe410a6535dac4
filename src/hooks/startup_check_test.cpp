#include "hooks/startup_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

namespace awl::hooks {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class StartupCheckTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder = os::make_private_directory(std::filesystem::temp_directory_path(), "awl-hooks-test-").value();
    ASSERT_TRUE(os::write_file_atomic(folder / "run.sh", "#!/bin/sh\n", 0755));
    ASSERT_TRUE(os::write_file_atomic(folder / "plain.sh", "#!/bin/sh\n", 0644));
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  std::vector<std::string> faults(const std::string& command, bool with_args = false) const {
    HookTable table;
    std::vector<std::string> problems;
    json::Value handler{{"type", "command"}, {"command", command}};
    if (with_args) handler["args"] = json::Value::array();
    table.add({{"Stop", {{{"hooks", json::Value::array({handler})}}}}},
              {.name = "f", .scope = "settings", .variables = {}}, problems);
    return find_broken_hooks(table, Environment({{"PATH", "/usr/bin:/bin"}}), folder, folder);
  }
  os::Path folder;
};

TEST_F(StartupCheckTest, WhatCannotRunIsNamed) {
  EXPECT_THAT(faults("./missing.sh --x"), ElementsAre(HasSubstr("missing.sh does not exist")));
  EXPECT_THAT(faults("\"$CLAUDE_PROJECT_DIR\"/plain.sh"), ElementsAre(HasSubstr("no run bit")));
  EXPECT_THAT(faults("${CLAUDE_PROJECT_DIR}/gone", true), ElementsAre(HasSubstr("gone does not exist")));
  EXPECT_THAT(faults("no-such-program-at-all x"),
              ElementsAre(HasSubstr("no program no-such-program-at-all")));
  EXPECT_THAT(faults("echo 'never closed"), ElementsAre(HasSubstr("quote")));
  EXPECT_THAT(faults("export", true), ElementsAre(HasSubstr("no program export"))) << "no shell runs it";
}

TEST_F(StartupCheckTest, WhatRunsOrCannotBeKnownIsNot) {
  for (const char* command :
       {"./run.sh a", "'./run.sh'", "~/run.sh", "echo \"it's\"", "$HOOK x", "A=1 ./missing",
        "[ -e x ] && cat", "cat <<E\nit's\nE", "cat # it's", "(cat)", "if true; then cat; fi"}) {
    EXPECT_THAT(faults(command), IsEmpty()) << command;
  }
}

}  // namespace
}  // namespace awl::hooks
