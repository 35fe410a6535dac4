// Menus that a person opens.
#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "base/columns.h"
#include "base/strings.h"
#include "protocol/permission_update.h"
#include "tui/interactive_impl.h"
#include "tui/session_menu.h"

namespace awl::tui {

namespace {

constexpr size_t kMaxLabelBytes = 400;
constexpr size_t kMaxRefusalsShown = 8;

// A menu and what becomes of the option that is chosen.
class Choice final : public Dialog {
 public:
  using Chosen = std::function<void(size_t option, const std::string& comment)>;
  Choice(Menu menu, Chosen chosen) : menu_(std::move(menu)), chosen_(std::move(chosen)) {}
  Choice(Menu menu, std::function<void(size_t)> chosen)
      : Choice(std::move(menu), [chosen = std::move(chosen)](size_t option, const std::string& /*comment*/) {
          chosen(option);
        }) {}
  Menu::Outcome press(const Key& key) override { return menu_.press(key); }
  Frame render(Size size, const Theme& theme) const override { return menu_.render(size, theme); }
  void answered(Menu::Outcome outcome) override {
    if (outcome == Menu::Outcome::kChosen) chosen_(menu_.chosen(), menu_.comment());
  }

 private:
  Menu menu_;
  Chosen chosen_;
};

// Takes every key but the one that gives up.
class Waiting final : public Dialog {
 public:
  explicit Waiting(std::string text) : text_(std::move(text)) {}
  Menu::Outcome press(const Key& key) override {
    return key.kind == Key::Kind::kEscape ? Menu::Outcome::kCancelled : Menu::Outcome::kOpen;
  }
  Frame render(Size /*size*/, const Theme& theme) const override {
    Frame frame;
    frame.lines = {"", theme.paint(kBold, text_), theme.paint(kDim, "esc gives it up")};
    return frame;
  }
  void answered(Menu::Outcome /*outcome*/) override { is_given_up_ = true; }
  bool is_given_up() const { return is_given_up_; }

