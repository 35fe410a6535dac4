#include "cli/settings_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "cli/engine_setup.h"
#include "cli/hook_setup.h"
#include "cli/permission_setup.h"
#include "os/path.h"

namespace awl::cli {

namespace {

bool is_of_project(const config::HooksText& text) { return config::is_of_project(text.scope); }

// What changes when somebody writes to the file; "" when it is not there.
std::string signature_of(const os::Path& file) {
  const auto info = os::stat(file);
  return info ? fmt::format("{} {} {}", info->modified_ns, info->size_bytes, info->inode) : "";
}

class FileWatch final : public agent::SettingsWatch {
 public:
  FileWatch(const Arguments& arguments, const Environment& shell, const Setup& setup, std::string effort)
      : arguments_(arguments), shell_(shell), setup_(setup), effort_(std::move(effort)) {
    take_changes();
  }

  std::vector<agent::ChangedFile> take_changes() override {
    std::vector<agent::ChangedFile> changes;
    std::map<os::Path, std::string> now;
    for (const agent::ChangedFile& watched : list_files()) {
      std::string signature = signature_of(watched.file);
      if (signature != std::exchange(known_[watched.file], signature)) changes.push_back(watched);
      now[watched.file] = std::move(signature);
    }
    // A drop-in that was removed is in the list no more.
    for (const auto& [file, signature] : known_) {
      if (!signature.empty() && !now.contains(file)) changes.push_back({"policy_settings", file});
    }
    known_ = std::move(now);
    const auto time = std::chrono::steady_clock::now();
    if (setup_.policy_refresh.count() > 0 && time - policy_asked_ >= setup_.policy_refresh) {
      policy_asked_ = time;
      changes.push_back({"policy_settings", setup_.locations.managed_dir / "managed-settings.json"});
    }
    return changes;
  }

  Result<agent::SettingsPart> read() override {
    AWL_TRY(Setup setup, make_setup(arguments_, shell_, setup_.locations.project_dir));
    if (setup.settings.has_rejected_file)
      return fail(ErrorKind::kInvalidInput,
                  setup.problems.empty() ? "a file cannot be used" : setup.problems.front());
    std::erase_if(setup.settings.hooks, is_of_project);
    std::ranges::copy_if(setup_.settings.hooks, std::back_inserter(setup.settings.hooks), is_of_project);
    setup.trusted = setup.trusted && setup_.trusted;
    return make_settings_part(setup, effort_);
  }

 private:
  std::vector<agent::ChangedFile> list_files() const {
    const config::Locations& at = setup_.locations;
    std::vector<agent::ChangedFile> files{
        {"user_settings", at.claude_dir / "settings.json"},
        {"project_settings", at.project_dir / ".claude/settings.json"},
        {"policy_settings", at.managed_dir / "managed-settings.json"},
    };
    for (const os::Path& file : at.local_settings) files.push_back({"local_settings", file});
    const os::Path drop_ins = at.managed_dir / "managed-settings.d";
    for (const std::string& name : os::list_directory(drop_ins).value_or(std::vector<std::string>()))
      files.push_back({"policy_settings", drop_ins / name});
    return files;
  }

  const Arguments& arguments_;
  const Environment& shell_;
  const Setup& setup_;
  std::string effort_;
  std::map<os::Path, std::string> known_;
  std::chrono::steady_clock::time_point policy_asked_ = std::chrono::steady_clock::now();
};

}  // namespace

agent::SettingsPart make_settings_part(const Setup& setup, const std::string& effort) {
  agent::SettingsPart part;
  std::vector<std::string> told_already;
  part.rules = collect_settings_rules(setup.settings, told_already);
  part.folders = settings_folders(setup);
  part.hooks = make_hook_settings(setup).table;
  part.child_environment = make_child_environment(setup, effort);
  part.problems = setup.problems;
  return part;
}

std::unique_ptr<agent::SettingsWatch> make_settings_watch(const Arguments& arguments,
                                                          const Environment& shell, const Setup& setup,
                                                          std::string effort) {
  return std::make_unique<FileWatch>(arguments, shell, setup, std::move(effort));
}

}  // namespace awl::cli
