// Reminds a model of its task list when it has not used it for a while.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/tool_set.h"
#include "tools/session.h"

namespace awl::agent {

class TaskReminder {
 public:
  explicit TaskReminder(const ToolSet& tools) : tools_(tools) {}

  /// A tool was called.
  void note_call(std::string_view tool_name);
  /// What showed the list is gone from the conversation: the next take() shows it.
  void show_again() { show_again_ = true; }
  /// The reminder, when it is time for one; with the list as it is.
  Task<std::optional<std::string>> take(const tools::Session& session);

 private:
  const ToolSet& tools_;
  bool show_again_ = false;
  int calls_ = 0;  // since the list was used, or the last reminder
};

}  // namespace awl::agent
