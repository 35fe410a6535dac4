#include "tools/bash_output.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/utf8.h"
#include "os/descriptor.h"

namespace awl::tools {
namespace {

os::FileDescriptor file_of(std::string_view bytes) {
  os::FileDescriptor fd(::memfd_create("output", MFD_CLOEXEC));
  EXPECT_EQ(::write(fd.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
  return fd;
}

std::string whole(std::string_view bytes) { return read_whole_or_start(file_of(bytes).get(), 1000).text; }

TEST(BashOutput, BlankLinesAroundAreTrimmedAndIndentationIsKept) {
  EXPECT_EQ(whole(""), "");
  EXPECT_EQ(whole("hi\n"), "hi");
  EXPECT_EQ(whole("\n  \n\t\n  hi \n there\n\n\n"), "  hi \n there");
  EXPECT_EQ(whole("hi\r\n"), "hi");
  EXPECT_EQ(whole("\n \n"), "");
}

TEST(BashOutput, BytesThatAreNoTextAreReplaced) { EXPECT_EQ(whole("left\377right\n"), "left\uFFFDright"); }

TEST(BashOutput, CharactersCountNotBytes) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "ü";
  const auto fd = file_of(text + "\n");
  EXPECT_TRUE(read_whole_or_start(fd.get(), 1000).whole);
  EXPECT_FALSE(read_whole_or_start(fd.get(), 999).whole);
}

TEST(BashOutput, LongOutputIsShownByItsStart) {
  std::string text;
  for (int i = 1; i <= 20'000; ++i) text += std::to_string(i) + "\n";
  const auto fd = file_of(text);
  const ShownOutput shown = read_whole_or_start(fd.get(), 30'000);
  EXPECT_FALSE(shown.whole);
  EXPECT_EQ(shown.size_bytes, text.size());
  EXPECT_LE(shown.text.size(), 2000u);
  EXPECT_GT(shown.text.size(), 1900u);
  EXPECT_TRUE(text.starts_with(shown.text + "\n")) << "cut at a line's end";
}

TEST(BashOutput, LongOutputOfAFailureIsShownByBothEnds) {
  const std::string text = "first\n" + std::string(1 << 20, 'x') + "\nlast\n";
  const auto fd = file_of(text);
  const ShownOutput shown = read_whole_or_ends(fd.get(), 10'000);
  EXPECT_FALSE(shown.whole);
  EXPECT_TRUE(shown.text.starts_with("first\n"));
  EXPECT_TRUE(shown.text.ends_with("\nlast"));
  EXPECT_LT(shown.text.size(), 10'100u);
  EXPECT_NE(shown.text.find("bytes left out"), std::string::npos);
}

TEST(BashOutput, CutsBetweenCharacters) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "€";
  const auto fd = file_of("a" + text);
  EXPECT_TRUE(is_utf8(read_whole_or_start(fd.get(), 30'000).text));
  const std::string ends = read_whole_or_ends(fd.get(), 10'000).text;
  EXPECT_TRUE(is_utf8(ends));
  EXPECT_EQ(ends.find("\uFFFD"), ends.rfind("\uFFFD")) << "at most where the tail was cut";
}

}  // namespace
}  // namespace awl::tools
