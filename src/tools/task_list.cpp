#include "tools/task_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/strings.h"
#include "base/utf8.h"

namespace awl::tools {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view kLockFile = ".lock";
constexpr std::string_view kHighWaterMark = ".highwatermark";  // the highest number that was ever given
constexpr auto kLockLimit = 5s;
constexpr size_t kMaxTasks = 1'000;
constexpr uint64_t kMaxTaskBytes = 1 << 20;
constexpr size_t kMaxShownTasks = 200;
constexpr size_t kMaxShownSubject = 200;
constexpr size_t kMaxFolderName = 120;
constexpr mode_t kPrivateFile = 0600;

// 0: not a task's number.
long long number_of(std::string_view id) {
  const auto number = parse_integer(id);
  return number && *number > 0 && std::to_string(*number) == id ? *number : 0;
}

Result<> write_private(const os::Path& path, std::string_view bytes) {
  return os::write_file_atomic(path, bytes, kPrivateFile);
}

void remove_item(ListedTask& task, const char* key, const std::string& id) {
  std::vector<std::string> items = json::strings_of(task, key);
  std::erase(items, id);
  task[key] = items;
}

}  // namespace

TaskList::TaskList(os::Path folder, os::FileLock lock) : folder_(std::move(folder)), lock_(std::move(lock)) {
  read();
}

Task<Result<TaskList>> TaskList::open(os::Path folder) {
  auto lock = co_await os::FileLock::acquire(folder / kLockFile, kLockLimit);
  if (!lock && lock.error().kind == ErrorKind::kTimeout) {
    co_return fail(ErrorKind::kTimeout,
                   fmt::format("another process holds the task list {}", folder.string()), "try again");
  }
  if (!lock) co_return std::unexpected(std::move(lock).error());
  co_return TaskList(std::move(folder), std::move(*lock));
}

void TaskList::read() {
  const auto names = os::list_directory(folder_);
  if (!names) return;
  for (const std::string& name : *names) {
    const std::string_view id = std::string_view(name).substr(0, name.find('.'));
    if (number_of(id) == 0 || !name.ends_with(".json") || tasks_.size() == kMaxTasks) continue;
    const auto bytes = os::read_file(folder_ / name, kMaxTaskBytes);
    auto task = bytes ? json::parse(*bytes) : std::unexpected(bytes.error());
    if (!task || !task->is_object() || !json::get_string(*task, "subject")) continue;
    (*task)["id"] = id;
    tasks_.push_back(std::move(*task));
  }
  std::ranges::sort(tasks_, {},
                    [](const ListedTask& task) { return number_of(json::string_or_empty(task, "id")); });
}

const ListedTask* TaskList::find(std::string_view id) const {
  const auto found = std::ranges::find_if(
      tasks_, [id](const ListedTask& t) { return json::string_or_empty(t, "id") == id; });
  return found == tasks_.end() ? nullptr : &*found;
}

long long TaskList::highest_number() const {
  const auto mark = os::read_file(folder_ / kHighWaterMark, 64);
  long long highest = mark ? std::max(0LL, parse_integer(trim(*mark)).value_or(0)) : 0;
  for (const ListedTask& task : tasks_)
    highest = std::max(highest, number_of(json::string_or_empty(task, "id")));
  return highest;
}

Result<std::string> TaskList::add(ListedTask task) {
  if (tasks_.size() >= kMaxTasks) {
    return fail(ErrorKind::kInvalidInput, fmt::format("the task list is full ({} tasks)", kMaxTasks),
                "delete tasks that are done");
  }
  const std::string id = std::to_string(highest_number() + 1);
  task["id"] = id;
  AWL_CHECK(write_private(folder_ / kHighWaterMark, id));
  AWL_CHECK(store(task));
  return id;
}

Result<> TaskList::store(const ListedTask& task) {
  const std::string id = json::string_or_empty(task, "id");
  const std::string bytes = json::dump_pretty(task);
  if (bytes.size() > kMaxTaskBytes)
    return fail(ErrorKind::kInvalidInput,
                fmt::format("task {} would have more than {} bytes", id, kMaxTaskBytes));
  AWL_CHECK(write_private(folder_ / (id + ".json"), bytes));
  const auto known = std::ranges::find_if(
      tasks_, [&id](const ListedTask& t) { return json::string_or_empty(t, "id") == id; });
  if (known == tasks_.end())
    tasks_.push_back(task);
  else
    *known = task;
  return {};
}

Result<> TaskList::remove(const std::string& id) {
  const os::Path file = folder_ / (id + ".json");
  AWL_CHECK(write_private(folder_ / kHighWaterMark, std::to_string(highest_number())));
  if (::unlink(file.c_str()) != 0 && errno != ENOENT)
    return std::unexpected(os::system_error("remove", file, errno));
  std::erase_if(tasks_, [&id](const ListedTask& t) { return json::string_or_empty(t, "id") == id; });
  for (const ListedTask& task : std::vector<ListedTask>(tasks_)) {
    ListedTask changed = task;
    remove_item(changed, "blocks", id);
    remove_item(changed, "blockedBy", id);
    if (changed == task) continue;
    AWL_CHECK(store(changed));
  }
  return {};
}

std::string task_list_folder_name(std::string_view id) {
  std::string name(trim(id).substr(0, kMaxFolderName));
  for (char& c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    if (!plain) c = '-';
  }
  return name.empty() ? "default" : name;
}

std::string plain_task_id(std::string_view text) {
  text = trim(text);
  if (text.starts_with('#')) text.remove_prefix(1);
  return std::string(text);
}

std::vector<std::string> open_blockers(const std::vector<ListedTask>& tasks, const ListedTask& task) {
  std::vector<std::string> blockers;
  for (const std::string& id : json::strings_of(task, "blockedBy")) {
    const bool open = std::ranges::any_of(tasks, [&id](const ListedTask& other) {
      return json::string_or_empty(other, "id") == id &&
             json::string_or_empty(other, "status") != "completed";
    });
    if (open) blockers.push_back(id);
  }
  return blockers;
}

std::string describe_tasks(const std::vector<ListedTask>& tasks) {
  std::vector<std::string> lines;
  for (const ListedTask& task : tasks) {
    if (lines.size() == kMaxShownTasks) {
      lines.push_back(fmt::format("… and {} more", tasks.size() - kMaxShownTasks));
      break;
    }
    const std::string subject = json::string_or_empty(task, "subject");
    std::string line =
        fmt::format("#{} [{}] {}", json::string_or_empty(task, "id"), json::string_or_empty(task, "status"),
                    utf8_prefix(subject, kMaxShownSubject));
    if (const std::string owner = json::string_or_empty(task, "owner"); !owner.empty())
      line += fmt::format(" ({})", owner);
    std::vector<std::string> blockers = open_blockers(tasks, task);
    for (std::string& blocker : blockers) blocker.insert(0, "#");
    if (!blockers.empty()) line += fmt::format(" (blocked by {})", join(blockers, ", "));
    lines.push_back(std::move(line));
  }
  return join(lines, "\n");
}

}  // namespace awl::tools
