#include "agent/restore_conversation.h"

#include "os/path.h"

namespace awl::agent {

void restore_conversation(const session::RestoredSession& restored, const tools::Session& session,
                          anthropic::Conversation& conversation, ToolSet& tools,
                          InstructionReminders& instructions) {
  for (const session::RestoredMessage& message : restored.messages) {
    if (message.from_user) {
      conversation.add_user(message.blocks);
    } else {
      conversation.add_assistant(message.blocks);
    }
  }
  for (const std::string& tool : restored.loaded_tools) tools.load(tool);
  if (conversation.size() == 0) return;
  std::vector<os::Path> read;
  for (const std::string& file : restored.read_files)
    read.push_back(os::resolve_links(os::absolute_path(file, session.project_dir, session.home)));
  instructions.were_told(read);
}

}  // namespace awl::agent
