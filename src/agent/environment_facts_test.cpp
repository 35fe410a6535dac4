#include "agent/environment_facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>

namespace awl::agent {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class EnvironmentFacts : public ::testing::Test {
 protected:
  EnvironmentFacts() {
    folder_ = *os::make_private_directory(std::filesystem::temp_directory_path(), "awl-facts-");
  }
  ~EnvironmentFacts() override { std::filesystem::remove_all(folder_); }

  std::string describe() {
    Environment environment;
    environment.set("PATH", "/usr/local/bin:/usr/bin:/bin");
    boost::asio::io_context io;
    std::string text;
    boost::asio::co_spawn(io, describe_environment(folder_, std::move(environment), TimePoint()),
                          [&](const std::exception_ptr&, std::string result) { text = std::move(result); });
    io.run();
    return text;
  }
  void put(const char* name, std::string_view text) {
    (void)os::make_directories((folder_ / name).parent_path());
    EXPECT_TRUE(os::write_file_atomic(folder_ / name, text));
  }

  os::Path folder_;
};

// They start git, where it is asked.
TEST_F(EnvironmentFacts, AnOrdinaryRepositoryIsAsked) {
  EXPECT_THAT(describe(), HasSubstr("Git repository: no"));
  put(".git/HEAD", "ref: refs/heads/main\n");
  put(".git/objects/info/x", "");
  put(".git/refs/heads/.x", "");
  put(".git/config", "[core]\n\trepositoryformatversion = 0\n\tbare = false\n");
  EXPECT_THAT(describe(), HasSubstr("No commits yet on main"));
}

TEST_F(EnvironmentFacts, ARepositoryThatMayRunAProgramIsNotAsked) {
  put(".git/HEAD", "ref: refs/heads/main\n");
  put(".git/objects/info/x", "");
  put(".git/refs/heads/.x", "");
  put(".gitattributes", "* filter=evil\n");
  put(".git/config", "[filter \"evil\"]\n\tclean = touch ran; cat\n");
  EXPECT_THAT(describe(), HasSubstr("- Git branch: main\n"));
  EXPECT_THAT(describe(), HasSubstr("may run a program: filter.evil.clean"));
  EXPECT_THAT(describe(), Not(HasSubstr("No commits yet")));
}

}  // namespace
}  // namespace awl::agent
