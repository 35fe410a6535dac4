#include "agent/instruction_reminders.h"

#include <tuple>

#include "agent/reminder.h"

namespace awl::agent {

namespace {

std::string told(const std::vector<memory::Instructions>& files) {
  const std::string text = memory::describe(files);
  return text.empty() ? "" : reminder(text);
}

}  // namespace

InstructionReminders::InstructionReminders(std::optional<memory::InstructionOptions> options) {
  if (options) files_.emplace(std::move(*options));
}

std::string InstructionReminders::at_start() { return files_ ? told(files_->load()) : ""; }

std::string InstructionReminders::for_files(const std::map<os::Path, tools::SeenFile>& seen) {
  if (!files_) return "";
  std::vector<memory::Instructions> found;
  for (const auto& [path, file] : seen) {
    if (!considered_.insert(path).second) continue;
    for (memory::Instructions& instructions : files_->load_for(path))
      found.push_back(std::move(instructions));
  }
  return told(found);
}

void InstructionReminders::were_told(const std::vector<os::Path>& files) {
  if (!files_) return;
  std::ignore = files_->load();
  for (const os::Path& file : files) {
    considered_.insert(file);
    std::ignore = files_->load_for(file);
  }
}

}  // namespace awl::agent
