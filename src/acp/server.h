// The Agent Client Protocol, as editors speak it. Source: agentclientprotocol.com, protocol version 1.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "acp/acp_session.h"
#include "async/task.h"
#include "async/task_group.h"
#include "os/file.h"
#include "rpc/json_rpc.h"

namespace awl::acp {

/// What an editor wants of a session.
struct SessionWish {
  os::Path folder;
  std::vector<std::string> more_folders;
  std::string mcp_config_json;  ///< {"mcpServers": {…}}; empty: none
  std::string load;             ///< the id of one that goes on; empty: a new one
};

/// A session that was made for it. Destroying it ends what it holds.
struct OpenedSession {
  std::string id;
  agent::Engine* engine = nullptr;
  std::string mode;
  std::vector<std::string> modes;
  std::vector<session::RestoredMessage> earlier;
  std::shared_ptr<void> holder;
};

/// Errors: those of setting a session up.
using OpenSession = std::function<Result<OpenedSession>(const SessionWish& wish, protocol::Host& host)>;

class Server {
 public:
  Server(const Executor& executor, rpc::JsonRpc::Write write, std::string version, OpenSession open);
  /// Bytes of the editor.
  void feed(std::string_view bytes) { rpc_.feed(bytes); }
  /// The editor is gone: ends every session and waits for them.
  Task<> close();

 private:
  struct Entry {
    std::unique_ptr<AcpSession> session;
    OpenedSession opened;
  };

  Task<Result<json::Value>> handle(std::string method, json::Value params);
  json::Value initialize() const;
  Result<json::Value> open(const json::Value& params, bool load);
  Result<AcpSession*> find(const json::Value& params) const;

  Executor executor_;
  std::string version_;
  OpenSession open_;
  rpc::JsonRpc rpc_;
  std::vector<std::unique_ptr<Entry>> sessions_;
  async::TaskGroup tasks_;
};

}  // namespace awl::acp
