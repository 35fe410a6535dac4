// Puts a summary in the place of a conversation that has grown too long for the model's window.
// Source: product documentation, "context-window" and "costs".
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agent/context_guard.h"
#include "agent/model_routes.h"
#include "agent/session_hooks.h"
#include "agent/usage_ledger.h"
#include "anthropic/client.h"
#include "anthropic/conversation.h"
#include "protocol/event.h"
#include "session/recorder.h"

namespace awl::agent {

struct CompactionPolicy {
  bool enabled = true;       ///< DISABLE_COMPACT switches it off
  bool automatic = true;     ///< DISABLE_AUTO_COMPACT, autoCompactEnabled
  int percent = 0;           ///< CLAUDE_AUTOCOMPACT_PCT_OVERRIDE: of the window; 0: the usual threshold
  int64_t window = 0;        ///< CLAUDE_CODE_AUTO_COMPACT_WINDOW, in tokens; 0: the model's
  bool guess_window = true;  ///< for models whose window is only assumed, too
};

/// What it works with; everything outlives it.
struct CompactionContext {
  anthropic::MessagesClient& client;
  const std::vector<ModelRoute>& routes;
  anthropic::Conversation& conversation;
  UsageLedger& ledger;
  ContextGuard& guard;
  std::function<void(protocol::Event)> emit;
  session::Recorder* recorder;  ///< may be null
  /// What the model must be told again, because what told it is gone; called once the summary is there.
  std::function<std::vector<std::string>()> reminders;
  SessionHooks* hooks = nullptr;  ///< may be null
};

class Compaction {
 public:
  Compaction(CompactionContext context, const CompactionPolicy& policy)
      : context_(std::move(context)), policy_(policy) {}

  bool is_enabled() const { return policy_.enabled; }
  /// Whether the next request would leave too little room for its answer.
  bool is_due(size_t route) const;
  /// From how many tokens on; 0: never by itself.
  int64_t threshold(size_t route) const;

  /// Asks the model for a summary and replaces all but the last exchange by it. `trigger` is "auto" or
  /// "manual"; `wishes` are the person's for the summary. The conversation stays as it is on errors:
  /// kInvalidInput (too short, switched off), kPermissionDenied (a hook does not want it), those of the call.
  /// `kept`: how many messages stay behind it instead.
  Task<Result<>> run(size_t route, std::string trigger, std::string wishes,
                     std::optional<size_t> kept = std::nullopt);

  /// A summary of what came from this message on; the conversation stays as it is. Errors: those of the call.
  Task<Result<std::string>> sum_up_from(size_t message, std::string wishes);

 private:
  size_t count_kept() const;
  Task<Result<std::string>> ask_for_summary(const ModelRoute& route, anthropic::Conversation question,
                                            std::string text, const std::string& wishes);
  void replace(const std::string& trigger, int64_t tokens_before, const std::string& summary, size_t kept);

  CompactionContext context_;
  CompactionPolicy policy_;
};

}  // namespace awl::agent
