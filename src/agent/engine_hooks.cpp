// Events that hooks hear of and that belong to no tool: instructions, files, folders, notifications.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "agent/engine_impl.h"
#include "async/timeout.h"
#include "base/strings.h"
#include "os/path.h"

namespace awl::agent {

namespace {

constexpr std::chrono::milliseconds kAskedAfter{6'000};

bool is_among(const std::vector<os::Path>& folders, const os::Path& folder) {
  return std::ranges::find(folders, folder) != folders.end();
}

}  // namespace

void EngineImpl::tell_hooks_of_instructions(bool after_compaction) {
  for (const memory::Instructions& file : instructions_.take_loaded()) {
    const std::string reason =
        after_compaction && file.load_reason == "session_start" ? "compact" : file.load_reason;
    json::Value fields{
        {"file_path", file.path.string()}, {"memory_type", file.memory_type}, {"load_reason", reason}};
    if (reason == "path_glob_match") fields["globs"] = file.globs;
    if (!file.trigger.empty()) fields["trigger_file_path"] = file.trigger.string();
    if (!file.parent.empty()) fields["parent_file_path"] = file.parent.string();
    hooks_->run_detached({"InstructionsLoaded", reason, json::dump(fields)});
  }
}

void EngineImpl::notify(const char* type, const std::string& message) {
  hooks_->run_detached(
      {"Notification", type, json::dump({{"notification_type", type}, {"message", message}})});
}

Task<> EngineImpl::notify_later(std::chrono::milliseconds wait, const char* type, std::string message) {
  co_await async::sleep_for(wait);
  notify(type, message);
}

// Who answers at once is not told of the question once more.
std::shared_ptr<void> EngineImpl::note_asking(const std::string& tool) {
  if (!host_.can_ask() || !hooks_->has("Notification")) return nullptr;
  auto waiting = std::make_shared<async::TaskGroup>(executor_);
  waiting->spawn(
      notify_later(kAskedAfter, "permission_prompt", fmt::format("A call of {} waits for your word", tool)));
  return waiting;
}

// Names are of the project's folder.
void EngineImpl::watch_files(const std::vector<std::string>& names) {
  if (!hooks_->has("FileChanged")) return;
  const bool was_empty = watch_.empty();
  for (const std::string& name : names) {
    if (trim(name).empty()) continue;
    const auto watched =
        watch_.add(os::absolute_path(trim(name), options_.session.project_dir, options_.session.home));
    if (!watched) emit(protocol::Notice{"FileChanged: " + watched.error().message});
  }
  if (was_empty && !watch_.empty())
    watchers_.spawn(watch_.run([this](const os::FileChange& change) { on_file_change(change); }));
}

void EngineImpl::on_file_change(const os::FileChange& change) {
  using enum os::FileChange::Kind;
  const char* event = change.kind == kAdded ? "add" : change.kind == kRemoved ? "unlink" : "change";
  watchers_.spawn(tell_of_change(change.path.filename().string(),
                                 json::dump({{"file_path", change.path.string()}, {"event", event}})));
}

Task<> EngineImpl::tell_of_change(std::string name, std::string fields_json) {
  const auto outcome = co_await hooks_->run({"FileChanged", std::move(name), std::move(fields_json)});
  watch_files(outcome.watch_paths);
}

Result<> EngineImpl::add_folder(const std::string& folder) {
  tools::Session& session = options_.session;
  const os::Path path = os::resolve_links(os::absolute_path(folder, session.cwd, session.home));
  if (!os::is_folder(path))
    return fail(ErrorKind::kInvalidInput, fmt::format("{} is not a folder", path.string()));
  if (os::is_within(path, session.project_dir) || is_among(session.additional_dirs, path))
    return fail(ErrorKind::kInvalidInput, fmt::format("{} is a work folder already", path.string()));
  session.additional_dirs.push_back(path);
  tell_of_folder(path, "slash_command");
  return {};
}

Result<> EngineImpl::register_folder(const std::string& folder) {
  const tools::Session& session = options_.session;
  const os::Path path = os::resolve_links(os::absolute_path(folder, session.cwd, session.home));
  if (!os::is_folder(path) || !os::is_within(path, session.project_dir))
    return fail(ErrorKind::kInvalidInput,
                fmt::format("{} is no folder below {}", path.string(), session.project_dir.string()));
  tell_of_folder(path, "register_repo_root");
  return {};
}

void EngineImpl::tell_of_folder(const os::Path& folder, const char* source) {
  hooks_->run_detached(
      {"DirectoryAdded", source, json::dump({{"directory", folder.string()}, {"source", source}})});
}

void EngineImpl::heed_start(const hooks::HookOutcome& outcome) {
  if (!outcome.session_title.empty()) rename(outcome.session_title);
  initial_message_ = outcome.initial_message;
  std::vector<std::string> names = outcome.watch_paths;
  for (const std::string& matcher : hooks_->runner().table().matchers("FileChanged")) {
    for (const std::string_view name : split(matcher, '|')) {
      if (name != "*") names.emplace_back(name);
    }
  }
  watch_files(names);
}

}  // namespace awl::agent
