// Questions of the engine's.
#include <fmt/format.h>

#include "base/strings.h"
#include "tui/interactive_impl.h"

namespace awl::embedded {
extern const std::string_view explain_call_md;
}  // namespace awl::embedded

namespace awl::tui {

namespace {

class PermissionDialog final : public Dialog {
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
  const std::optional<protocol::PermissionAnswer>& answer() const { return answer_; }
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

}  // namespace

Task<protocol::PermissionAnswer> InteractiveImpl::ask_permission(protocol::PermissionQuestion question) {
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
  // The turn may end before the person says anything.
  const auto forget = [this, dialog](void*) {
    std::erase_if(dialogs_, [&dialog](const auto& other) { return other == dialog; });
    changed();
  };
  const std::unique_ptr<void, decltype(forget)> at_end(this, forget);
  dialogs_.push_back(dialog);
  terminal_.write("\a");
  changed();
  while (!dialog->answer()) co_await answered_.wait();
  co_return *dialog->answer();
}

}  // namespace awl::tui
