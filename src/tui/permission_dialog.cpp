// Questions of the engine's.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "async/timeout.h"
#include "base/strings.h"
#include "tui/interactive_impl.h"
#include "tui/permission_menu.h"
#include "tui/plan_menu.h"
#include "tui/question_menu.h"

namespace awl::embedded {
extern const std::string_view explain_call_md;
}  // namespace awl::embedded

namespace awl::tui {

namespace {

// A dialog that a tool call waits for.
struct QuestionDialog : Dialog {
  virtual std::optional<protocol::PermissionAnswer> answer() const = 0;
};

class PermissionDialog final : public QuestionDialog {
 public:
  /// `explain` is called once, when an explanation is wanted; empty: there is none.
  PermissionDialog(PermissionMenu menu, async::Event& answered, std::function<void()> explain)
      : menu_(std::move(menu)), answered_(answered), explain_(std::move(explain)) {}

  Menu::Outcome press(const Key& key) override {
    if (key != Key{Key::Kind::kControl, "e"} || !explain_) return menu_.menu().press(key);
    shows_explanation_ = !shows_explanation_;
    if (explanation_.empty()) {
      explanation_ = "Asking the model what this does …";
      explain_();
    }
    return Menu::Outcome::kOpen;
  }

  Frame render(Size size, const Theme& theme) const override {
    std::vector<std::string> lines;
    if (shows_explanation_) lines = wrap(theme.paint(kWarning, clean(explanation_)), size.columns - 2);
    Frame frame = menu_.menu().render({size.columns, size.rows - static_cast<int>(lines.size())}, theme);
    frame.lines.insert(frame.lines.end(), lines.begin(), lines.end());
    return frame;
  }

  void answered(Menu::Outcome outcome) override {
    answer_ = menu_.answer(outcome);
    answered_.notify_all();
  }
  std::optional<protocol::PermissionAnswer> answer() const override { return answer_; }
  void set_explanation(std::string text) { explanation_ = std::move(text); }

 private:
  PermissionMenu menu_;
  async::Event& answered_;
  std::function<void()> explain_;
  std::string explanation_;
  bool shows_explanation_ = false;
  std::optional<protocol::PermissionAnswer> answer_;
};

Task<> explain(agent::Controls& controls, std::string question, std::weak_ptr<PermissionDialog> asked,
               std::function<void()> changed) {
  auto answer =
      co_await controls.ask_aside(std::string(trim(embedded::explain_call_md)), std::move(question));
  if (const auto dialog = asked.lock()) dialog->set_explanation(answer ? *answer : describe(answer.error()));
  changed();
}

class PlanDialog final : public QuestionDialog {
 public:
  PlanDialog(PlanMenu menu, async::Event& answered) : menu_(std::move(menu)), answered_(answered) {}
  Menu::Outcome press(const Key& key) override { return menu_.menu().press(key); }
  Frame render(Size size, const Theme& theme) const override { return menu_.menu().render(size, theme); }
  void answered(Menu::Outcome outcome) override {
    answer_ = menu_.answer(outcome);
    answered_.notify_all();
  }
  std::optional<protocol::PermissionAnswer> answer() const override { return answer_; }

 private:
  PlanMenu menu_;
  async::Event& answered_;
  std::optional<protocol::PermissionAnswer> answer_;
};

// The questions of one call. Each key begins the time anew that it waits for an answer.
class QuestionsDialog final : public QuestionDialog {
 public:
  QuestionsDialog(QuestionMenu menu, async::Event& answered) : menu_(std::move(menu)), answered_(answered) {}
  Menu::Outcome press(const Key& key) override {
    answered_.notify_all();
    return menu_.press(key);
  }
  Frame render(Size size, const Theme& theme) const override { return menu_.render(size, theme); }
  void answered(Menu::Outcome outcome) override {
    answer_ = menu_.answer(outcome);
    answered_.notify_all();
  }
  std::optional<protocol::PermissionAnswer> answer() const override { return answer_; }
  void give_up() { answer_ = menu_.answer(std::nullopt); }

 private:
  QuestionMenu menu_;
  async::Event& answered_;
  std::optional<protocol::PermissionAnswer> answer_;
};

}  // namespace

// The dialog is gone at the end, also when the turn ends before the person says anything.
std::unique_ptr<void, std::function<void(void*)>> InteractiveImpl::show(std::shared_ptr<Dialog> dialog) {
  dialogs_.push_back(dialog);
  terminal_.write("\a");
  changed();
  return {this, [this, dialog](void*) {
            std::erase(dialogs_, dialog);
            changed();
          }};
}

Task<protocol::PermissionAnswer> InteractiveImpl::ask_questions(protocol::PermissionQuestion question) {
  const auto dialog = std::make_shared<QuestionsDialog>(QuestionMenu(question.input_json, theme_), answered_);
  const auto shown = show(dialog);
  while (!dialog->answer()) {
    const auto limit = options_.question_timeout;
    if (limit.count() == 0) {
      co_await answered_.wait();
    } else if (!co_await async::finish_within(answered_.wait(), limit)) {
      dialog->give_up();
    }
  }
  co_return *dialog->answer();
}

Task<protocol::PermissionAnswer> InteractiveImpl::ask_about_plan(protocol::PermissionQuestion question) {
  const auto input = json::parse(question.input_json);
  view_.show_plan(input ? json::string_or_empty(*input, "plan") : "", screen_.size().columns);
  const std::string file = input ? json::string_or_empty(*input, "planFilePath") : "";
  const auto dialog = std::make_shared<PlanDialog>(PlanMenu(options_.modes, file, theme_), answered_);
  const auto shown = show(dialog);
  while (!dialog->answer()) co_await answered_.wait();
  co_return *dialog->answer();
}

Task<protocol::PermissionAnswer> InteractiveImpl::ask_permission(protocol::PermissionQuestion question) {
  if (question.tool_name == "AskUserQuestion") {
    auto answer = co_await ask_questions(std::move(question));
    co_return answer;
  }
  if (question.tool_name == "ExitPlanMode") {
    auto answer = co_await ask_about_plan(std::move(question));
    co_return answer;
  }
  const auto itself = std::make_shared<std::weak_ptr<PermissionDialog>>();
  std::function<void()> wants_explanation;
  if (options_.explains_calls) {
    wants_explanation = [this, itself, call = fmt::format("{} {}", question.tool_name, question.input_json)] {
      listeners_.spawn(explain(engine_->controls(), call, *itself, [this] { changed(); }));
    };
  }
  const auto dialog = std::make_shared<PermissionDialog>(
      PermissionMenu(question, screen_.size(), theme_, options_.saves_rules), answered_,
      std::move(wants_explanation));
  *itself = dialog;
  const auto shown = show(dialog);
  while (!dialog->answer()) co_await answered_.wait();
  co_return *dialog->answer();
}

}  // namespace awl::tui
