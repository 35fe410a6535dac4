#include "tui/screen.h"

#include <gmock/gmock.h>
#include <vterm.h>

#include <memory>

namespace awl::tui {
namespace {

using ::testing::ElementsAre;

// A terminal that obeys the bytes, and what a person would see on it.
class Terminal {
 public:
  explicit Terminal(Size size) : size_(size), term_(vterm_new(size.rows, size.columns)) {
    vterm_set_utf8(term_.get(), 1);
    vterm_screen_reset(vterm_obtain_screen(term_.get()), 1);
  }
  void write(std::string_view bytes) { vterm_input_write(term_.get(), bytes.data(), bytes.size()); }
  std::vector<std::string> rows() const {
    std::vector<std::string> rows;
    for (int row = 0; row < size_.rows; ++row) {
      std::string text(static_cast<size_t>(size_.columns) * 8, '\0');
      text.resize(vterm_screen_get_text(vterm_obtain_screen(term_.get()), text.data(), text.size(),
                                        {row, row + 1, 0, size_.columns}));
      rows.push_back(text.substr(0, text.find_last_not_of(' ') + 1));
    }
    while (!rows.empty() && rows.back().empty()) rows.pop_back();
    return rows;
  }
  std::pair<int, int> cursor() const {
    VTermPos at{};
    vterm_state_get_cursorpos(vterm_obtain_state(term_.get()), &at);
    return {at.row, at.col};
  }

 private:
  struct Free {
    void operator()(VTerm* term) const { vterm_free(term); }
  };
  Size size_;
  std::unique_ptr<VTerm, Free> term_;
};

class ScreenTest : public testing::Test {
 protected:
  Terminal terminal_{{20, 6}};
  Screen screen_{[this](std::string_view bytes) { terminal_.write(bytes); }, {20, 6}};
};

TEST_F(ScreenTest, TheFrameIsDrawnOver) {
  screen_.draw({{"one", "> two"}, 1, 2});
  EXPECT_THAT(terminal_.rows(), ElementsAre("one", "> two"));
  EXPECT_EQ(terminal_.cursor(), std::pair(1, 2));
  screen_.draw({{"> x"}, 0, 3});
  EXPECT_THAT(terminal_.rows(), ElementsAre("> x"));
  EXPECT_EQ(terminal_.cursor(), std::pair(0, 3));
}

TEST_F(ScreenTest, WhatIsPrintedStaysAbove) {
  screen_.draw({{"busy", "> "}, 1, 2});
  screen_.print({"said"});
  screen_.draw({{"> "}, 0, 2});
  screen_.print({"said more", ""});
  screen_.draw({{"busy", "> "}, 1, 2});
  EXPECT_THAT(terminal_.rows(), ElementsAre("said", "said more", "", "busy", ">"));
}

TEST_F(ScreenTest, OfAHighFrameTheEndIsShown) {
  screen_.draw({{"1", "2", "3", "4", "5", "6", "7"}, 6, 0});
  EXPECT_THAT(terminal_.rows(), ElementsAre("3", "4", "5", "6", "7"));
  screen_.print({"a"});
  screen_.draw({{"b"}, 0, 0});
  EXPECT_THAT(terminal_.rows(), ElementsAre("a", "b"));
}

TEST_F(ScreenTest, ItScrolls) {
  for (int i = 0; i < 20; ++i) {
    screen_.print({std::to_string(i)});
    screen_.draw({{"---", ">"}, 1, 1});
  }
  EXPECT_THAT(terminal_.rows(), ElementsAre("16", "17", "18", "19", "---", ">"));
}

TEST_F(ScreenTest, NothingStaysWhenItIsLeft) {
  screen_.print({"said"});
  screen_.draw({{"---", ">"}, 1, 1});
  screen_.leave();
  EXPECT_THAT(terminal_.rows(), ElementsAre("said"));
  EXPECT_EQ(terminal_.cursor(), std::pair(1, 0));
}

TEST_F(ScreenTest, TheSameFrameWritesNothing) {
  screen_.draw({{">"}, 0, 1});
  terminal_.write("\r#");
  screen_.draw({{">"}, 0, 1});
  EXPECT_THAT(terminal_.rows(), ElementsAre("#"));
}

}  // namespace
}  // namespace awl::tui
