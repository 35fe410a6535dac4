// Questions outside of a session.
#include <memory>

#include "tui/interactive.h"
#include "tui/session_menu.h"

namespace awl::tui {

namespace {

Screen make_screen(Terminal& terminal) {
  return {[&terminal](std::string_view bytes) { terminal.write(bytes); }, terminal.size()};
}

}  // namespace

Task<std::optional<size_t>> ask(Terminal& terminal, const Theme& theme, std::vector<std::string> head,
                                std::vector<std::string> answers) {
  std::vector<MenuOption> options;
  for (std::string& answer : answers) options.push_back({std::move(answer)});
  Menu menu({std::move(head), "enter chooses · esc leaves", false}, std::move(options));
  Screen screen = make_screen(terminal);
  for (;;) {
    screen.draw(menu.render(screen.size(), theme));
    const auto keys = co_await terminal.read_keys();
    for (const Key& key : keys) {
      const Menu::Outcome outcome = menu.press(key);
      if (outcome == Menu::Outcome::kOpen) continue;
      screen.leave();
      if (outcome == Menu::Outcome::kChosen) co_return menu.chosen();
      co_return std::nullopt;
    }
    if (keys.empty()) co_return std::nullopt;
    screen.resize(terminal.size());
  }
}

Task<std::optional<session::SessionInfo>> pick_session(Terminal& terminal, const Theme& theme,
                                                       ListSessions list_sessions) {
  SessionPicker picker(std::move(list_sessions), theme);
  Screen screen = make_screen(terminal);
  for (;;) {
    screen.draw(picker.render(screen.size()));
    const auto keys = co_await terminal.read_keys();
    for (const Key& key : keys) {
      const Menu::Outcome outcome = picker.press(key);
      if (outcome == Menu::Outcome::kOpen) continue;
      screen.leave();
      if (outcome == Menu::Outcome::kChosen) co_return picker.chosen();
      co_return std::nullopt;
    }
    if (keys.empty()) co_return std::nullopt;
    screen.resize(terminal.size());
  }
}

}  // namespace awl::tui
