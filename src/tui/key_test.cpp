#include "tui/key.h"

#include <gmock/gmock.h>

namespace awl::tui {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Kind = Key::Kind;

std::vector<Key> decode(std::string_view bytes) {
  KeyDecoder decoder;
  auto keys = decoder.feed(bytes);
  for (Key& key : decoder.flush()) keys.push_back(std::move(key));
  return keys;
}

// The same, byte by byte, as a slow line brings it.
std::vector<Key> decode_slowly(std::string_view bytes) {
  KeyDecoder decoder;
  std::vector<Key> keys;
  for (const char byte : bytes) {
    for (Key& key : decoder.feed({&byte, 1})) keys.push_back(std::move(key));
  }
  for (Key& key : decoder.flush()) keys.push_back(std::move(key));
  return keys;
}

TEST(KeyTest, TextAndControlKeys) {
  EXPECT_THAT(decode("aé世\r"), ElementsAre(Key{Kind::kText, "aé世"}, Key{Kind::kEnter}));
  EXPECT_THAT(decode("\x03\n\x7f\t\x1f"),
              ElementsAre(Key{Kind::kControl, "c"}, Key{Kind::kNewline}, Key{Kind::kBackspace},
                          Key{Kind::kTab}, Key{Kind::kControl, "_"}));
}

TEST(KeyTest, SequencesOfTerminals) {
  struct Case {
    const char* bytes;
    Key key;
  };
  for (const Case& c : {Case{"\x1b[A", {Kind::kUp}}, Case{"\x1bOB", {Kind::kDown}},
                        Case{"\x1b[1;5C", {Kind::kWordRight}}, Case{"\x1b[1;3D", {Kind::kWordLeft}},
                        Case{"\x1b[3~", {Kind::kDelete}}, Case{"\x1b[Z", {Kind::kBackTab}},
                        Case{"\x1b[13;2u", {Kind::kNewline}}, Case{"\x1b[27;2;13~", {Kind::kNewline}},
                        Case{"\x1b[99;5u", {Kind::kControl, "c"}}, Case{"\x1b\r", {Kind::kNewline}},
                        Case{"\x1b"
                             "b",
                             {Kind::kAlt, "b"}},
                        Case{"\x1b\x7f", {Kind::kWordBackspace}}, Case{"\x1b[H", {Kind::kHome}}}) {
    EXPECT_THAT(decode(c.bytes), ElementsAre(c.key)) << c.bytes + 1;
    EXPECT_THAT(decode_slowly(c.bytes), ElementsAre(c.key)) << c.bytes + 1;
  }
}

TEST(KeyTest, AnEscapeAloneIsTheKey) {
  KeyDecoder decoder;
  EXPECT_THAT(decoder.feed("\x1b"), IsEmpty());
  EXPECT_TRUE(decoder.is_waiting());
  EXPECT_THAT(decoder.flush(), ElementsAre(Key{Kind::kEscape}));
  EXPECT_THAT(decode("\x1b\x1b"), ElementsAre(Key{Kind::kEscape}, Key{Kind::kEscape}));
}

TEST(KeyTest, APasteIsNoKeys) {
  const std::string paste = "\x1b[200~one\r\ntwo\x1b[A\r\x1b[201~x";
  const auto expected = ElementsAre(Key{Kind::kPaste, "one\ntwo\x1b[A\n"}, Key{Kind::kText, "x"});
  EXPECT_THAT(decode(paste), expected);
  EXPECT_THAT(decode_slowly(paste), expected);
}

TEST(KeyTest, LettersInPiecesAreWhole) {
  const auto keys = decode_slowly("世é");
  std::string text;
  for (const Key& key : keys) text += key.text;
  EXPECT_EQ(text, "世é");
}

TEST(KeyTest, WhatNobodyKnowsIsDropped) {
  EXPECT_THAT(decode("\x1b[?1;2cx"), ElementsAre(Key{Kind::kText, "x"}));
  EXPECT_THAT(decode("\x1b[99999999999999999999ux"), ElementsAre(Key{Kind::kText, "x"}));
}

}  // namespace
}  // namespace awl::tui
