// When the model is told what stands in memory files.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "memory/instruction_files.h"
#include "tools/session.h"

namespace awl::agent {

class InstructionReminders {
 public:
  /// Without options nothing is ever told.
  explicit InstructionReminders(std::optional<memory::InstructionOptions> options);

  /// For the first message of a conversation; "" for nothing.
  std::string at_start();
  /// What comes with files that were read since the last time; "" for nothing.
  std::string for_files(const std::map<os::Path, tools::SeenFile>& seen);
  /// A conversation that goes on was told the first and, with these files, the second.
  void were_told(const std::vector<os::Path>& files);

 private:
  std::optional<memory::InstructionFiles> files_;
  std::set<os::Path> considered_;
};

}  // namespace awl::agent
