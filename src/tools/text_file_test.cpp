#include "tools/text_file.h"

#include <gtest/gtest.h>

#include <random>

#include "base/utf8.h"

namespace awl::tools {
namespace {

using std::string_literals::operator""s;

// Replaces the first `from` of the view.
std::string edit(const std::string& bytes, std::string_view from, std::string_view to) {
  const TextFile file(bytes);
  const size_t begin = file.view().find(from);
  if (begin == std::string::npos) return "not found in: " + file.view();
  return file.replace({{begin, begin + from.size()}}, to);
}

TEST(TextFile, ShowsPlainNewlinesAndNoMark) {
  EXPECT_EQ(TextFile("a\r\nb\nc\r\n").view(), "a\nb\nc\n");
  EXPECT_EQ(TextFile("\xEF\xBB\xBFx").view(), "x");
  EXPECT_EQ(TextFile("caf\xE9\n").view(), "caf\xEF\xBF\xBD\n");
  EXPECT_EQ(TextFile("\xFF\xFEh\0\r\0\n\0=\xD8\0\xDE"s).view(), "h\n\xF0\x9F\x98\x80");
  EXPECT_EQ(TextFile("\xFE\xFF\0h\0i"s).view(), "hi");
  EXPECT_EQ(TextFile("\xFF\xFEh\0\0\xD8z"s).view(), "h\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(TextFile("").view(), "");
}

TEST(TextFile, NewlinesOfAnEditFollowThePlace) {
  EXPECT_EQ(edit("a\r\nb\r\nc\r\n", "b\nc", "B\nX\nC"), "a\r\nB\r\nX\r\nC\r\n");
  EXPECT_EQ(edit("a\nb\r\nc\nd", "b\nc", "B\nC"), "a\nB\r\nC\nd");
  EXPECT_EQ(edit("a\r\nb\nc", "c", "c\nd"), "a\r\nb\nc\nd");
  EXPECT_EQ(edit("one\r\ntwo", "one", "0\n1"), "0\r\n1\r\ntwo");
  EXPECT_EQ(edit("one\ntwo\r\n", "one", "0\n1"), "0\n1\ntwo\r\n");
  EXPECT_EQ(edit("\xEF\xBB\xBFone", "one", "1\n2"),
            "\xEF\xBB\xBF"
            "1\n2");
}

TEST(TextFile, KeepsUtf16) {
  EXPECT_EQ(edit("\xFF\xFEh\0i\0"s, "i", "\xF0\x9F\x98\x80\n"), "\xFF\xFEh\0=\xD8\0\xDE\n\0"s);
  EXPECT_EQ(edit("\xFE\xFF\0a\0\r\0\n\0b"s, "b", "c\nd"), "\xFE\xFF\0a\0\r\0\n\0c\0\r\0\n\0d"s);
}

// A file of pieces that break naive editors; returns it with the marker's place.
std::string random_bytes(std::mt19937& random, size_t pieces) {
  static const std::vector<std::string> kPieces = {
      "\r\n",     "\n",   "\r",   "\t", "word",        "\xE9", "\xC3\xA9", "\xF0\x9F\x98\x80",
      "\xE2\x82", "\xFF", "\x80", " ",  "\xEF\xBF\xBD"};
  std::string out;
  for (size_t i = 0; i < pieces; ++i) {
    out += random() % 4 == 0 ? std::string(1, static_cast<char>(random() % 256))
                             : kPieces[random() % kPieces.size()];
  }
  return out;
}

TEST(TextFile, EveryByteOutsideTheEditStays) {
  std::mt19937 random(7);  // NOLINT: the same files in every run
  const std::vector<std::string> marks = {"", "\xEF\xBB\xBF"};
  for (int round = 0; round < 3000; ++round) {
    // Newlines around the marker keep its neighbours from joining it into one character.
    const std::string before = marks[random() % 2] + random_bytes(random, random() % 30) + "\n";
    const std::string after = "\n" + random_bytes(random, random() % 30);
    const std::string result = edit(before + "MARK\r\nEND" + after, "MARK\nEND", "new \xC3\xA9");
    ASSERT_EQ(result, before + "new \xC3\xA9" + after) << "round " << round;
    ASSERT_TRUE(is_utf8(TextFile(before).view()));
  }
}

TEST(TextFile, EveryUnitOutsideTheEditStaysInUtf16) {
  std::mt19937 random(8);  // NOLINT: the same files in every run
  for (int round = 0; round < 1000; ++round) {
    std::string before = "\xFF\xFE";
    std::string after;
    for (size_t i = random() % 20; i > 0; --i)
      before += {static_cast<char>(random()), static_cast<char>(random())};
    before += "\n\0"s;
    for (size_t i = random() % 20; i > 0; --i)
      after += {static_cast<char>(random()), static_cast<char>(random())};
    if (random() % 3 == 0) after += 'x';
    const std::string marker = "M\0A\0R\0K\0"s;
    ASSERT_EQ(edit(before + marker + after, "MARK", "m"), before + "m\0"s + after) << "round " << round;
  }
}

TEST(TextFile, WritingTheViewBackInPiecesChangesNothing) {
  std::mt19937 random(9);  // NOLINT: the same files in every run
  for (int round = 0; round < 500; ++round) {
    const std::string bytes = random_bytes(random, 40);
    const TextFile file(bytes);
    std::vector<TextFile::Span> spans;
    for (size_t at = 0; at <= file.view().size(); ++at) {
      const bool boundary =
          at == file.view().size() || (static_cast<unsigned char>(file.view()[at]) & 0xC0) != 0x80;
      if (boundary && random() % 3 == 0) spans.push_back({at, at});
    }
    ASSERT_EQ(file.replace(spans, ""), bytes);
  }
}

}  // namespace
}  // namespace awl::tools
