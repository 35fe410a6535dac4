#include "tui/session_menu.h"

#include <fmt/format.h>

#include "base/clock.h"
#include "base/columns.h"
#include "base/strings.h"

namespace awl::tui {

namespace {

using Kind = Key::Kind;

constexpr size_t kMaxLabel = 400;
constexpr size_t kPreviewLines = 12;

std::string describe_age(TimePoint now, int64_t modified_ns) {
  const auto age = now.time_since_epoch() - std::chrono::nanoseconds(modified_ns);
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(age).count();
  if (minutes < 1) return "now";
  if (minutes < 60) return fmt::format("{} min ago", minutes);
  if (minutes < 60 * 24) return fmt::format("{} h ago", minutes / 60);
  return fmt::format("{} d ago", minutes / 60 / 24);
}

MenuOption option_for(const session::SessionInfo& session, bool all) {
  std::string name = printable(session.name(), kMaxLabel);
  std::string detail = describe_age(system_clock_now(), session.modified_ns);
  if (!session.branch.empty()) detail += " · " + printable(session.branch, kMaxLabel);
  if (!session.tag.empty()) detail += " · " + printable(session.tag, kMaxLabel);
  if (!session.pr_url.empty()) detail += " · " + printable(session.pr_url, kMaxLabel);
  if (all) detail += " · " + printable(session.folder, kMaxLabel);
  return {name.empty() ? session.id : std::move(name), std::move(detail)};
}

// The end of what was said.
std::vector<std::string> preview_of(const session::SessionInfo& session) {
  const auto text = session::export_session(session.file);
  if (!text) return {describe(text.error())};
  std::vector<std::string> lines;
  for (const std::string_view line : split(*text, '\n')) {
    if (!trim(line).empty()) lines.push_back(printable(line, kMaxLabel));
  }
  if (lines.size() > kPreviewLines) lines.erase(lines.begin(), lines.end() - kPreviewLines);
  return lines;
}

}  // namespace

SessionPicker::SessionPicker(ListSessions list, const Theme& theme) : list_(std::move(list)), theme_(theme) {
  load();
}

void SessionPicker::load() {
  sessions_ = list_(of_);
  show();
}

void SessionPicker::show() {
  shown_.clear();
  preview_.clear();
  std::vector<MenuOption> options;
  for (const session::SessionInfo& session : sessions_) {
    if (!branch_.empty() && session.branch != branch_) continue;
    shown_.push_back(session);
    options.push_back(option_for(session, of_ != SessionsOf::kFolder));
  }
  MenuText text;
  const std::string of = of_ == SessionsOf::kAnywhere     ? "any folder"
                         : of_ == SessionsOf::kRepository ? "any worktree of this repository"
                                                          : "this folder";
  text.head = {"", theme_.paint(kBold, branch_.empty()
                                           ? fmt::format("Go on with a session of {}", of)
                                           : fmt::format("Go on with a session of {} on {}", of, branch_))};
  text.hint = fmt::format(
      "enter chooses · ctrl+a {} · ctrl+w {} · ctrl+b {} · ctrl+v shows it · ctrl+r names it · esc",
      of_ == SessionsOf::kAnywhere ? "this folder" : "all folders",
      of_ == SessionsOf::kRepository ? "this folder" : "all worktrees",
      branch_.empty() ? "its branch" : "all branches");
  text.filters = true;
  menu_ = std::make_unique<Menu>(std::move(text), std::move(options));
}

const session::SessionInfo* SessionPicker::selected() const {
  const auto index = menu_->selected();
  return index ? &shown_[*index] : nullptr;
}

// Pressed again, the folder's own.
void SessionPicker::show_those_of(SessionsOf of) {
  of_ = of_ == of ? SessionsOf::kFolder : of;
  load();
}

bool SessionPicker::press_own(const Key& key) {
  if (key.kind != Kind::kControl) return false;
  const session::SessionInfo* session = selected();
  switch (key.text[0]) {
    case 'a':
      show_those_of(SessionsOf::kAnywhere);
      return true;
    case 'w':
      show_those_of(SessionsOf::kRepository);
      return true;
    case 'b':
      branch_ = branch_.empty() && session != nullptr ? session->branch : "";
      show();
      return true;
    case 'v':
      preview_ = preview_.empty() && session != nullptr ? preview_of(*session) : std::vector<std::string>{};
      return true;
    case 'r':
      if (session != nullptr) name_.emplace().set_text(session->title);
      return true;
    default:
      return false;
  }
}

Menu::Outcome SessionPicker::press_in_name(const Key& key) {
  if (key.kind == Kind::kEnter) {
    const std::string name(trim(name_->text()));
    const auto renamed = session::rename_session(selected()->file, name);
    if (!renamed) problem_ = describe(renamed.error());
    name_.reset();
    load();
  } else if (key.kind == Kind::kEscape || key == Key{Kind::kControl, "c"}) {
    name_.reset();
  } else if (key.kind != Kind::kNewline) {
    name_->press(key);
  }
  return Menu::Outcome::kOpen;
}

Menu::Outcome SessionPicker::press(const Key& key) {
  problem_.clear();
  if (name_) return press_in_name(key);
  if (press_own(key)) return Menu::Outcome::kOpen;
  preview_.clear();
  return menu_->press(key);
}

Frame SessionPicker::render(Size size) const {
  const int extra = static_cast<int>(preview_.size()) + 1;
  Frame frame = menu_->render({size.columns, size.rows - extra}, theme_);
  for (const std::string& line : preview_)
    frame.lines.push_back(theme_.paint(kDim, "│ ") + cut_to_columns(line, size.columns - 3));
  if (!problem_.empty())
    frame.lines.push_back(
        theme_.paint(kBad, cut_to_columns(printable(problem_, kMaxLabel), size.columns - 1)));
  if (name_) {
    const auto layout = name_->layout(std::max(size.columns - 12, 1));
    frame.lines.push_back(theme_.paint(kAccent, "new name: ") + layout.lines.front());
    frame.cursor_row = static_cast<int>(frame.lines.size()) - 1;
    frame.cursor_column = 10 + (layout.row == 0 ? layout.column : 0);
  }
  return frame;
}

Menu make_prompt_menu(const std::vector<session::Prompt>& prompts, const Theme& theme) {
  std::vector<MenuOption> options;
  for (const session::Prompt& prompt : prompts) options.push_back({printable(prompt.text, kMaxLabel)});
  MenuText text;
  text.head = {"", theme.paint(kBold, "Go back to before which message?")};
  text.hint = "enter chooses · esc leaves";
  text.filters = true;
  Menu menu(std::move(text), std::move(options));
  if (!prompts.empty()) menu.select(prompts.size() - 1);
  return menu;
}

}  // namespace awl::tui