 private:
  std::string text_;
  bool is_given_up_ = false;
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
  text.hint = "what commands changed is not put back · tab: a wish for the summary · esc leaves";
  enum class What { kBoth, kConversation, kFiles, kSumUpFrom, kSumUpBefore, kNothing };
  std::vector<std::pair<What, MenuOption>> list;
  if (!files.empty()) list.emplace_back(What::kBoth, MenuOption{"Files and conversation"});
  list.emplace_back(What::kConversation, MenuOption{files.empty() ? "Conversation" : "Conversation alone"});
  if (!files.empty()) list.emplace_back(What::kFiles, MenuOption{"Files alone"});
  list.emplace_back(What::kSumUpFrom, MenuOption{"Only sum up what came from here on", "", true});
  if (!prompt.before.empty())
    list.emplace_back(What::kSumUpBefore, MenuOption{"Only sum up what came before", "", true});
  list.emplace_back(What::kNothing, MenuOption{"Nothing"});
  std::vector<MenuOption> options;
  std::vector<What> meanings;
  for (auto& [what, option] : list) {
    meanings.push_back(what);
    options.push_back(std::move(option));
  }
  open(std::make_shared<Choice>(
      Menu(std::move(text), std::move(options)),
      [this, prompt = std::move(prompt), meanings](size_t chosen, const std::string& wishes) {
        switch (meanings[chosen]) {
          case What::kBoth:
            return rewind(prompt, true, true);
          case What::kConversation:
            return rewind(prompt, false, true);
          case What::kFiles:
            return rewind(prompt, true, false);
          case What::kSumUpFrom:
            return sum_up_from(prompt, wishes);
          case What::kSumUpBefore:
            return engine_->post(protocol::SumUpBefore{prompt.uuid, wishes});
          case What::kNothing:
            return;
        }
      }));
}

// Asks for the summary; the session goes on from before the message with it, when it is there.
void InteractiveImpl::sum_up_from(const session::Prompt& prompt, std::string wishes) {
  const auto waiting = std::make_shared<Waiting>("Summing up …");
  open(waiting);
  const auto ask = [](InteractiveImpl& self, session::Prompt at, std::string words,
                      std::shared_ptr<Waiting> shown) -> Task<> {
    const auto summary = co_await self.engine_->controls().sum_up_from(at.uuid, std::move(words));
    if (shown->is_given_up()) co_return;
    std::erase(self.dialogs_, shown);
    self.changed();
    if (!summary) {
      self.say(describe(summary.error()));
    } else {
      self.leave(
          {.kind = Leave::Kind::kEarlierMessage, .at = at.before, .draft = at.text, .summary = *summary});
    }
  };
  listeners_.spawn(ask(*this, prompt, std::move(wishes), waiting));
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

// The rules in force; those of the person's own files can be taken out, and others added.
void InteractiveImpl::open_permissions() {
  const auto rules = json::parse(engine_->controls().rules_json());
  const auto refusals = json::parse(engine_->controls().refusals_json());
  MenuText text;
  text.head = {"", theme_.paint(kBold, "Permission rules, in the order in which they are asked")};
  for (const json::Value& refusal : refusals ? *refusals : json::Value::array()) {
    text.head.push_back(
        theme_.paint(kWarning, cut_to_columns(printable(fmt::format("  refused by the judge: {} {}: {}",
                                                                    json::string_or_empty(refusal, "tool"),
                                                                    json::string_or_empty(refusal, "subject"),
                                                                    json::string_or_empty(refusal, "reason")),
                                                        kMaxLabelBytes),
                                              screen_.size().columns - 2)));
    if (text.head.size() == kMaxRefusalsShown + 2) break;
  }
  text.hint = "enter on a rule takes it out of its file · `awl policy explain` says what they make of a call";
  std::vector<MenuOption> options;
  for (const char* behavior : {"allow", "ask", "deny"})
    options.push_back({fmt::format("Add a rule: {}", behavior), "kept for you in this project", true, true});
  std::vector<json::Value> list;
  for (const json::Value& rule : rules ? *rules : json::Value::array()) {
    options.push_back({printable(fmt::format("{} {}", json::string_or_empty(rule, "behavior"),
                                             json::string_or_empty(rule, "rule")),
                                 kMaxLabelBytes),
                       printable(json::string_or_empty(rule, "source"), kMaxLabelBytes)});
    list.push_back(rule);
  }
  open(std::make_shared<Choice>(Menu(std::move(text), std::move(options)),
                                [this, list](size_t chosen, const std::string& written) {
                                  constexpr std::array kBehaviors{"allow", "ask", "deny"};
                                  if (chosen < kBehaviors.size())
                                    return change_rule(true, kBehaviors[chosen], written, "localSettings");
                                  const json::Value& rule = list[chosen - kBehaviors.size()];
                                  const std::string source = json::string_or_empty(rule, "source");
                                  for (const auto& [file, destination] : options_.rule_files) {
                                    if (source == file || source.starts_with(file + ":"))
                                      return change_rule(false, json::string_or_empty(rule, "behavior"),
                                                         json::string_or_empty(rule, "rule"), destination);
                                  }
                                  if (source == "a permission update")
                                    return change_rule(false, json::string_or_empty(rule, "behavior"),
                                                       json::string_or_empty(rule, "rule"), "localSettings");
                                  say(fmt::format("That rule comes from {}: it is changed there.", source));
                                }));
}

void InteractiveImpl::change_rule(bool add, const std::string& behavior, const std::string& rule,
                                  const std::string& destination) {
  const auto done =
      engine_->controls().update_permissions(protocol::change_rule_json(add, behavior, rule, destination));
  if (!done) return say(describe(done.error()));
  say(fmt::format("The rule {} ({}) {}.", rule, behavior, add ? "is kept" : "is gone"));
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
