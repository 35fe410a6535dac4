// What each key does.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "anthropic/conversation.h"
#include "base/strings.h"
#include "base/uuid.h"
#include "tui/interactive_impl.h"

namespace awl::tui {

namespace {

using Kind = Key::Kind;

struct FaceCommand {
  std::string_view name;
  std::string_view what;
};
// Those that the engine knows come from it.
constexpr std::array kFaceCommands{
    FaceCommand{"branch", "Go on in a copy of the session"},
    FaceCommand{"exit", "Leave"},
    FaceCommand{"help", "Keys and commands"},
    FaceCommand{"mcp", "The MCP servers, and whether they answer"},
    FaceCommand{"model", "Choose the model"},
    FaceCommand{"permissions", "The rules in force, and where they come from"},
    FaceCommand{"plan", "Only look and plan; shift+tab ends it"},
    FaceCommand{"rename", "Give the session another name"},
    FaceCommand{"resume", "Go on with another session"},
    FaceCommand{"rewind", "Go back to before an earlier message"},
    FaceCommand{"status", "Which provider, workspace, region and model are in use"},
};

constexpr std::string_view kHelp =
    "enter sends · \\ and enter, ctrl+j or shift+enter begin a new line · up and down: earlier messages · "
    "ctrl+r "
    "searches them\n"
    "esc interrupts the model; twice, with nothing written, goes back to an earlier message\n"
    "shift+tab changes the permission mode · ctrl+o shows the last tool's whole output · ctrl+l draws anew\n"
    "ctrl+c empties the prompt, interrupts or leaves · ctrl+d leaves · ctrl+z stops awl until `fg`\n"
    "/ lists the commands · @ names a file\n"
    "editing: ctrl+a ctrl+e ctrl+k ctrl+u ctrl+w ctrl+y alt+y alt+b alt+f alt+d ctrl+_";

std::string describe_servers(const std::string& status_json) {
  const auto servers = json::parse(status_json);
  std::string text;
  for (const json::Value& server : servers ? *servers : json::Value::array()) {
    const std::string error = json::string_or_empty(server, "error");
    text += fmt::format("{}  {}{}\n", json::string_or_empty(server, "name"),
                        json::string_or_empty(server, "status"), error.empty() ? "" : ": " + error);
  }
  return text.empty() ? "There are no MCP servers here. `awl mcp add` adds one." : text;
}

}  // namespace

void InteractiveImpl::press(const Key& key) {
  hint_.clear();
  if (is_leaving_) {
    if (key == Key{Kind::kControl, "c"}) leave({});
    return;
  }
  if (!dialogs_.empty()) return press_in_dialog(key);
  if (press_in_completion(key)) return;
  if (key.kind == Kind::kControl && press_control(key.text[0])) return;
  switch (key.kind) {
    case Kind::kEnter:
      return submit();
    case Kind::kEscape:
      return press_escape();
    case Kind::kBackTab:
      return next_mode();
    case Kind::kTab:
      return complete_now(true);
    case Kind::kUp:
    case Kind::kDown:
      if (!editor_.press(key)) walk_history(key.kind == Kind::kUp);
      break;
    default: {
      const std::string before = editor_.text();
      editor_.press(key);
      if (editor_.text() != before) {
        history_.rewind();
        completion_closed_ = false;
      }
      break;
    }
  }
  complete_now(false);
}

bool InteractiveImpl::press_control(char letter) {
  switch (letter) {
    case 'c':
      if (!editor_.empty()) {
        history_.add(editor_.whole_text());
        editor_.clear();
        complete_now(false);
      } else if (view_.busy()) {
        interrupt();
      } else if (last_key_ == Key{Kind::kControl, "c"}) {
        leave({});
      } else {
        hint_ = "ctrl+c once more leaves";
      }
      return true;
    case 'd':
      if (!editor_.empty()) return false;
      if (last_key_ == Key{Kind::kControl, "d"}) {
        leave({});
      } else {
        hint_ = "ctrl+d once more leaves";
      }
      return true;
    case 'l':
      terminal_.write("\x1b[2J\x1b[H");
      screen_.forget();
      return true;
    case 'o':
      screen_.print(view_.last_result(screen_.size().columns));
      return true;
    case 'r':
      open_history();
      return true;
    case 'z':
      screen_.leave();
      terminal_.suspend();
      screen_.resize(terminal_.size());
      return true;
    default:
      return false;
  }
}

void InteractiveImpl::press_in_dialog(const Key& key) {
  const std::shared_ptr<Dialog> dialog = dialogs_.front();
  const Menu::Outcome outcome = dialog->press(key);
  if (outcome == Menu::Outcome::kOpen) return;
  std::erase(dialogs_, dialog);
  dialog->answered(outcome);
}

bool InteractiveImpl::press_in_completion(const Key& key) {
  const size_t count = completion_.candidates.size();
  if (count == 0) return false;
  if (key.kind == Kind::kUp) {
    candidate_ = (candidate_ + count - 1) % count;
  } else if (key.kind == Kind::kDown) {
    candidate_ = (candidate_ + 1) % count;
  } else if (key.kind == Kind::kEscape) {
    completion_ = {};
    completion_closed_ = true;
  } else if (key.kind == Kind::kTab || key.kind == Kind::kEnter) {
    const Candidate chosen = completion_.candidates[candidate_];
    const std::string written =
        editor_.text().substr(completion_.begin, editor_.cursor() - completion_.begin);
    // Written out, Enter sends it.
    if (key.kind == Kind::kEnter && trim(chosen.text) == trim(written)) return false;
    editor_.replace_before_cursor(completion_.begin, chosen.text);
    complete_now(false);
    if (key.kind == Kind::kEnter && chosen.text.starts_with('/')) submit();
  } else {
    return false;
  }
  return true;
}

void InteractiveImpl::press_escape() {
  const bool twice = last_key_.kind == Kind::kEscape;
  if (view_.busy()) return interrupt();
  if (!editor_.empty()) {
    if (!twice) {
      hint_ = "esc once more empties the prompt";
      return;
    }
    history_.add(editor_.whole_text());
    editor_.clear();
    complete_now(false);
  } else if (twice) {
    last_key_ = {};
    open_prompts();
  }
}

// What waits comes back into the prompt.
void InteractiveImpl::interrupt() {
  std::string waiting;
  for (const auto& [uuid, text] : std::exchange(queued_, {})) {
    if (engine_->controls().cancel_message(uuid)) waiting += (waiting.empty() ? "" : "\n") + text;
  }
  engine_->post(protocol::Interrupt{});
  if (!waiting.empty() && editor_.empty()) editor_.set_text(waiting);
}

void InteractiveImpl::submit() {
  // Before a line break it is no end.
  if (editor_.cursor() > 0 && editor_.text()[editor_.cursor() - 1] == '\\') {
    editor_.replace_before_cursor(editor_.cursor() - 1, "\n");
    return;
  }
  const std::string text = editor_.whole_text();
  if (trim(text).empty()) return;
  history_.add(text);
  editor_.clear();
  completion_ = {};
  if (!run_own_command(std::string(trim(text)))) send(text);
}

void InteractiveImpl::send(const std::string& text) {
  const std::string uuid = make_uuid();
  if (view_.busy()) queued_.emplace_back(uuid, text);
  engine_->post(protocol::SendMessage{fmt::format("[{}]", anthropic::text_block(text)), uuid});
}

bool InteractiveImpl::run_own_command(const std::string& text) {
  if (!text.starts_with('/')) return false;
  const size_t space = std::min(text.find(' '), text.size());
  const std::string name = text.substr(1, space - 1);
  const std::string words(trim(std::string_view(text).substr(space)));
  if (name == "exit" || name == "quit") {
    leave({});
  } else if (name == "clear" || name == "new" || name == "reset") {
    leave({.kind = Leave::Kind::kNewSession});
  } else if (name == "help") {
    say(std::string(kHelp));
  } else if (name == "status") {
    say(options_.details);
  } else if (name == "resume" || name == "continue") {
    open_sessions();
  } else if (name == "branch") {
    leave({.kind = Leave::Kind::kBranch, .name = words});
  } else if (name == "rewind" || name == "checkpoint") {
    open_prompts();
  } else if (name == "rename" && !words.empty()) {
    engine_->controls().rename(words);
    say(fmt::format("The session is called {} from now on.", words));
  } else if (name == "permissions" || name == "allowed-tools") {
    open_permissions();
  } else if (name == "mcp" && words.empty()) {
    say(describe_servers(engine_->controls().mcp_status_json()));
  } else if (name == "plan") {
    if (const auto set = engine_->controls().set_mode("plan"); !set) say(describe(set.error()));
    if (!words.empty()) send(words);
  } else if (name == "model" && words.empty()) {
    open_models();
  } else if (name == "model") {
    engine_->controls().set_model(words);
    say(fmt::format("From the next request on: {}.", words));
  } else {
    return false;
  }
  return true;
}

void InteractiveImpl::walk_history(bool older) {
  // What waits is taken back first.
  if (older && editor_.empty() && !queued_.empty()) {
    const auto [uuid, text] = queued_.back();
    queued_.pop_back();
    if (engine_->controls().cancel_message(uuid)) editor_.set_text(text);
    return;
  }
  const auto text = older ? history_.older(editor_.whole_text()) : history_.newer();
  if (text) editor_.set_text(*text);
  completion_closed_ = true;
}

void InteractiveImpl::next_mode() {
  const auto& modes = options_.modes;
  if (modes.empty()) return;
  const auto now = std::ranges::find(modes, view_.mode());
  const size_t next = now == modes.end() ? 0 : (static_cast<size_t>(now - modes.begin()) + 1) % modes.size();
  if (const auto set = engine_->controls().set_mode(modes[next]); !set) hint_ = describe(set.error());
}

std::vector<Candidate> InteractiveImpl::commands() const {
  std::vector<Candidate> found;
  for (const FaceCommand& command : kFaceCommands)
    found.push_back({std::string(command.name), std::string(command.what)});
  const auto session = json::parse(engine_->controls().describe_session_json());
  const json::Value* list = session ? json::find(*session, "commands") : nullptr;
  if (list != nullptr && list->is_array()) {
    for (const json::Value& command : *list)
      found.push_back(
          {json::string_or_empty(command, "name"), json::string_or_empty(command, "description")});
  }
  std::ranges::sort(found, {}, &Candidate::text);
  return found;
}

// `first_only`: Tab was pressed, and one candidate needs no list.
void InteractiveImpl::complete_now(bool first_only) {
  candidate_ = 0;
  completion_ = {};
  if (completion_closed_ && !first_only) return;
  completion_closed_ = false;
  const bool is_command = editor_.text().starts_with('/');
  completion_ = complete(editor_.text(), editor_.cursor(), is_command ? commands() : std::vector<Candidate>{},
                         options_.folder);
  if (!first_only || completion_.candidates.size() != 1) return;
  editor_.replace_before_cursor(completion_.begin, completion_.candidates[0].text);
  completion_ = {};
}

}  // namespace awl::tui
