#include "tui/question_menu.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/columns.h"
#include "base/strings.h"

namespace awl::tui {

namespace {

constexpr size_t kMaxTextBytes = 2'000;
constexpr size_t kMaxOptionBytes = 400;
constexpr size_t kMaxPreviewLines = 12;

}  // namespace

QuestionMenu::QuestionMenu(std::string_view input_json, const Theme& theme) {
  auto parsed = json::parse(input_json);
  input_ = parsed ? std::move(*parsed) : json::Value::object();
  const json::Value* asked = json::find(input_, "questions");
  if (asked == nullptr || !asked->is_array()) return;
  for (const json::Value& one : *asked) {
    const std::string text = json::string_or_empty(one, "question");
    const std::string header = printable(json::string_or_empty(one, "header"), kMaxOptionBytes);
    const bool multiple = json::get_bool(one, "multiSelect").value_or(false);
    std::vector<std::string> labels;
    std::vector<std::string> previews;
    std::vector<MenuOption> options;
    const json::Value* given = json::find(one, "options");
    for (const json::Value& option : given == nullptr ? json::Value::array() : *given) {
      labels.push_back(json::string_or_empty(option, "label"));
      previews.push_back(json::string_or_empty(option, "preview"));
      options.push_back({printable(labels.back(), kMaxOptionBytes),
                         printable(json::string_or_empty(option, "description"), kMaxOptionBytes),
                         /*takes_comment=*/!multiple});
    }
    options.push_back({"Something else", "", /*takes_comment=*/true, /*is_written=*/true});
    MenuText menu;
    const std::string count =
        asked->size() > 1 ? fmt::format("  {} of {}", questions_.size() + 1, asked->size()) : "";
    menu.head = {"", theme.paint(kAccent, header) + theme.paint(kDim, count)};
    menu.head.push_back(theme.paint(kBold, printable(text, kMaxTextBytes)));
    menu.hint = multiple ? "space marks · enter goes on · esc leaves it open and stops"
                         : "enter chooses · tab adds a note · esc leaves it open and stops";
    menu.marks = multiple;
    questions_.push_back({text, header, multiple, std::move(labels), std::move(previews),
                          Menu(std::move(menu), std::move(options))});
  }
}

std::string QuestionMenu::answer_of(const Question& question, bool is_chosen) {
  const size_t own = question.labels.size();
  if (!question.multiple) {
    if (!is_chosen) return "";
    const size_t chosen = question.menu.chosen();
    return chosen == own ? question.menu.comment(own) : question.labels[chosen];
  }
  std::vector<std::string> parts;
  for (size_t i = 0; i < own; ++i) {
    if (question.menu.marked()[i]) parts.push_back(question.labels[i]);
  }
  if (question.menu.marked()[own]) parts.push_back(question.menu.comment(own));
  // Enter alone means the one that it stands on.
  if (parts.empty() && is_chosen && question.menu.chosen() < own)
    parts.push_back(question.labels[question.menu.chosen()]);
  return join(parts, ", ");
}

Menu::Outcome QuestionMenu::press(const Key& key) {
  if (current_ >= questions_.size()) return Menu::Outcome::kCancelled;
  const Menu::Outcome outcome = questions_[current_].menu.press(key);
  if (outcome != Menu::Outcome::kChosen) return outcome;
  ++current_;
  return current_ == questions_.size() ? Menu::Outcome::kChosen : Menu::Outcome::kOpen;
}

Frame QuestionMenu::render(Size size, const Theme& theme) const {
  if (current_ >= questions_.size()) return {};
  const Question& question = questions_[current_];
  Frame frame = question.menu.render(size, theme);
  const auto selected = question.menu.selected();
  if (!selected || *selected >= question.previews.size() || question.previews[*selected].empty())
    return frame;
  frame.lines.emplace_back();
  size_t shown = 0;
  for (const std::string_view line : split(question.previews[*selected], '\n')) {
    if (shown++ == kMaxPreviewLines) break;
    frame.lines.push_back(theme.paint(kDim, "  │ ") + cut_to_columns(clean(line), size.columns - 5));
  }
  return frame;
}

protocol::PermissionAnswer QuestionMenu::answer(std::optional<Menu::Outcome> outcome) const {
  protocol::PermissionAnswer answer;
  if (outcome == Menu::Outcome::kCancelled) {
    answer.message = "the person left the question open";
    answer.interrupt = true;
    return answer;
  }
  json::Value input = input_;
  json::Value answers = json::Value::object();
  json::Value notes = json::Value::object();
  for (size_t i = 0; i < questions_.size(); ++i) {
    const Question& question = questions_[i];
    const std::string said = answer_of(question, i < current_);
    if (said.empty()) continue;
    answers[question.text] = said;
    if (question.multiple || question.menu.chosen() >= question.labels.size()) continue;
    if (const std::string note = question.menu.comment(); !note.empty())
      notes[question.text] = {{"notes", note}};
  }
  input["answers"] = std::move(answers);
  if (!notes.empty()) input["annotations"] = std::move(notes);
  answer.allowed = true;
  answer.updated_input_json = json::dump(input);
  if (!outcome)
    answer.message =
        "they may be away from the keyboard: go on as you think best, and ask again later if it matters";
  return answer;
}

}  // namespace awl::tui
