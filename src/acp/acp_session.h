#pragma once

#include <memory>
#include <optional>
#include <string>

#include "acp/updates.h"
#include "agent/engine.h"
#include "async/event.h"
#include "async/task_group.h"
#include "protocol/host.h"
#include "rpc/json_rpc.h"

namespace awl::acp {

/// One session of an editor: a client of the engine like any other face, which answers its questions by
/// asking the editor.
class AcpSession final : public protocol::Host {
 public:
  AcpSession(const Executor& executor, rpc::JsonRpc& rpc);

  /// `id` is the session's; `engine` outlives run().
  void begin(std::string id, agent::Engine& engine);
  /// Works until close().
  Task<> run();
  void close();

  void replay(const std::vector<session::RestoredMessage>& messages) { updates_.replay(messages); }
  /// One prompt to its end: {stopReason}. Errors: kInvalidInput (one is being answered), kApi (what ended
  /// it).
  Task<Result<json::Value>> prompt(std::string content_json);
  void cancel();
  /// Errors: those of Controls::set_mode.
  Result<> set_mode(const std::string& mode);

  Task<protocol::PermissionAnswer> ask_permission(protocol::PermissionQuestion question) override;

 private:
  void tell_commands();
  Task<protocol::PermissionAnswer> ask_questions(protocol::PermissionQuestion question, json::Value input);

  rpc::JsonRpc& rpc_;
  std::string id_;
  agent::Engine* engine_ = nullptr;
  Updates updates_;
  bool busy_ = false;
  bool cancelled_ = false;  // the editor answered a question of this turn with that
  bool commands_told_ = false;
  std::string prompt_uuid_;
  std::optional<protocol::TurnEnded> ended_;
  bool gone_ = false;
  async::Event turned_;
  async::TaskGroup engine_task_;
};

}  // namespace awl::acp
