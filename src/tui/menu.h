// A list to choose from.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tui/editor.h"
#include "tui/key.h"
#include "tui/screen.h"
#include "tui/style.h"

namespace awl::tui {

struct MenuOption {
  std::string label;           ///< one line, without control characters
  std::string detail = {};     ///< dim, behind it
  bool takes_comment = false;  ///< Tab opens a line to write one
  bool is_written = false;     ///< it stands for what is written: choosing it opens the line
};

struct MenuText {
  std::vector<std::string> head;  ///< painted lines above it
  std::string hint;               ///< below it
  bool filters = false;           ///< what is typed narrows the list; else a digit chooses
  bool marks = false;             ///< several can be chosen: space and digits mark them
};

class Menu {
 public:
  Menu(MenuText text, std::vector<MenuOption> options);

  enum class Outcome { kOpen, kChosen, kCancelled };
  Outcome press(const Key& key);
  /// Of the options as they were given; after kChosen.
  size_t chosen() const { return shown_[selected_]; }
  /// What was written for the chosen option, or for another one; empty: nothing.
  std::string comment() const { return comment(chosen()); }
  std::string comment(size_t option) const;
  /// Where several can be chosen: true for those that are.
  const std::vector<bool>& marked() const { return marked_; }

  void select(size_t option);
  /// Of the options as they were given; nullopt: none fits the filter.
  std::optional<size_t> selected() const {
    return shown_.empty() ? std::nullopt : std::optional(shown_[selected_]);
  }
  Frame render(Size size, const Theme& theme) const;

 private:
  Outcome press_in_comment(const Key& key);
  Outcome choose(size_t index);
  bool begins_writing(const Key& key);
  void mark(size_t index);
  void filter();

  MenuText text_;
  std::vector<MenuOption> options_;
  std::vector<size_t> shown_;  // indices of the options that fit the filter
  size_t selected_ = 0;        // in shown_
  Editor filter_;
  std::vector<Editor> comments_;
  std::vector<bool> marked_;
  bool commenting_ = false;
};

}  // namespace awl::tui
