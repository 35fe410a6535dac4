#include "agent/restore_conversation.h"

#include <set>

#include "os/path.h"

namespace awl::agent {

void restore_conversation(const session::RestoredSession& restored, const tools::Session& session,
                          anthropic::Conversation& conversation, ToolSet& tools,
                          InstructionReminders& instructions) {
  for (const session::RestoredMessage& message : restored.messages) {
    if (message.from_user) {
      conversation.add_user(message.blocks, message.uuid);
    } else {
      conversation.add_assistant(message.blocks);
    }
  }
  for (const std::string& tool : restored.loaded_tools) tools.load(tool);
  if (conversation.size() == 0) return;
  std::vector<os::Path> read;
  // A session reads few files often.
  const std::set<std::string> files(restored.read_files.begin(), restored.read_files.end());
  for (const std::string& file : files)
    read.push_back(os::resolve_links(os::absolute_path(file, session.project_dir, session.home)));
  instructions.were_told(read);
}

}  // namespace awl::agent
