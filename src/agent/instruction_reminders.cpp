#include "agent/instruction_reminders.h"

#include <tuple>

#include "agent/reminder.h"

namespace awl::agent {

std::string InstructionReminders::tell(std::vector<memory::Instructions> files) {
  const std::string text = memory::describe(files);
  for (memory::Instructions& file : files) {
    file.text.clear();
    if (!file.memory_type.empty()) loaded_.push_back(std::move(file));
  }
  return text.empty() ? "" : reminder(text);
}

InstructionReminders::InstructionReminders(std::optional<memory::InstructionOptions> options) {
  if (options) files_.emplace(std::move(*options));
}

std::string InstructionReminders::at_start() { return files_ ? tell(files_->load()) : ""; }

std::string InstructionReminders::for_files(const std::map<os::Path, tools::SeenFile>& seen) {
  if (!files_) return "";
  std::vector<memory::Instructions> found;
  for (const auto& [path, file] : seen) {
    if (!considered_.insert(path).second) continue;
    for (memory::Instructions& instructions : files_->load_for(path))
      found.push_back(std::move(instructions));
  }
  return tell(std::move(found));
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
