#include "tui/editor.h"

#include <gmock/gmock.h>

namespace awl::tui {
namespace {

using ::testing::ElementsAre;
using Kind = Key::Kind;

// Bytes as a terminal sends them.
void type(Editor& editor, std::string_view bytes) {
  KeyDecoder decoder;
  for (const Key& key : decoder.feed(bytes)) editor.press(key);
}

std::string after_typing(std::string_view bytes) {
  Editor editor;
  type(editor, bytes);
  return editor.text();
}

TEST(EditorTest, LettersGoWhereTheCursorIs) {
  EXPECT_EQ(after_typing("ac\x1b[Db"), "abc");
  EXPECT_EQ(after_typing("bc\x01"
                         "a\x05"
                         "d"),
            "abcd");
  EXPECT_EQ(after_typing("abc\x7f\x7f"), "a");
}

TEST(EditorTest, WhatIsSeenAsOneCharacterIsRemovedAsOne) {
  EXPECT_EQ(after_typing("a👩‍👩‍👧\x7f"), "a");
  EXPECT_EQ(after_typing("e\u0301x\x1b[D\x1b[D_"), "_e\u0301x");
}

TEST(EditorTest, WordsAreKilledAndComeBack) {
  EXPECT_EQ(after_typing("one two\x17\x17x\x19"), "xone two");
  EXPECT_EQ(after_typing("one two\x17\x01\x19"), "twoone ");
  EXPECT_EQ(after_typing("one\x15two\x15\x19\x1by"), "one");
  EXPECT_EQ(after_typing("one two\x01\x1b"
                         "d!"),
            "! two");
}

TEST(EditorTest, LinesAreKilledToTheirEnds) {
  EXPECT_EQ(after_typing("one\ntwo\x15"), "one\n");
  EXPECT_EQ(after_typing("one\ntwo\x1b[A\x01\x0b"), "\ntwo");
  EXPECT_EQ(after_typing("one\ntwo\x1b[A\x01\x0b\x0b"), "two");
}

TEST(EditorTest, ChangesAreUndone) {
  EXPECT_EQ(after_typing("one two\x17\x1f"), "one two");
  EXPECT_EQ(after_typing("\x1f"), "");
}

TEST(EditorTest, UpAndDownKeepTheColumn) {
  EXPECT_EQ(after_typing("abc\nde\x1b[A_"), "ab_c\nde");
  Editor editor;
  type(editor, "one");
  EXPECT_FALSE(editor.press({Kind::kUp}));
  EXPECT_FALSE(editor.press({Kind::kDown}));
}

TEST(EditorTest, ALongPasteIsAMarkAndGoesOutWhole) {
  Editor editor;
  type(editor, "see ");
  const std::string pasted = "1\n2\n3\n4\n";
  editor.press({Kind::kPaste, pasted});
  EXPECT_EQ(editor.text(), "see [Pasted text #1 +4 lines]");
  EXPECT_EQ(editor.whole_text(), "see " + pasted);
  editor.press({Kind::kPaste, "short"});
  EXPECT_EQ(editor.whole_text(), "see " + pasted + "short");
}

TEST(EditorTest, LinesAreCutToTheWidth) {
  Editor editor;
  type(editor, "abcdef\n世界");
  const auto layout = editor.layout(4);
  EXPECT_THAT(layout.lines, ElementsAre("abcd", "ef", "世界", ""));
  EXPECT_EQ(layout.row, 3);
  EXPECT_EQ(layout.column, 0);
}

TEST(EditorTest, WhatIsYankedAgainAndAgainHasAnEnd) {
  Editor editor;
  type(editor, "words ");
  for (int i = 0; i < 100; ++i) type(editor, "\x15\x19\x19");
  EXPECT_LE(editor.text().size(), size_t{64 << 10});
}

TEST(EditorTest, NothingItGetsBreaksIt) {
  Editor editor;
  for (int byte = 1; byte < 128; ++byte) {
    for (const char* text : {"", "a b\nc"}) {
      editor.set_text(text);
      const char typed[] = {static_cast<char>(byte), 0};
      type(editor, typed);
      type(editor, std::string("\x1b") + typed);
      EXPECT_LE(editor.cursor(), editor.text().size());
      EXPECT_FALSE(editor.layout(1).lines.empty());
    }
  }
}

}  // namespace
}  // namespace awl::tui
