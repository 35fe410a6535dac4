#include "tools/background_tasks.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <utility>

#include "async/event.h"
#include "async/task_group.h"
#include "base/uuid.h"
#include "os/descriptor.h"

namespace awl::tools {

using namespace std::chrono_literals;

namespace {

constexpr auto kStopGrace = 2s;

struct Entry {
  BackgroundTask task;
  // Kept after the end while something that the task started still runs. Who awaits the process holds it too.
  std::shared_ptr<os::Process> process;
  bool stop_requested = false;
};

// Shared with the tasks that watch the processes: they may unwind after the owner is gone.
struct State {
  State(Executor executor, BackgroundTasks::OnChange on_change_, OutputGuard guard_)
      : on_change(std::move(on_change_)), guard(guard_), ended_event(executor) {}

  std::shared_ptr<Entry> find(const std::string& id) const {
    for (const auto& entry : entries) {
      if (entry->task.id == id) return entry;
    }
    return nullptr;
  }

  void finish(Entry& entry, os::ExitStatus status, TaskStatus how) {
    if (entry.task.status != TaskStatus::kRunning) return;
    entry.task.exit_code = status.code;
    entry.task.status = how;
    if (!entry.process->group_alive()) entry.process.reset();
    ended.push_back(entry.task.id);
    ended_event.notify_all();
    if (on_change) on_change(entry.task);
  }

  BackgroundTasks::OnChange on_change;
  OutputGuard guard;
  std::vector<std::shared_ptr<Entry>> entries;  // in the order of their start
  std::deque<std::string> ended;                // not reported yet
  async::Event ended_event;
};

void append_line(const os::Path& file, std::string_view line) {
  const os::FileDescriptor fd(::open(file.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  // The task is over; a file that cannot be written any more changes nothing about that.
  if (fd.is_open() && ::write(fd.get(), line.data(), line.size()) < 0) return;
}

Task<> watch_entry(std::shared_ptr<State> state, std::shared_ptr<Entry> entry) {
  const auto process = entry->process;
  const WatchEnd end = co_await watch_process(*process, entry->task.output_file, state->guard, std::nullopt);
  if (end == WatchEnd::kOutputLimit) process->signal_group(SIGKILL);
  const os::ExitStatus status = co_await process->wait();
  if (end == WatchEnd::kOutputLimit) {
    append_line(entry->task.output_file,
                fmt::format("\n[stopped: the output passed {} bytes]\n", state->guard.max_bytes));
  }
  const TaskStatus how = entry->stop_requested ? TaskStatus::kStopped
                         : status.ok()         ? TaskStatus::kCompleted
                                               : TaskStatus::kFailed;
  state->finish(*entry, status, how);
}

class Tasks final : public BackgroundTasks {
 public:
  Tasks(Executor executor, OnChange on_change, OutputGuard guard)
      : state_(std::make_shared<State>(executor, std::move(on_change), guard)), watchers_(executor) {}

  ~Tasks() override {
    state_->on_change = nullptr;
    for (const auto& entry : state_->entries) {
      if (entry->process) entry->process->signal_group(SIGKILL);
    }
    // The watchers drop their processes, which reaps them, when they unwind.
  }

  std::string add(BackgroundTask task, std::unique_ptr<os::Process> process) override {
    do {
      task.id = "b" + random_hex(3);
    } while (state_->find(task.id));
    task.status = TaskStatus::kRunning;
    auto entry = std::make_shared<Entry>(Entry{std::move(task), std::move(process)});
    state_->entries.push_back(entry);
    watchers_.spawn(watch_entry(state_, entry));
    if (state_->on_change) state_->on_change(entry->task);
    return entry->task.id;
  }

  std::vector<BackgroundTask> list() const override {
    std::vector<BackgroundTask> tasks;
    for (const auto& entry : state_->entries) tasks.push_back(entry->task);
    return tasks;
  }

  std::optional<BackgroundTask> find(const std::string& id) const override {
    const auto entry = state_->find(id);
    if (!entry) return std::nullopt;
    return entry->task;
  }

  bool any_running() const override {
    return std::any_of(state_->entries.begin(), state_->entries.end(),
                       [](const auto& entry) { return entry->task.status == TaskStatus::kRunning; });
  }

  Task<BackgroundTask> next_ended() override {
    const auto state = state_;
    while (state->ended.empty()) co_await state->ended_event.wait();
    co_return take_first(*state);
  }

  std::optional<BackgroundTask> take_ended() override {
    if (state_->ended.empty()) return std::nullopt;
    return take_first(*state_);
  }

  Task<> wait_until_ended(const std::string& id) override { return wait_for_entry(state_, state_->find(id)); }

  void mark_reported(const std::string& id) override { std::erase(state_->ended, id); }

  Task<bool> stop(const std::string& id) override {
    const bool stopped = co_await stop_entry(state_, state_->find(id));
    co_return stopped;
  }

  Task<> stop_all() override {
    const auto state = state_;
    const Executor executor = co_await boost::asio::this_coro::executor;
    async::TaskGroup group(executor);
    for (const auto& entry : state->entries) group.spawn(stop_quietly(state, entry));
    co_await group.join();
  }

 private:
  static BackgroundTask take_first(State& state) {
    const auto entry = state.find(state.ended.front());
    state.ended.pop_front();
    return entry->task;
  }

  static Task<> wait_for_entry(std::shared_ptr<State> state, std::shared_ptr<Entry> entry) {
    while (entry && entry->task.status == TaskStatus::kRunning) co_await state->ended_event.wait();
  }

  static Task<bool> stop_entry(std::shared_ptr<State> state, std::shared_ptr<Entry> entry) {
    if (!entry || entry->task.status != TaskStatus::kRunning) co_return false;
    entry->stop_requested = true;
    const auto process = entry->process;
    const os::ExitStatus status = co_await process->stop(kStopGrace);
    state->finish(*entry, status, TaskStatus::kStopped);
    co_return true;
  }

  static Task<> stop_quietly(std::shared_ptr<State> state, std::shared_ptr<Entry> entry) {
    co_await stop_entry(std::move(state), std::move(entry));
  }

  std::shared_ptr<State> state_;
  async::TaskGroup watchers_;
};

}  // namespace

std::string_view to_string(TaskStatus status) {
  switch (status) {
    case TaskStatus::kRunning:
      return "running";
    case TaskStatus::kCompleted:
      return "completed";
    case TaskStatus::kFailed:
      return "failed";
    case TaskStatus::kStopped:
      return "stopped";
  }
  return "unknown";
}

std::unique_ptr<BackgroundTasks> make_background_tasks(Executor executor, BackgroundTasks::OnChange on_change,
                                                       OutputGuard guard) {
  return std::make_unique<Tasks>(std::move(executor), std::move(on_change), guard);
}

}  // namespace awl::tools
