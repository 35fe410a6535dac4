#pragma once

#include "agent/instruction_reminders.h"
#include "agent/tool_set.h"
#include "anthropic/conversation.h"
#include "session/restore.h"
#include "tools/session.h"

namespace awl::agent {

/// An earlier process held the conversation until now: its messages, the tools that were loaded, and what the
/// model was told.
void restore_conversation(const session::RestoredSession& restored, const tools::Session& session,
                          anthropic::Conversation& conversation, ToolSet& tools,
                          InstructionReminders& instructions);

}  // namespace awl::agent
