// When the model is told what stands in memory files.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
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
  /// What was loaded since the last take, without the texts.
  std::vector<memory::Instructions> take_loaded() { return std::exchange(loaded_, {}); }
  /// A conversation that goes on was told the first and, with these files, the second.
  void were_told(const std::vector<os::Path>& files);

 private:
  std::string tell(std::vector<memory::Instructions> files);

  std::vector<memory::Instructions> loaded_;
  std::optional<memory::InstructionFiles> files_;
  std::set<os::Path> considered_;
};

}  // namespace awl::agent
