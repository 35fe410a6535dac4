#include "os/file_watch.h"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <filesystem>

#include "async/task_group.h"

namespace awl::os {
namespace {

TEST(FileWatchTest, ItTellsOfItsFilesAndOfNoOthers) {
  const auto made = make_private_directory("/tmp", "awl-watch-");
  ASSERT_TRUE(made);
  const Path folder = *made;
  boost::asio::io_context io;
  FileWatch watch(io.get_executor());
  ASSERT_TRUE(watch.add(folder / "a"));
  ASSERT_TRUE(watch.add(folder / "b"));
  std::vector<std::pair<std::string, FileChange::Kind>> told;
  async::TaskGroup group(io.get_executor());
  group.spawn(watch.run([&](const FileChange& change) {
    told.emplace_back(change.path.filename(), change.kind);
    if (told.size() == 4) group.cancel();
  }));
  ASSERT_TRUE(write_file_atomic(folder / "other", "x"));
  std::filesystem::copy_file(folder / "other", folder / "a");
  ASSERT_TRUE(write_file_atomic(folder / "b", "1"));
  std::filesystem::copy_file(folder / "other", folder / "a",
                             std::filesystem::copy_options::overwrite_existing);
  std::filesystem::remove(folder / "b");
  io.run();
  using enum FileChange::Kind;
  const std::vector<std::pair<std::string, FileChange::Kind>> expected{
      {"a", kAdded}, {"b", kAdded}, {"a", kChanged}, {"b", kRemoved}};
  EXPECT_EQ(told, expected);
  EXPECT_FALSE(watch.add(folder / "nowhere" / "x"));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace awl::os
