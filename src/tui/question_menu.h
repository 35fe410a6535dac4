// Questions that the model asks the person: the tool AskUserQuestion.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "json/value.h"
#include "protocol/host.h"
#include "tui/menu.h"

namespace awl::tui {

/// One question after the other.
class QuestionMenu {
 public:
  /// `input_json`: of the call, valid against the tool's schema.
  QuestionMenu(std::string_view input_json, const Theme& theme);

  /// kChosen: all are answered.
  Menu::Outcome press(const Key& key);
  Frame render(Size size, const Theme& theme) const;
  /// After the last outcome. nullopt: the person was away for too long; what was answered until then counts.
  protocol::PermissionAnswer answer(std::optional<Menu::Outcome> outcome) const;

 private:
  struct Question {
    std::string text;
    std::string header;
    bool multiple = false;
    std::vector<std::string> labels;
    std::vector<std::string> previews;
    Menu menu;
  };
  static std::string answer_of(const Question& question, bool is_chosen);

  json::Value input_;
  std::vector<Question> questions_;
  size_t current_ = 0;
};

}  // namespace awl::tui
