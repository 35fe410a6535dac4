// Menus that a person opens.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/columns.h"
#include "base/strings.h"
#include "tui/interactive_impl.h"
#include "tui/session_menu.h"

namespace awl::tui {

namespace {

constexpr size_t kMaxLabelBytes = 400;

// A menu and what becomes of the option that is chosen.
class Choice final : public Dialog {
 public:
  Choice(Menu menu, std::function<void(size_t)> chosen)
      : menu_(std::move(menu)), chosen_(std::move(chosen)) {}
  Menu::Outcome press(const Key& key) override { return menu_.press(key); }
  Frame render(Size size, const Theme& theme) const override { return menu_.render(size, theme); }
  void answered(Menu::Outcome outcome) override {
    if (outcome == Menu::Outcome::kChosen) chosen_(menu_.chosen());
  }

 private:
  Menu menu_;
  std::function<void(size_t)> chosen_;
};

class SessionChoice final : public Dialog {
 public:
  SessionChoice(SessionPicker picker, std::function<void(const session::SessionInfo&)> chosen)
      : picker_(std::move(picker)), chosen_(std::move(chosen)) {}
  Menu::Outcome press(const Key& key) override { return picker_.press(key); }
  Frame render(Size size, const Theme& /*theme*/) const override { return picker_.render(size); }
  void answered(Menu::Outcome outcome) override {
    if (outcome == Menu::Outcome::kChosen) chosen_(picker_.chosen());
  }

 private:
  SessionPicker picker_;
  std::function<void(const session::SessionInfo&)> chosen_;
};

}  // namespace

void InteractiveImpl::open(std::shared_ptr<Dialog> dialog) {
  dialogs_.push_back(std::move(dialog));
  changed();
}

void InteractiveImpl::open_sessions() {
  open(std::make_shared<SessionChoice>(
      SessionPicker(options_.list_sessions, theme_), [this](const session::SessionInfo& chosen) {
        if (const std::string advice = options_.advise(chosen); !advice.empty()) return say(advice);
        leave({.kind = Leave::Kind::kOtherSession, .session = chosen.file});
      }));
}

void InteractiveImpl::open_prompts() {
  if (view_.busy()) return say("The model is at work: esc interrupts it first.");
  const auto prompts = options_.list_prompts();
  if (prompts.empty()) return say("There is no earlier message to go back to.");
  open(std::make_shared<Choice>(make_prompt_menu(prompts, theme_),
                                [this, prompts](size_t chosen) { open_rewind(prompts[chosen]); }));
}

void InteractiveImpl::open_rewind(session::Prompt prompt) {
  // The files that would change are known before anything does.
  const auto tried = engine_->controls().rewind_files(prompt.uuid, /*dry_run=*/true);
  const auto outcome = tried ? json::parse(*tried) : Result<json::Value>(json::Value::object());
  std::vector<std::string> files;
  if (const json::Value* changed = outcome ? json::find(*outcome, "filesChanged") : nullptr;
      changed != nullptr && changed->is_array()) {
    for (const json::Value& file : *changed) {
      if (file.is_string()) files.push_back(file.get<std::string>());
    }
  }
  MenuText text;
  text.head = {"", theme_.paint(kBold, "Go back to before"),
               "  " + cut_to_columns(printable(prompt.text, kMaxLabelBytes), screen_.size().columns - 4)};
  for (const std::string& file : files)
    text.head.push_back(
        theme_.paint(kDim, cut_to_columns("  would be put back: " + printable(file, kMaxLabelBytes),
                                          screen_.size().columns - 2)));
  text.hint = "what commands changed is not put back · esc leaves";
  std::vector<MenuOption> options;
  if (!files.empty())
    options = {{"Files and conversation"}, {"Conversation alone"}, {"Files alone"}};
  else
    options = {{"Conversation"}};
  options.push_back({"Neither"});
  const bool has_files = !files.empty();
  open(std::make_shared<Choice>(Menu(std::move(text), std::move(options)),
                                [this, prompt = std::move(prompt), has_files](size_t chosen) {
                                  if (!has_files) return rewind(prompt, false, chosen == 0);
                                  rewind(prompt, chosen == 0 || chosen == 2, chosen <= 1);
                                }));
}

void InteractiveImpl::rewind(const session::Prompt& prompt, bool files, bool conversation) {
  if (files) {
    const auto done = engine_->controls().rewind_files(prompt.uuid, /*dry_run=*/false);
    say(done ? "The files are as they were before that message." : describe(done.error()));
    if (!done) return;
  }
  if (!conversation) return;
  leave({.kind = Leave::Kind::kEarlierMessage, .at = prompt.before, .draft = prompt.text});
}

void InteractiveImpl::open_history() {
  const auto texts = history_.all();
  if (texts.empty()) return say("Nothing was written here before.");
  std::vector<MenuOption> options;
  for (const std::string& text : texts) options.push_back({printable(text, kMaxLabelBytes)});
  MenuText text;
  text.head = {"", theme_.paint(kBold, "What was written before")};
  text.hint = "enter puts it into the prompt · esc leaves";
  text.filters = true;
  open(std::make_shared<Choice>(Menu(std::move(text), std::move(options)),
                                [this, texts](size_t chosen) { editor_.set_text(texts[chosen]); }));
}

void InteractiveImpl::open_models() {
  const auto session = json::parse(engine_->controls().describe_session_json());
  const json::Value* models = session ? json::find(*session, "models") : nullptr;
  if (models == nullptr || !models->is_array() || models->empty())
    return say("/model NAME chooses one; `awl models` lists them.");
  std::vector<MenuOption> options;
  std::vector<std::string> values;
  for (const json::Value& model : *models) {
    values.push_back(json::string_or_empty(model, "value"));
    options.push_back({printable(json::string_or_empty(model, "displayName"), kMaxLabelBytes),
                       printable(json::string_or_empty(model, "description"), kMaxLabelBytes)});
  }
  MenuText text;
  text.head = {"", theme_.paint(kBold, "Which model, from the next request on?")};
  text.hint = "enter chooses · esc leaves";
  open(std::make_shared<Choice>(Menu(std::move(text), std::move(options)), [this, values](size_t chosen) {
    engine_->controls().set_model(values[chosen]);
    say(fmt::format("From the next request on: {}.", values[chosen]));
  }));
}

}  // namespace awl::tui
