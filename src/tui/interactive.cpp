#include "tui/interactive.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <nlohmann/json.hpp>

#include "async/timeout.h"
#include "base/columns.h"
#include "tui/interactive_impl.h"

namespace awl::tui {

namespace {

// A person sees no more; a stream of small pieces is drawn together.
constexpr std::chrono::milliseconds kBetweenPaintings{16};
constexpr size_t kMaxShownCandidates = 8;
constexpr int kMaxQueuedShown = 3;

}  // namespace

std::unique_ptr<Interactive> Interactive::make(const Executor& executor, Terminal& terminal,
                                               const Theme& theme, History& history,
                                               InteractiveOptions options, int signals) {
  return std::make_unique<InteractiveImpl>(executor, terminal, theme, history, std::move(options), signals);
}

InteractiveImpl::InteractiveImpl(const Executor& executor, Terminal& terminal, const Theme& theme,
                                 History& history, InteractiveOptions options, int signals)
    : executor_(executor),
      terminal_(terminal),
      theme_(theme),
      history_(history),
      options_(std::move(options)),
      signals_(signals),
      screen_([this](std::string_view bytes) { terminal_.write(bytes); }, terminal.size()),
      view_(theme),
      changed_(executor),
      answered_(executor),
      listeners_(executor) {}

Task<Leave> InteractiveImpl::run(agent::Engine& engine) {
  engine_ = &engine;
  screen_.print(options_.banner);
  view_.begin(options_.model, options_.mode);
  view_.show_earlier(options_.earlier, screen_.size().columns);
  if (!options_.draft.empty()) editor_.set_text(options_.draft);
  async::TaskGroup session(executor_);
  session_ = &session;
  session.spawn(engine.run());
  listeners_.spawn(read_keys());
  listeners_.spawn(obey_signals());
  listeners_.spawn(keep_time());
  listeners_.spawn(paint_on_change());
  for (;;) {
    auto event = co_await engine.next_event();
    if (!event) break;
    if (const auto* accepted = std::get_if<protocol::MessageAccepted>(&*event))
      std::erase_if(queued_, [accepted](const auto& queued) { return queued.first == accepted->uuid; });
    if (const auto* ended = std::get_if<protocol::TurnEnded>(&*event);
        ended != nullptr && ended->outcome == protocol::TurnOutcome::kInterrupted)
      queued_.clear();
    view_.on_event(*event, screen_.size().columns, std::chrono::steady_clock::now());
    changed();
  }
  co_await session.join();
  listeners_.cancel();
  co_await listeners_.join();
  screen_.print(view_.take_printed());
  screen_.leave();
  co_return leave_;
}

Task<> InteractiveImpl::read_keys() {
  for (;;) {
    const auto keys = co_await terminal_.read_keys();
    if (keys.empty()) {
      leave({.terminated_by = SIGHUP});
      co_return;
    }
    for (const Key& key : keys) {
      press(key);
      last_key_ = key;
    }
    changed();
  }
}

Task<> InteractiveImpl::obey_signals() {
  boost::asio::posix::stream_descriptor arrivals(executor_, ::dup(signals_));
  for (;;) {
    unsigned char signal = 0;
    co_await arrivals.async_read_some(boost::asio::buffer(&signal, 1), boost::asio::use_awaitable);
    if (signal == SIGWINCH || signal == SIGCONT) {
      screen_.resize(terminal_.size());
      changed();
    } else {
      leave({.terminated_by = signal});
    }
  }
}

// Only while something goes on: an idle session has no timer.
Task<> InteractiveImpl::keep_time() {
  for (;;) {
    if (view_.busy()) {
      co_await async::sleep_for(std::chrono::seconds(1));
      changed();
    } else {
      co_await changed_.wait();
    }
  }
}

Task<> InteractiveImpl::paint_on_change() {
  for (;;) {
    while (!dirty_) co_await changed_.wait();
    paint();
    co_await async::sleep_for(kBetweenPaintings);
  }
}

void InteractiveImpl::paint() {
  dirty_ = false;
  screen_.print(view_.take_printed());
  screen_.draw(make_frame());
}

Frame InteractiveImpl::make_frame() const {
  const int columns = screen_.size().columns;
  Frame frame;
  frame.lines = view_.live_lines(columns - 1, std::chrono::steady_clock::now());
  if (!dialogs_.empty()) {
    // The question counts more than what goes on.
    const Frame menu = dialogs_.front()->render(screen_.size(), theme_);
    if (menu.lines.size() + frame.lines.size() + 1 > static_cast<size_t>(screen_.size().rows))
      frame.lines.clear();
    if (menu.cursor_row >= 0) {
      frame.cursor_row = static_cast<int>(frame.lines.size()) + menu.cursor_row;
      frame.cursor_column = menu.cursor_column;
    }
    frame.lines.insert(frame.lines.end(), menu.lines.begin(), menu.lines.end());
    return frame;
  }
  int shown = 0;
  for (const auto& [uuid, text] : queued_) {
    if (shown++ == kMaxQueuedShown) break;
    frame.lines.push_back(
        theme_.paint(kDim, cut_to_columns("  waits: " + printable(text, 400), columns - 1)));
  }
  add_prompt(frame);
  add_completion(frame);
  frame.lines.push_back(footer(columns));
  return frame;
}

void InteractiveImpl::add_prompt(Frame& frame) const {
  const int columns = screen_.size().columns;
  const std::string rule = horizontal_rule(columns - 1);
  if (frame.lines.empty()) frame.lines.emplace_back();
  frame.lines.push_back(theme_.paint(kDim, rule));
  const auto layout = editor_.layout(std::max(columns - 3, 1));
  // Of a long text the part around the cursor.
  const int room = std::max(screen_.size().rows / 2, 3);
  const int first = std::max(0, layout.row - room + 1);
  frame.cursor_row = static_cast<int>(frame.lines.size()) + layout.row - first;
  frame.cursor_column = 2 + layout.column;
  for (int i = first; i < std::min(first + room, static_cast<int>(layout.lines.size())); ++i)
    frame.lines.push_back((i == 0 ? theme_.paint(kAccent, "❯ ") : "  ") +
                          layout.lines[static_cast<size_t>(i)]);
  frame.lines.push_back(theme_.paint(kDim, rule));
}

void InteractiveImpl::add_completion(Frame& frame) const {
  if (completion_.candidates.empty()) return;
  const int columns = screen_.size().columns;
  const size_t count = completion_.candidates.size();
  const size_t first = candidate_ < kMaxShownCandidates ? 0 : candidate_ - kMaxShownCandidates + 1;
  for (size_t i = first; i < std::min(first + kMaxShownCandidates, count); ++i) {
    const Candidate& candidate = completion_.candidates[i];
    const std::string name = cut_to_columns(fmt::format("  {:<20} ", candidate.text), columns - 1);
    const int left = columns - 1 - count_columns(name);
    frame.lines.push_back(
        theme_.paint(i == candidate_ ? kAccent : kPlain, name) +
        theme_.paint(kDim, left > 4 ? cut_to_columns(printable(candidate.detail, 400), left) : ""));
  }
}

std::string InteractiveImpl::footer(int columns) const {
  if (!hint_.empty()) return theme_.paint(kWarning, cut_to_columns("  " + hint_, columns - 1));
  std::string text = "  " + view_.mode();
  if (!view_.model().empty()) text += " · " + view_.model();
  if (view_.context_tokens() > 0)
    text += fmt::format(" · {}k in context", (view_.context_tokens() + 999) / 1000);
  if (view_.cost_usd() > 0) text += fmt::format(" · ${:.2f}", view_.cost_usd());
  text += " · shift+tab changes the mode · /help";
  const Style style = view_.mode() == "bypassPermissions" ? kWarning : kDim;
  return theme_.paint(style, cut_to_columns(text, columns - 1));
}

// What is said after this is lost: the engine ends, and its turn with it.
void InteractiveImpl::leave(Leave how) {
  // Asked for again, nothing is waited for.
  if (std::exchange(is_leaving_, true)) return session_->cancel();
  leave_ = std::move(how);
  for (const auto& dialog : std::exchange(dialogs_, {})) dialog->answered(Menu::Outcome::kCancelled);
  engine_->post(protocol::EndInput{});
  engine_->post(protocol::Interrupt{.drop_waiting = true});
}

}  // namespace awl::tui
